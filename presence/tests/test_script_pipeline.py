"""One way to one Redis: in order, many at a time, and never waited for by those who come later."""

import asyncio

import pytest

from mysite.tests.waiting import PATIENCE
from presence import store
from presence.script_pipeline import Lane


@pytest.fixture
async def lane(world):
    lane = Lane(store.connect()[0], world.prefix)
    yield lane
    await lane.close()


ARGS = (0, "", "epoch", 0, 0)


async def test_calls_are_answered_in_order_and_many_at_a_time(lane):
    answered = []
    for number in range(300):
        lane.call("counts", (*ARGS, f"room{number}"), lambda reply, number=number: answered.append((number, reply[2])))
    await lane.caught_up()
    assert answered == [(number, [0]) for number in range(300)]
    assert lane.round_trips <= 4  # two batches, and the scripts once


async def test_caught_up_does_not_wait_for_those_who_come_later(lane):
    def again(_reply):
        lane.call("counts", ARGS, again)

    again(None)
    try:
        for _ in range(3):
            await asyncio.wait_for(lane.caught_up(), PATIENCE)
        assert lane.busy
    finally:
        lane.call = lambda *args: None
    while lane.busy:
        await lane.caught_up()


async def test_who_waits_for_an_answer_that_breaks_is_let_go(lane):
    def broken(_reply):
        raise RuntimeError("of the caller")

    lane.call("counts", ARGS, broken)
    task = lane._task
    await asyncio.wait_for(lane.caught_up(), PATIENCE)
    with pytest.raises(RuntimeError):
        await task
    answered = []
    lane.call("counts", ARGS, answered.append)
    await lane.caught_up()
    assert len(answered) == 1


async def test_a_redis_that_refuses_is_away_until_a_probe_finds_it_well(lane, world):
    answered = []
    lane.call("counts", (*ARGS, "room"), answered.append)
    await lane.caught_up()
    world.redis.set(f"{world.prefix}:room:people", "no sorted set")
    lane.call("counts", (*ARGS, "room"), answered.append)
    await lane.caught_up()
    assert answered[1] is None
    assert lane.broken
    world.redis.delete(f"{world.prefix}:room:people")
    lane.call("counts", (*ARGS, "room"), answered.append)
    assert answered[2] is None
    lane.call("counts", (*ARGS, "room"), answered.append, probe=True)
    await lane.caught_up()
    assert answered[3][2] == [0]
    assert not lane.broken
