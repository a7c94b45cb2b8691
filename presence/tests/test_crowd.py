"""Big rooms: changes are gathered, lists are short, and joining costs what a small room costs."""

import pytest

from presence.store import shard_of


async def fill(tracker, room, count):
    for user in range(1, count + 1):
        await tracker.arrive(room, user, f"c{user}")


async def test_two_hundred_who_come_at_once_are_told_in_few_changes(world):
    one, two = world.process(), world.process()
    for user in range(1, 201):
        await (one, two)[user % 2].arrive("lobby", user, f"c{user}")
    await world.wait(2)
    assert len(world.changes) <= 22
    assert sorted(user for change in world.changes for user in change.joined) == list(range(1, 201))
    assert world.changes[-1].online == 200


async def test_above_two_hundred_people_changes_are_told_at_most_twice_a_second(world):
    trackers = [world.process() for _ in range(3)]
    await fill(trackers[0], "lobby", 201)
    await world.wait(3)
    world.changes.clear()
    for step in range(20):  # in two seconds
        world.now += 0.1
        await trackers[0].arrive("lobby", 1000 + step, "c")
        for tracker in trackers:
            await tracker.tick()
    assert 2 <= len(world.changes) <= 4
    await world.wait(1)
    assert sorted(user for change in world.changes for user in change.joined) == list(range(1000, 1020))


async def test_who_came_and_went_within_one_gathering_was_never_there(world):
    tracker = world.process()
    await fill(tracker, "lobby", 210)
    await world.wait(3)
    world.changes.clear()
    world.redis.set(f"{world.prefix}:lobby:told", int((world.now + 60) * 1000))  # the next telling is far
    await tracker.arrive("lobby", 1000, "c")
    tracker.depart("lobby", 1000, "c")
    tracker.depart("lobby", 7, "c7")
    await world.wait(5)
    await tracker.arrive("lobby", 7, "again")
    await world.wait(70)
    assert world.take_changes() == []


async def test_lists_of_big_rooms_hold_the_first_fifty_unless_all_are_wanted(world):
    tracker = world.process()
    await fill(tracker, "lobby", 201)
    online = await tracker.online("lobby")
    assert (len(online.ids), online.count) == (50, 201)
    assert len((await tracker.online("lobby", everybody=True)).ids) == 201
    tracker.depart("lobby", 1, "c1")
    await world.wait(5)
    assert len((await tracker.online("lobby")).ids) == 200


async def test_nobody_is_told_to_type_in_a_big_room(world):
    tracker = world.process()
    await fill(tracker, "lobby", 201)
    assert not await tracker.typing("lobby", 1)


async def test_beats_are_few_round_trips_however_many_connections(world):
    tracker = world.process()
    for user in range(1, 1501):
        await tracker.arrive(f"room{user % 300}", user, "c")
    await world.wait(1)
    before = tracker.round_trips
    await world.wait(20)
    assert tracker.round_trips - before <= 40
    assert sum((await tracker.counts([f"room{n}" for n in range(300)])).values()) == 1500


async def test_rooms_and_people_are_spread_over_several_redis(world, settings):
    settings.REDIS_URLS = [settings.REDIS_URLS[0] + "?db=1", settings.REDIS_URLS[0] + "?db=2"]
    one, two = world.process(), world.process()
    rooms = [f"room{n}" for n in range(20)]
    for n, room in enumerate(rooms):
        assert await one.admit(n, f"c{n}", 20)
        await one.arrive(room, n, f"c{n}")
    await world.wait(12)
    assert await two.counts(rooms) == dict.fromkeys(rooms, 1)
    assert all(status.here for status in (await two.status(range(20))).values())
    assert two.overload.state()["people"] == 20
    await world.crash(one)
    await world.wait(35)
    assert await two.counts(rooms) == dict.fromkeys(rooms, 0)
    assert sorted(user for change in world.changes for user in change.left) == list(range(20))
    for url in settings.REDIS_URLS:
        world.forget(url)


@pytest.mark.parametrize("away", [0, 1])
async def test_where_one_of_several_redis_is_away_the_others_still_answer(world, settings, monkeypatch, away):
    settings.REDIS_URLS = [settings.REDIS_URLS[0] + "?db=1", settings.REDIS_URLS[0] + "?db=2"]
    tracker, people, rooms = world.process(), range(20), [f"room{n}" for n in range(20)]
    for n in people:
        await tracker.admit(n, f"c{n}", 20)
        await tracker.arrive(rooms[n], n, f"c{n}")
    monkeypatch.setattr(tracker._shards[away], "call", lambda *_args, done, **_options: done(None))
    assert {n: status.here for n, status in (await tracker.status(people)).items()} == dict.fromkeys(people, True)
    assert await tracker.counts(rooms) == dict.fromkeys(rooms, 1)
    answered = await tracker.counts(rooms, guess=False)
    assert 0 < len(answered) < len(rooms)
    assert await tracker.bots(people, known=people) == {n for n in people if shard_of(n, 2) == away}
    for url in settings.REDIS_URLS:
        world.forget(url)


async def test_a_refused_socket_leaves_the_others_counted(world):
    tracker = world.process()
    assert [await tracker.admit(1, f"c{n}", 3) for n in range(4)] == [True, True, True, False]
    assert tracker.connections == 3
    tracker.release(1, "c0")
    assert tracker.connections == 2
