"""The API of a room's messages, and of who is online there."""

import uuid

from accounts.models import User
from presence import sync_client

from ..kernel.commands import command
from ..kernel.errors import ChatError
from ..kernel.protocol import event, person, profile
from ..models import Message
from ..queries import bot_status, history
from ..queries.serializers import message_event
from ..services import (
    direct_messages,
    forwarding,
    membership,
    messages,
)
from ..services.command_handlers import HANDLERS
from .framework import ApiRequest
from .statuses import get_status


def list_messages(request: ApiRequest, name: str) -> dict:
    """`{"messages": [<message>, …], "more": bool, "seq"}`, oldest first. Raises ChatError: parameters_exclusive."""
    wanted = {key: request.int_parameter(key) for key in ("before", "after", "around") if key in request.query}
    if len(wanted) > 1:
        raise ChatError("parameters_exclusive")
    room = membership.get_visible_room(request.user.id, name)
    limit = request.int_parameter("limit")
    page = history.page(room, **wanted, limit=history.PAGE if limit is None else limit)
    return {"messages": [message_event(message) for message in page.messages], "more": page.more, "seq": page.seq}


def post_message(request: ApiRequest, name: str) -> tuple[dict, int]:
    """Takes the fields of the command `send`. Returns the message, with 200 when it was posted before.

    Raises ChatError: only_messages_here, and those of a post.
    """
    send = command({"type": "send", "id": str(uuid.uuid4()), **request.body})
    if send.type != "send":
        raise ChatError("only_messages_here")
    text, reply_to = send.fields["message"], send.fields.get("reply_to")
    files = send.fields.get("files", ())
    posted = messages.post(request.user, name, text, uuid.UUID(send.id), reply_to, files=files)
    message = Message.objects.for_wire().get(pk=posted.message_id)
    return message_event(message), 201 if posted.created else 200


def forward_message(request: ApiRequest, name: str, message_id: int) -> tuple[dict, int]:
    """Takes `{"to": <room name>, "message"?, "id"?}`. Returns the new message, with 200 when it was posted before."""
    forwarding.get_forwardable(request.user, name, message_id)  # check access before the body
    fields = request.text_fields("to", "message?", "id?")
    send = command({"type": "send", "id": fields.get("id") or str(uuid.uuid4()), "message": "…"})
    words, to = fields.get("message", ""), fields["to"]
    posted = forwarding.forward(request.user, name, message_id, to, words, uuid.UUID(send.id))
    return message_event(Message.objects.for_wire().get(pk=posted.message_id)), 201 if posted.created else 200


def list_reactions(request: ApiRequest, name: str, message_id: int) -> dict:
    """`{"reactions": [{"emoji", "people": [<person>, …]}, …]}`."""
    reactions: dict[str, list[dict]] = {}
    for emoji, user in messages.reactions_of(request.user, name, message_id):
        reactions.setdefault(emoji, []).append(person(user))
    return {"reactions": [{"emoji": emoji, "people": people} for emoji, people in reactions.items()]}


def run_command(request: ApiRequest, name: str) -> dict:
    """Run any other command of the protocol that needs no socket. Takes the same object and returns the same ack."""
    wanted = command(request.body)
    if wanted.type not in HANDLERS:
        raise ChatError("command_not_here", commands=", ".join(HANDLERS))
    room = membership.get_visible_room(request.user.id, name)
    return event("ack", id=wanted.id, **HANDLERS[wanted.type](request.user, room, **wanted.fields))


def list_online(request: ApiRequest, name: str) -> dict:
    """`{"online": [<person>, …], "count", "stale": bool}`, and in direct messages `"status"`."""
    room = membership.get_visible_room(request.user.id, name)
    online = sync_client.get_online(room.name)
    ids = [*online.ids, *bot_status.alive_in(room.id)]
    people = User.objects.in_bulk(ids)
    found = {
        "online": [profile(people[id]) for id in ids if id in people],
        "count": online.count,
        "stale": online.stale,
    }
    return found | (
        {"status": get_status(direct_messages.other_member(room, request.user.id), request.user.id)}
        if room.is_direct
        else {}
    )
