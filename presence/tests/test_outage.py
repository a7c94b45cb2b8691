"""Redis away, hung, or back and empty: chat goes on, and the lists become right again without a storm."""

import asyncio
import signal

import pytest

from presence import sync_client
from presence.store import RECOVERY

ALICE, BOB, CHARLIE, DORA = 1, 2, 3, 4


@pytest.fixture
def outage(redis_server):
    """Redis is away until `outage.start()`; it has forgotten everything then."""

    class Outage:
        def begin(self):
            redis_server.process.send_signal(signal.SIGKILL)
            redis_server.process.wait()

        def end(self):
            for file in redis_server.folder.rglob("*.aof"):
                file.unlink()
            for file in redis_server.folder.rglob("dump.rdb"):
                file.unlink()
            redis_server.start()

        def pause(self):
            redis_server.process.send_signal(signal.SIGSTOP)

        def resume(self):
            redis_server.process.send_signal(signal.SIGCONT)

    outage = Outage()
    yield outage
    outage.resume()
    if redis_server.process.poll() is not None:
        redis_server.start()


async def test_redis_emptied_is_filled_again_without_a_word(world):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    await two.arrive("lobby", ALICE, "a2")
    await two.arrive("lobby", BOB, "b")
    await world.wait(3)
    world.take_changes()
    world.forget()
    await world.wait(2)
    assert sorted((await one.online("lobby")).ids) == [ALICE, BOB]
    await world.wait(60)
    assert world.take_changes() == []
    one.depart("lobby", ALICE, "a")
    await world.wait(10)
    assert world.take_changes() == []
    two.depart("lobby", ALICE, "a2")
    await world.wait(10)
    assert world.take_changes() == [("left", ALICE)]


async def test_who_comes_or_goes_while_it_fills_is_told_once_and_late(world):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    await two.arrive("lobby", BOB, "b")
    await world.wait(1)
    world.take_changes()
    world.forget()
    await one.arrive("lobby", BOB, "b2")  # long here, which this Redis does not know yet
    await one.arrive("lobby", CHARLIE, "c")
    one.depart("lobby", ALICE, "a")
    await world.wait(int(RECOVERY) + 2)
    assert sorted(world.take_changes()) == [("joined", CHARLIE), ("left", ALICE)]
    assert sorted((await two.online("lobby")).ids) == [BOB, CHARLIE]


async def test_a_departure_just_told_is_not_told_again(world):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    one.depart("lobby", ALICE, "a")
    await world.wait(3)
    assert world.take_changes() == [("joined", ALICE), ("left", ALICE)]
    world.forget()
    await world.wait(20)
    assert world.take_changes() == []
    assert (await two.online("lobby")).ids == []


async def test_a_departure_whose_process_dies_is_told_by_another(world):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    one.depart("lobby", ALICE, "a")
    await world.settle()
    await world.crash(one)
    await world.wait(6)
    assert world.take_changes() == [("joined", ALICE), ("left", ALICE)]
    assert (await two.online("lobby")).ids == []


async def test_who_died_with_redis_is_in_no_list_that_comes_afterwards(world):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    await two.arrive("lobby", BOB, "b")
    await world.wait(1)
    world.forget()
    await world.crash(one)  # nobody is left who could say that Alice is gone
    await world.wait(int(RECOVERY) + 4)
    assert world.stale == [True, False]  # so that sockets are given the whole list
    assert (await two.online("lobby")).ids == [BOB]


async def test_redis_killed_and_back_empty(world, outage):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    await two.arrive("lobby", BOB, "b")
    await two.arrive("lobby", DORA, "d")
    await world.wait(1)
    world.take_changes()
    outage.begin()
    online = await one.arrive("lobby", CHARLIE, "c")
    assert (online.ids, online.stale) == ([ALICE, CHARLIE], True)
    two.depart("lobby", DORA, "d")
    assert [await one.admit(CHARLIE, f"c{n}", 2) for n in range(3)] == [True, True, False]
    assert await one.counts(["lobby"]) == {"lobby": 2}
    assert await one.counts(["lobby"], guess=False) == {}
    await world.wait(5)
    assert world.stale == [True, True]
    outage.end()
    await world.wait(2)
    assert sorted((await two.online("lobby")).ids) == [ALICE, BOB, CHARLIE, DORA]
    await world.wait(10)
    assert sorted(world.take_changes()) == [("joined", CHARLIE), ("left", DORA)]
    assert world.stale == [True, True, False, False]
    online = await two.online("lobby")
    assert (sorted(online.ids), online.stale) == ([ALICE, BOB, CHARLIE], False)
    assert not await two.admit(CHARLIE, "c9", 2)


async def test_redis_hung_costs_half_a_second_once_and_nobody_flickers(world, outage):
    tracker = world.process()
    await tracker.arrive("lobby", ALICE, "a")
    await world.wait(1)
    outage.pause()
    online = await tracker.arrive("lobby", BOB, "b")
    assert online.stale
    await world.settle()
    assert tracker.stale
    online = await asyncio.wait_for(tracker.arrive("lobby", CHARLIE, "c"), 0.1)
    assert sorted(online.ids) == [ALICE, BOB, CHARLIE]
    await world.wait(2)
    outage.resume()
    world.now += 40  # longer than a lifetime: what hung is swept only after everybody has beaten
    await world.wait(12)
    told = world.take_changes()
    assert ("left", ALICE) not in told
    assert told.count(("joined", CHARLIE)) == 1
    assert sorted((await tracker.online("lobby")).ids) == [ALICE, BOB, CHARLIE]


async def test_views_get_something_when_redis_is_away(world, outage):
    tracker = world.process()
    await tracker.arrive("lobby", ALICE, "a")
    outage.begin()
    ask = asyncio.to_thread
    assert await ask(sync_client.get_counts, ["lobby", "kitchen"]) == {"lobby": 0, "kitchen": 0}
    assert (await ask(sync_client.get_online, "lobby")).stale
    assert await ask(sync_client.get_status, [ALICE]) is None
    assert await ask(sync_client.get_live_bots, [ALICE]) == set()
    assert await ask(sync_client.count_people) is None
    assert await ask(sync_client.get_overload) is None


async def test_a_list_from_a_slow_moment_is_put_right_soon(world, monkeypatch):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    await world.wait(3)
    [shard] = two._shards
    answered, pipeline = asyncio.Event(), shard.pipeline._pipeline

    async def slow(calls):
        await answered.wait()
        return await pipeline(calls)

    with monkeypatch.context() as patch:
        patch.setattr(shard.pipeline, "_pipeline", slow)
        online = await two.arrive("lobby", BOB, "b")
    answered.set()
    assert (online.ids, online.stale) == ([BOB], True)
    await world.wait(int(RECOVERY) + 4)
    assert world.stale == [True, False]
    online = await two.online("lobby")
    assert (online.ids, online.stale) == ([ALICE, BOB], False)


@pytest.mark.parametrize("since_beat", [0, 2, 4, 8])  # with 2, all have only just beaten
async def test_nobody_flickers_when_the_clock_of_redis_is_put_forward(world, since_beat):
    one, two = world.process(), world.process()
    ahead = 0.0
    for tracker in (one, two):
        [shard] = tracker._shards
        shard._now = lambda: world.now
        shard._clock = lambda: world.now + ahead
    await one.arrive("lobby", ALICE, "a")
    await two.arrive("lobby", BOB, "b")
    await world.wait(20 + since_beat)
    world.take_changes()
    ahead = 60.0
    await world.wait(20)
    assert world.take_changes() == []
