"""One way to one Redis: in order, many at a time, and never waited for by those who come later."""

import asyncio

import pytest

from mysite.tests.waiting import PATIENCE
from presence import store
from presence.script_pipeline import ScriptPipeline


@pytest.fixture
async def pipeline(world):
    pipeline = ScriptPipeline(store.make_async_clients()[0], world.prefix)
    yield pipeline
    await pipeline.close()


ARGS = (0, "", "epoch", 0, 0)


async def test_calls_are_answered_in_order_and_many_at_a_time(pipeline):
    answered = []
    for number in range(300):
        pipeline.call(
            "counts", (*ARGS, f"room{number}"), lambda reply, number=number: answered.append((number, reply[2]))
        )
    await pipeline.flush()
    assert answered == [(number, [0]) for number in range(300)]
    before = pipeline.round_trips
    assert 1 <= before <= 4  # two batches, and the scripts once
    pipeline.call("counts", (*ARGS, "room0"), lambda _reply: None)
    await pipeline.flush()
    assert pipeline.round_trips == before + 1


async def test_flush_does_not_wait_for_those_who_come_later(pipeline):
    def again(_reply):
        pipeline.call("counts", ARGS, again)

    again(None)
    try:
        for _ in range(3):
            await asyncio.wait_for(pipeline.flush(), PATIENCE)
        assert pipeline.is_busy
    finally:
        pipeline.call = lambda *args: None
    while pipeline.is_busy:
        await pipeline.flush()


async def test_who_waits_for_an_answer_that_breaks_is_let_go(pipeline):
    def broken(_reply):
        raise RuntimeError("of the caller")

    pipeline.call("counts", ARGS, broken)
    task = pipeline._task
    await asyncio.wait_for(pipeline.flush(), PATIENCE)
    with pytest.raises(RuntimeError):
        await task
    answered = []
    pipeline.call("counts", ARGS, answered.append)
    await pipeline.flush()
    assert len(answered) == 1


async def test_a_redis_that_refuses_is_away_until_a_probe_finds_it_well(pipeline, world):
    answered = []
    pipeline.call("counts", (*ARGS, "room"), answered.append)
    await pipeline.flush()
    world.redis.set(f"{world.prefix}:room:people", "no sorted set")
    pipeline.call("counts", (*ARGS, "room"), answered.append)
    await pipeline.flush()
    assert answered[1] is None
    assert pipeline.is_down
    world.redis.delete(f"{world.prefix}:room:people")
    pipeline.call("counts", (*ARGS, "room"), answered.append)
    assert answered[2] is None
    pipeline.call("counts", (*ARGS, "room"), answered.append, probe=True)
    await pipeline.flush()
    assert answered[3][2] == [0]
    assert not pipeline.is_down
