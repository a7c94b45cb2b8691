"""The commands that are one call of a domain action: what each does with its fields, and what its ack says."""

from collections.abc import Callable

from accounts.models import User

from ..models import Message, Room
from . import bot_replies, messages, pinning


def _edit(user: User, room: Room, message_id: int, message: str) -> dict:
    return _changed(messages.edit(user, room.name, message_id, message))


def _delete(user: User, room: Room, message_id: int) -> dict:
    return _changed(messages.delete(user, room.name, message_id))


def _react(user: User, room: Room, message_id: int, emoji: str) -> dict:
    return _changed(messages.react(user, room.name, message_id, emoji))


def _unreact(user: User, room: Room, message_id: int, emoji: str) -> dict:
    return _changed(messages.unreact(user, room.name, message_id, emoji))


def _pin(user: User, room: Room, message_id: int) -> dict:
    return _changed(pinning.pin(user, room.name, message_id))


def _unpin(user: User, room: Room, message_id: int) -> dict:
    return _changed(pinning.unpin(user, room.name, message_id))


def _read(user: User, room: Room, seq: int) -> dict:
    return {"seq": messages.mark_read(user, room.name, seq)}


def _unread(user: User, room: Room, message_id: int) -> dict:
    return {"message_id": message_id, "seq": messages.mark_unread(user, room.name, message_id)}


def _stop(user: User, room: Room, message_id: int) -> dict:
    bot_replies.stop(user, room.name, message_id)
    return {"message_id": message_id}


def _retry(user: User, room: Room, message_id: int) -> dict:
    bot_replies.retry(user, room.name, message_id)
    return {"message_id": message_id}


def _changed(message: Message) -> dict:
    return {"message_id": message.id, "seq": message.seq}


# `send`, `typing` and `resume` need the socket; they are in realtime/room_commands.py.
HANDLERS: dict[str, Callable[..., dict]] = {
    "edit": _edit,
    "delete": _delete,
    "react": _react,
    "unreact": _unreact,
    "pin": _pin,
    "unpin": _unpin,
    "read": _read,
    "unread": _unread,
    "stop": _stop,
    "retry": _retry,
}
