"""What one process holds in one Redis: how often it is renewed, and what is given back."""

import asyncio

import pytest

from mysite.tests.waiting import until
from presence.bots import BotPresence
from presence.store import RECOVERY

ALICE = 1


@pytest.fixture
def calls(monkeypatch):
    """calls(shard): the names of the scripts that it runs from now on."""

    def record(shard) -> list[str]:
        names, call = [], shard.call

        def recorded(script, *args, **options):
            names.append(script)
            call(script, *args, **options)

        monkeypatch.setattr(shard, "call", recorded)
        return names

    return record


async def test_a_beat_is_sent_every_ten_seconds(world, calls):
    tracker = world.process()
    [shard] = tracker._shards
    await tracker.arrive("lobby", ALICE, "a")
    await world.wait(1)
    scripts = calls(shard)
    await world.wait(9)
    assert "beat" not in scripts
    assert not shard.needs_tick
    await world.wait(21)
    assert scripts.count("beat") == 3


async def test_lists_are_stale_until_every_process_has_beaten_and_a_second_more(world):
    tracker = world.process()
    [shard] = tracker._shards
    shard.mark_stale()
    world.now += RECOVERY + 0.9
    assert shard.stale
    world.now += 0.2
    assert not shard.stale


@pytest.mark.parametrize("waiting_for", ["admit", "arrive"])
async def test_a_caller_that_is_cancelled_leaves_no_connection_behind(world, monkeypatch, waiting_for):
    tracker, other = world.process(), world.process()
    [shard] = tracker._shards
    sent, answer, pipeline = asyncio.Event(), asyncio.Event(), shard.pipeline._pipeline

    async def slow(calls):
        sent.set()
        await answer.wait()
        return await pipeline(calls)

    monkeypatch.setattr("presence.tracker_queries.QUERY_TIMEOUT", 60)
    monkeypatch.setattr(shard.pipeline, "_pipeline", slow)
    call = tracker.admit(ALICE, "a", 20) if waiting_for == "admit" else tracker.arrive("lobby", ALICE, "a")
    task = asyncio.create_task(call)
    await sent.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
    assert shard.rooms == {}
    answer.set()
    await world.wait(5)
    assert (await other.online("lobby")).ids == []
    assert not (await other.status([ALICE]))[ALICE].here


@pytest.mark.parametrize("program", ["web process", "worker"])
async def test_a_program_that_ends_closes_its_connections(world, program):
    def connections() -> int:
        return len([each for each in world.redis.client_list() if each["id"] not in others])

    others = {each["id"] for each in world.redis.client_list()}
    if program == "worker":
        bots = BotPresence(clock=lambda: world.now)
        await bots.announce([99])
        assert connections() == 1
        await bots.close([99])
    else:
        tracker = world.process()
        await tracker.arrive("lobby", ALICE, "a")
        assert connections() == 1
        await tracker.stop()
        world.trackers.remove(tracker)
    await until(lambda: connections() == 0)


async def test_lists_are_stale_after_a_call_that_redis_did_not_answer(world, monkeypatch):
    """A change may have been missed, although the connection is there again at once."""
    tracker = world.process()
    [shard] = tracker._shards
    await tracker.arrive("lobby", ALICE, "a")
    await world.wait(int(RECOVERY) + 2)
    assert not shard.stale
    replies = []
    monkeypatch.setattr(shard.pipeline, "call", lambda _script, _args, done, _probe: done(None))
    shard.call("beat", done=replies.append)
    assert replies == [None]
    assert not shard.pipeline.is_down
    assert shard.stale
