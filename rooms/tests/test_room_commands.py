"""How much of one socket may be under way, and what a command leaves that fails."""

import asyncio
import uuid
from types import SimpleNamespace

import pytest

from rooms.kernel.errors import ChatError, unavailable
from rooms.realtime import handshake
from rooms.realtime.room_commands import MAX_UNANSWERED, RoomCommands
from rooms.services.posting import Posted

PLACE = SimpleNamespace(user=SimpleNamespace(id=1), room=SimpleNamespace(id=1, name="lobby"))


def said(text: str):
    return SimpleNamespace(type="send", id=str(uuid.uuid4()), fields={"message": text})


async def test_so_many_posts_wait_for_their_commit_and_the_next_waits_for_one_of_them():
    handed_over, acknowledged = [], []

    def post(_post):
        handed_over.append(asyncio.get_running_loop().create_future())
        return handed_over[-1]

    hub = SimpleNamespace(post_writer=SimpleNamespace(post=post))
    commands = RoomCommands(hub, SimpleNamespace(acknowledge=lambda id, **_fields: acknowledged.append(id)))
    sent = [said(f"n{number}") for number in range(MAX_UNANSWERED + 1)]
    for command in sent[:-1]:
        await commands.execute(command, PLACE, None)
    last = asyncio.create_task(commands.execute(sent[-1], PLACE, None))
    for _turn in range(5):
        await asyncio.sleep(0)
    assert len(handed_over) == MAX_UNANSWERED and not last.done()
    handed_over[7].set_result(Posted(1, 1, True))
    await last
    assert len(handed_over) == MAX_UNANSWERED + 1 and acknowledged == [sent[7].id]


async def test_a_resume_that_fails_goes_on_with_what_has_come_meanwhile(monkeypatch):
    """Events wait from `join` until `release`: without it the page would hear nothing more of the room."""

    async def away(*_args, **_options):
        raise unavailable()

    did: list[tuple] = []
    place = SimpleNamespace(closed=False, seq=7)
    channel = SimpleNamespace(
        join=lambda one: did.append(("join", one)), release=lambda one, seq: did.append(("release", one, seq))
    )
    monkeypatch.setattr(handshake, "read_initial_state", away)
    resume = SimpleNamespace(type="resume", id="1", fields={"since": 3})
    with pytest.raises(ChatError):
        await RoomCommands(SimpleNamespace(), SimpleNamespace()).execute(resume, place, channel)
    assert did == [("join", place), ("release", place, 7)]
