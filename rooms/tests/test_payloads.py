"""What processes send each other: read from the version before, and readable by it."""

import re
from pathlib import Path

import msgpack
import pytest

from rooms.publishing import payloads
from rooms.publishing.payloads import (
    BOT_WORKERS,
    EVERYONE,
    PERSON,
    ROOM,
    BlocksWanted,
    PersonChanged,
    RoomEvent,
    RoomHead,
    RoomListChanged,
    RoomNotice,
    RoomReadersChanged,
    RoomRemoved,
    RunStop,
    RunWaiting,
    SessionEnded,
    TutorialMessage,
    UnknownPayload,
)

DOCS = Path(__file__).resolve().parents[2] / "docs" / "architecture.md"

# Recorded from earlier versions, as their readers indexed them. (payload, who reads it, what it says)
RECORDED = [
    ({"type": "room.event", "text": "{}", "seq": 7, "plain": True}, ROOM, RoomEvent(text="{}", plain=True, seq=7, v=1)),
    (
        {"type": "room.event", "text": "{}", "seq": 8, "plain": False, "bot": True},
        ROOM,
        RoomEvent(text="{}", plain=False, seq=8, bot=True, v=1),
    ),
    (
        {"type": "room.event", "text": "{}", "seq": None, "plain": False, "delta": [5, 12, "né"]},
        ROOM,
        RoomEvent(text="{}", plain=False, delta=(5, 12, "né"), v=1),
    ),
    (
        {"type": "room.event", "text": "{}", "seq": None, "plain": False, "rendered": [5, 0, 12]},
        ROOM,
        RoomEvent(text="{}", plain=False, rendered=(5, 0, 12), v=1),
    ),
    (
        {"type": "room.event", "text": "{}", "seq": None, "plain": False, "people": [3, -1]},
        ROOM,
        RoomEvent(text="{}", plain=False, people=(3, -1), v=1),
    ),
    ({"type": "room.event", "text": "{}", "seq": None, "plain": True}, EVERYONE, RoomEvent(text="{}", plain=True, v=1)),
    ({"type": "room.head", "seq": 9}, ROOM, RoomHead(seq=9, v=1)),
    ({"type": "room.removed", "room": "lobby"}, PERSON, RoomRemoved(room="lobby", v=1)),
    ({"type": "rooms.changed"}, PERSON, RoomListChanged(v=1)),
    ({"type": "session.ended", "session": "ab12"}, PERSON, SessionEnded(session="ab12", v=1)),
    ({"type": "session.ended", "session": None}, PERSON, SessionEnded(session=None, v=1)),
    ({"type": "run.waiting"}, BOT_WORKERS, RunWaiting(v=1)),
    ({"type": "run.stop", "run": 4}, BOT_WORKERS, RunStop(run=4, v=1)),
    ({"type": "blocks.wanted", "messages": [5, 6]}, BOT_WORKERS, BlocksWanted(messages=(5, 6), v=1)),
    ({"type": "room.event", "event": {"type": "system"}}, ROOM, RoomNotice(event={"type": "system"}, v=1)),
    ({"type": "chat.message", "message": 1}, ROOM, TutorialMessage(message=1, v=1)),
    # These are recorded from version 2, which added them.
    ({"type": "room.readers", "reason": "room_private", "v": 2}, ROOM, RoomReadersChanged(reason="room_private", v=2)),
    (
        {"type": "person.changed", "user": 3, "display_name": "Al", "v": 2},
        EVERYONE,
        PersonChanged(user=3, display_name="Al", v=2),
    ),
    (
        {"type": "person.changed", "user": 3, "display_name": "", "picture": "/avatars/3/ab.webp", "v": 2},
        EVERYONE,
        PersonChanged(user=3, display_name="", picture="/avatars/3/ab.webp", v=2),
    ),
    (
        {"type": "person.changed", "user": 3, "display_name": "", "picture": "", "is_staff": False, "v": 2},
        EVERYONE,
        PersonChanged(user=3, display_name="", picture="", is_staff=False, v=2),
    ),
]


@pytest.mark.parametrize(("recorded", "understood", "said"), RECORDED)
class TestVersionBefore:
    def test_is_read(self, recorded, understood, said):
        assert payloads.read(recorded, understood) == said

    def test_finds_its_fields_in_what_is_sent_now(self, recorded, understood, said):
        sent = msgpack.unpackb(msgpack.packb(said.as_dict()))
        assert {**sent, "v": 1} == {**recorded, "v": 1}

    def test_reads_what_a_later_version_adds(self, recorded, understood, said):
        later = {**recorded, "v": 99, "added": {"later": True}}
        assert payloads.read(later, understood).as_dict() == {**said.as_dict(), "v": 99}


@pytest.mark.parametrize(
    "payload",
    [{}, {"type": None}, {"type": "made.up"}, {"type": "room.head"}, {"type": "room.event"}, {"type": "rooms.changed"},
     {"type": "room.head", "seq": "9"}, {"type": "room.event", "text": "{}", "plain": True, "delta": [1, 2]}],
)  # fmt: skip
def test_what_does_not_belong_to_a_room_is_refused(payload):
    with pytest.raises(UnknownPayload):
        payloads.read(payload, ROOM)


def test_the_table_names_every_payload_and_its_fields():
    rows = re.findall(r"^\| `([a-z]+\.[a-z]+)` \|[^|]*\|([^|]*)\|", DOCS.read_text(), re.MULTILINE)
    documented = sorted((tag, tuple(re.findall(r"`(\w+)`\??:", fields))) for tag, fields in rows)
    kinds = [kind for kind in vars(payloads).values() if isinstance(kind, type) and issubclass(kind, payloads.Payload)]
    declared = [(kind.__struct_config__.tag, _fields(kind)) for kind in kinds if kind is not payloads.Payload]
    assert documented == sorted(declared)


def _fields(kind: type[payloads.Payload]) -> tuple[str, ...]:
    return tuple(name for name in kind.__struct_fields__ if name != "v")
