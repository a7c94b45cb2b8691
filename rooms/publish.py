"""What leaves the database for people's screens. The only sender to room groups.

Durable events go out after the commit that made them, never before and never without it. Nothing here waits
for Redis: everything is handed to this process's publisher.
"""

from functools import partial

from django.db import transaction

from . import publisher
from .models import Message, Reaction
from .names import EVERYONE, group_name, user_group
from .protocol import encode, event
from .wire import message_event


def message(changed: Message, reactions: list[Reaction] | None = None) -> None:
    """Tell the room the current state of a message, once it is committed."""
    payload = room_payload(message_event(changed, reactions), changed.seq)
    transaction.on_commit(partial(publisher.submit, group_name(changed.room.name), payload))


def to_room(room_name: str, type: str, **fields) -> None:
    """An ephemeral event to everyone in a room, now."""
    publisher.submit(group_name(room_name), room_payload(event(type, **fields)))


def to_user(user_id: int, type: str, **fields) -> None:
    """An ephemeral event to every socket of one person, now."""
    publisher.submit(user_group(user_id), room_payload(event(type, **fields)))


def to_everyone(type: str, **fields) -> None:
    publisher.submit(EVERYONE, room_payload(event(type, **fields)))


def removed(room_name: str, user_id: int) -> None:
    """After commit: this person's sockets in the room close, wherever they are."""
    payload = {"type": "room.removed", "room": room_name}
    transaction.on_commit(partial(publisher.submit, user_group(user_id), payload))


def signed_out(user_id: int, session_digest: str | None = None) -> None:
    """After commit: close the sockets of one session, or all of this person's."""
    payload = {"type": "session.ended", "session": session_digest}
    transaction.on_commit(partial(publisher.submit, user_group(user_id), payload))


def room_payload(wire_event: dict, seq: int | None = None) -> dict:
    """An event on its way through the channel layer: encoded once here, not once a process or a socket."""
    return {"type": "room.event", "text": encode(wire_event), "seq": seq}
