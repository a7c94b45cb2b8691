"""The HTTP API, as docs/protocol.md has it: each handler loads through the person's rights and calls one action."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial

from accounts.models import User
from presence import sync_client

from ..kernel.errors import ChatError
from ..kernel.protocol import command, event, person, timestamp
from ..models import Block, Membership, Message, Room, RoomKind
from ..queries import bot_status, history
from ..queries.serializers import message_event
from ..services import (
    archiving,
    contact_permissions,
    direct_messages,
    membership,
    messages,
    moderation,
    personal_invitations,
)
from ..services.command_handlers import HANDLERS
from .framework import Call


def list_rooms(call: Call) -> dict:
    rooms = list(history.rooms_of(call.user.id))
    others = _others(rooms, call.user.id)
    online = sync_client.get_counts([room.name for room in rooms])
    statuses = _statuses(others.values(), call.user.id)
    return {
        "rooms": [_room(room, others.get(room.id), online[room.name], statuses) for room in rooms],
        # For pages that missed the events.
        "blocked": sorted(Block.objects.ids(call.user.id)),
        "invitations": [
            personal_invitations.serialize_invitation(each) for each in personal_invitations.pending_for(call.user.id)
        ],
    }


def create_room(call: Call) -> tuple[dict, int]:
    fields = call.texts("title", "kind?")
    room = membership.create_room(call.user, fields["title"], fields.get("kind", RoomKind.PUBLIC))
    return _one_room(call.user, room), 201


def open_direct(call: Call) -> dict:
    return _one_room(
        call.user, direct_messages.get_or_create_direct_message(call.user, call.texts("username")["username"])
    )


def show_room(call: Call, name: str) -> dict:
    return _one_room(call.user, membership.get_visible_room(call.user.id, name))


def describe_room(call: Call, name: str) -> dict:
    fields = call.texts("topic?", "description?")
    return _one_room(call.user, messages.set_topic_and_description(call.user, name, **fields))


def remove(call: Call, name: str) -> dict:
    return _moved(call, name, "removed", moderation.remove)


def ban(call: Call, name: str) -> dict:
    return _moved(call, name, "banned", partial(moderation.remove, ban=True))


def appoint(call: Call, name: str) -> dict:
    membership.get_visible_room(call.user.id, name)
    fields = call.texts("username", "role")
    member = membership.get_user_by_name(fields["username"], also_gone=True)
    moderation.appoint(call.user, name, member.id, fields["role"])
    return {"appointed": person(member), "role": fields["role"]}


def close(call: Call, name: str) -> dict:
    return _closed_or_not(call, name, archiving.archive)


def reopen(call: Call, name: str) -> dict:
    return _closed_or_not(call, name, archiving.unarchive)


def leave(call: Call, name: str) -> dict:
    call.texts()
    membership.leave(call.user, name)
    return {"left": name}


def list_messages(call: Call, name: str) -> dict:
    wanted = {key: call.number(key) for key in ("before", "after", "around") if key in call.query}
    if len(wanted) > 1:
        raise ChatError("parameters_exclusive")
    room = membership.get_visible_room(call.user.id, name)
    limit = call.number("limit")
    page = history.page(room, **wanted, limit=history.PAGE if limit is None else limit)
    return {"messages": [message_event(message) for message in page.messages], "more": page.more, "seq": page.seq}


def post_message(call: Call, name: str) -> tuple[dict, int]:
    send = command({"type": "send", "id": str(uuid.uuid4()), **call.body})
    if send.type != "send":
        raise ChatError("only_messages_here")
    text, reply_to = send.fields["message"], send.fields.get("reply_to")
    posted = messages.post(call.user, name, text, uuid.UUID(send.id), reply_to)
    message = Message.objects.for_wire().get(pk=posted.message_id)
    return message_event(message), 201 if posted.created else 200


def list_reactions(call: Call, name: str, message_id: int) -> dict:
    reactions: dict[str, list[dict]] = {}
    for emoji, user in messages.reactions_of(call.user, name, message_id):
        reactions.setdefault(emoji, []).append(person(user))
    return {"reactions": [{"emoji": emoji, "people": people} for emoji, people in reactions.items()]}


def run_command(call: Call, name: str) -> dict:
    """Any other command of the protocol that needs no socket: the same object, and the ack it would get there."""
    wanted = command(call.body)
    if wanted.type not in HANDLERS:
        raise ChatError("command_not_here", commands=", ".join(HANDLERS))
    room = membership.get_visible_room(call.user.id, name)
    return event("ack", id=wanted.id, **HANDLERS[wanted.type](call.user, room, **wanted.fields))


def list_online(call: Call, name: str) -> dict:
    room = membership.get_visible_room(call.user.id, name)
    online = sync_client.get_online(room.name)
    ids = [*online.ids, *bot_status.alive_in(room.id)]
    people = User.objects.in_bulk(ids)
    found = {
        "online": [person(people[id]) for id in ids if id in people],
        "count": online.count,
        "stale": online.stale,
    }
    return found | (
        {"status": _status(direct_messages.other_member(room, call.user.id), call.user.id)} if room.is_direct else {}
    )


def _statuses(others: Iterable[User], user_id: int) -> dict:
    """Whether these people are anywhere on this server, by id; those who do not show it to this person are left out."""
    people = {other.id for other in others if not other.is_bot}
    return sync_client.get_status(contact_permissions.who_shows_presence(user_id, people)) or {} if people else {}


def _status(other: User, user_id: int) -> dict | None:
    """Whether the other person of a talk is anywhere on this server; None when this person cannot know."""
    status = _statuses([other], user_id).get(other.id)
    if status is None:
        return None
    seen = status.seen and timestamp(datetime.fromtimestamp(status.seen, UTC))
    return {"state": ("away" if status.away else "here") if status.here else "gone", "seen": seen or None}


def _moved(call: Call, name: str, answer: str, act) -> dict:
    membership.get_visible_room(call.user.id, name)  # before any word about people
    member = membership.get_user_by_name(call.texts("username")["username"], also_gone=True)
    act(call.user, name, member.id)
    return {answer: person(member)}


def _closed_or_not(call: Call, name: str, act) -> dict:
    call.texts()
    return _one_room(call.user, act(call.user, name))


def _one_room(user: User, room: Room) -> dict:
    found = history.rooms_of(user.id).filter(pk=room.pk).first() or room
    other = _others([room], user.id).get(room.id)
    statuses = _statuses([other] if other else [], user.id)
    return _room(found, other, sync_client.get_counts([room.name])[room.name], statuses)


def _room(room: Room, other: User | None, online: int, statuses: dict) -> dict:
    """A room as the API shows it; one that the person only looks at has nothing unread."""
    status = other and statuses.get(other.id)
    return {
        "name": room.name,
        "title": other.username if other else room.title,
        "kind": room.kind,
        "topic": room.topic,
        "description": room.description,
        "closed": room.closed,
        "with": person(other) if other else None,
        "seq": room.seq,
        "read": getattr(room, "read_seq", room.seq),
        "unread": getattr(room, "unread", 0),
        "mention": getattr(room, "mentioned", False),
        "muted": getattr(room, "muted", False),
        "online": online,
        "here": status.here if status else None,
    }


def _others(rooms: list[Room], user_id: int) -> dict[int, User]:
    """Room id → the other person, for talks. One query."""
    ids = [room.id for room in rooms if room.is_direct]
    places = Membership.objects.filter(room_id__in=ids).exclude(user_id=user_id).select_related("user")
    return {place.room_id: place.user for place in places} if ids else {}
