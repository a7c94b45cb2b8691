"""What views ask: the same answers as the sockets get."""

import asyncio
from collections import defaultdict

import pytest

from presence import sync_client
from presence.bots import BotPresence

ALICE, BOB, BOT = 1, 2, 9


@pytest.fixture(autouse=True)
def no_break(monkeypatch):
    monkeypatch.setattr(sync_client, "_breakers", defaultdict(sync_client._breakers.default_factory))


@pytest.fixture
async def here(world):
    """Alice in two rooms and Bob in one, by the real clock, which the views go by."""
    world.trackers.clear()
    tracker = world.process()
    for shard in tracker._shards:
        shard._clock = None
    await tracker.admit(ALICE, "a", 20)
    await tracker.arrive("lobby", ALICE, "a")
    await tracker.arrive("kitchen", ALICE, "a")
    await tracker.arrive("lobby", BOB, "b")
    await tracker.tick()
    return tracker


async def test_counts_and_lists(here):
    assert await asyncio.to_thread(sync_client.get_counts, ["lobby", "kitchen", "attic"]) == {
        "lobby": 2,
        "kitchen": 1,
        "attic": 0,
    }
    online = await asyncio.to_thread(sync_client.get_online, "lobby")
    assert (online.ids, online.count, online.stale) == ([ALICE, BOB], 2, False)


async def test_status_people_and_overload(here):
    status = await asyncio.to_thread(sync_client.get_status, [ALICE, BOB])
    assert (status[ALICE].here, status[ALICE].away, status[BOB].here) == (True, False, False)
    assert await asyncio.to_thread(sync_client.count_people) == 1
    assert await asyncio.to_thread(sync_client.get_overload) == ""


async def test_bots_are_here_while_a_worker_announces_them(here):
    worker = BotPresence()
    await worker.announce([BOT])
    assert await asyncio.to_thread(sync_client.get_live_bots, [BOT, BOB]) == {BOT}
    assert await here.bots([BOT, BOB]) == {BOT}
    await worker.close([BOT])


async def test_bots_vanish_with_their_worker(world):
    tracker = world.process()
    killed, stopped = BotPresence(clock=lambda: world.now), BotPresence(clock=lambda: world.now)
    await killed.announce([BOT])
    await stopped.announce([BOB])
    await stopped.close([BOB])
    await world.wait(11)
    assert await tracker.bots([BOT, BOB]) == {BOT}
    await world.wait(20)
    assert await tracker.bots([BOT, BOB]) == set()
    await killed.close([])


async def test_the_scripts_are_loaded_again_when_redis_forgot_them(here, world):
    await asyncio.to_thread(world.redis.script_flush)
    assert await asyncio.to_thread(sync_client.get_counts, ["lobby"]) == {"lobby": 2}
    await asyncio.to_thread(world.redis.script_flush)
    assert (await here.online("lobby")).count == 2


async def test_when_somebody_was_seen_is_forgotten_once_they_are_gone(world):
    tracker = world.process()
    await tracker.admit(ALICE, "a", 20)
    await tracker.arrive("lobby", ALICE, "a")
    assert not await asyncio.to_thread(sync_client.forget_last_seen, ALICE)
    tracker.depart("lobby", ALICE, "a")
    await world.wait(60)
    assert (await tracker.status([ALICE]))[ALICE].seen
    assert await asyncio.to_thread(sync_client.forget_last_seen, ALICE)
    assert (await tracker.status([ALICE]))[ALICE].seen is None


async def test_when_somebody_was_seen_is_known_for_ninety_days(world):
    tracker = world.process()
    await tracker.admit(ALICE, "a", 20)
    await tracker.arrive("lobby", ALICE, "a")
    tracker.depart("lobby", ALICE, "a")
    await world.wait(60)
    seen = (await tracker.status([ALICE]))[ALICE].seen
    world.now += 89 * 86400
    await world.wait(2)
    assert seen and (await tracker.status([ALICE]))[ALICE].seen == seen
    world.now += 86400
    await world.wait(2)
    assert (await tracker.status([ALICE]))[ALICE].seen is None
