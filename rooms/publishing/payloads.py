"""What processes send each other through the channel layer. Every payload is declared here, and is built and read
through this module alone; docs/architecture.md has the table.

On the way a payload is a dict with its `type` and, from version 2 on, its version `v`. Hosts are upgraded one by one,
so the versions before and after read each other's payloads: a reader ignores fields that it does not know, a new field
has a default, and an optional field that is not set is left out. Any program may publish as well (`RoomNotice`,
`TutorialMessage`).
"""

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType

VERSION = 2  # of what is sent; 1 had no `v`


class UnknownPayload(Exception):
    """Nothing that is declared for the group it came through."""


class Payload(Struct, frozen=True, tag_field="type", kw_only=True):
    v: int = VERSION

    def as_dict(self) -> dict[str, Any]:
        """What is handed to the channel layer. Optional fields that are not set are left out."""
        fields: dict[str, Any] = msgspec.to_builtins(self)
        return fields


class RoomEvent(Payload, tag="room.event", frozen=True):
    """An event of docs/protocol.md on its way to the sockets of a room, of a person, or of everyone."""

    text: str  # its JSON
    plain: bool  # whether plain mode shows it
    seq: int | None = None  # the number of a durable change
    bot: bool | UnsetType = UNSET  # true: a bot's message, whose state each process follows
    delta: tuple[int, int, str] | UnsetType = UNSET  # message id, code point where it goes in, text
    rendered: tuple[int, int, int] | UnsetType = UNSET  # message id, the code points that the HTML is for
    people: tuple[int, int] | UnsetType = UNSET  # how many are in the room after this change, and the change: 1 or -1


class RoomHead(Payload, tag="room.head", frozen=True):
    """The room has changes up to `seq`, and some of them may not have arrived."""

    seq: int


class RoomRemoved(Payload, tag="room.removed", frozen=True):
    """To a person: their sockets in this room close."""

    room: str


class RoomReadersChanged(Payload, tag="room.readers", frozen=True):
    """To a room: sockets of those who may not read it any more close."""

    reason: str  # why: a close reason


class RoomListChanged(Payload, tag="rooms.changed", frozen=True):
    """To a person: they belong to other rooms than before."""


class SessionEnded(Payload, tag="session.ended", frozen=True):
    """To a person: the sockets of a session, or of a token, close."""

    session: str | None  # the digest of its key; None: all of the person's


class PersonChanged(Payload, tag="person.changed", frozen=True):
    """To every process: this person is called otherwise now, or says something else of themselves."""

    user: int
    display_name: str
    picture: str | UnsetType = UNSET
    is_staff: bool | UnsetType = UNSET


class RunWaiting(Payload, tag="run.waiting", frozen=True):
    """To the bot's workers: a reply waits to be written."""


class RunStop(Payload, tag="run.stop", frozen=True):
    """To the bot's workers: this reply is to stop."""

    run: int


class BlocksWanted(Payload, tag="blocks.wanted", frozen=True):
    """To the bot's workers: a process that begins to follow these replies lacks what is rendered of them so far."""

    messages: tuple[int, ...]


class RoomNotice(Payload, tag="room.event", frozen=True):
    """From any program: an ephemeral event of docs/protocol.md as a dict with its `type`."""

    event: dict[str, Any]


class TutorialMessage(Payload, tag="chat.message", frozen=True):
    """From any program, in the words of the Channels tutorial: shown as a notice."""

    message: Any


def _by_type(*kinds: type[Payload]) -> dict[str, type[Payload]]:
    return {str(kind.__struct_config__.tag): kind for kind in kinds}


# What the readers of a group understand, by type. A RoomNotice has the type of a RoomEvent.
ROOM = _by_type(RoomEvent, RoomHead, RoomReadersChanged, TutorialMessage)
PERSON = _by_type(RoomEvent, RoomRemoved, RoomListChanged, SessionEnded)
EVERYONE = _by_type(RoomEvent, PersonChanged)
BOT_WORKERS = _by_type(RunWaiting, RunStop, BlocksWanted)

_HARMLESS_TWICE = _by_type(RoomRemoved, RoomReadersChanged, RoomListChanged, SessionEnded, PersonChanged)


def read(payload: dict[str, Any], understood: dict[str, type[Payload]]) -> Payload:
    """What came through a group whose readers understand these types. Raises UnknownPayload."""
    kind = understood.get(payload.get("type", ""))
    if kind is None:
        raise UnknownPayload(f"unknown type {payload.get('type')!r}")
    if kind is RoomEvent and "text" not in payload:
        kind = RoomNotice
    try:
        return msgspec.convert({"v": 1, **payload}, kind)
    except msgspec.ValidationError as error:
        raise UnknownPayload(f"{payload['type']}: {error}") from error


def seq_of(payload: dict[str, Any]) -> int | None:
    """The number of the durable change that it carries or makes known."""
    return payload.get("seq")


def may_repeat(payload: dict[str, Any]) -> bool:
    """Whether it does no harm when it arrives twice: through Redis, and from a process that got no answer from it."""
    return bool(seq_of(payload)) or payload["type"] in _HARMLESS_TWICE
