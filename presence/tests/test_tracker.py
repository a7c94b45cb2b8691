"""Who is told to be here, by one process and by several."""

import asyncio

import pytest

from mysite.tests.waiting import PATIENCE

ALICE, BOB, CHARLIE = 1, 2, 3


async def test_someone_who_comes_is_told_and_listed(world):
    tracker = world.process()
    online = await tracker.arrive("lobby", ALICE, "a")
    assert (online.ids, online.count, online.stale) == ([ALICE], 1, False)
    assert world.take_changes() == [("joined", ALICE)]


async def test_a_second_tab_and_the_closing_of_one_make_no_noise(world):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    online = await two.arrive("lobby", ALICE, "b")
    one.depart("lobby", ALICE, "a")
    await world.wait(10)
    assert online.count == 1
    assert world.take_changes() == [("joined", ALICE)]
    assert (await one.online("lobby")).ids == [ALICE]


async def test_the_last_tab_closed_is_told_after_the_grace(world):
    tracker = world.process()
    await tracker.arrive("lobby", ALICE, "a")
    tracker.depart("lobby", ALICE, "a")
    await world.wait(2)
    assert world.take_changes() == [("joined", ALICE)]
    await world.wait(2)
    assert world.take_changes() == [("left", ALICE)]
    assert (await tracker.online("lobby")).ids == []


async def test_who_was_removed_is_told_at_once_with_their_last_tab_there(world):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    await two.arrive("lobby", ALICE, "b")
    one.leave("lobby", ALICE, "a", at_once=True)
    await world.wait(0)
    assert world.take_changes() == [("joined", ALICE)]
    two.leave("lobby", ALICE, "b", at_once=True)
    await world.wait(0)
    assert world.take_changes() == [("left", ALICE)]
    two.depart("lobby", ALICE, "b")
    await world.wait(10)
    assert world.take_changes() == []


async def test_a_reload_makes_no_noise(world):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    one.depart("lobby", ALICE, "a")
    await world.wait(2)
    await two.arrive("lobby", ALICE, "b")
    await world.wait(10)
    assert world.take_changes() == [("joined", ALICE)]


async def test_two_processes_that_sweep_tell_once(world):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    await two.arrive("lobby", BOB, "b")
    one.depart("lobby", ALICE, "a")
    await world.wait(60)
    assert world.take_changes() == [("joined", ALICE), ("joined", BOB), ("left", ALICE)]


async def test_a_killed_process_loses_its_people_after_their_lifetime_and_no_one_else(world):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    await one.arrive("lobby", BOB, "b1")
    await two.arrive("lobby", BOB, "b2")
    await world.wait(1)
    await world.crash(one)
    await world.wait(28)
    assert ("left", ALICE) not in world.take_changes()
    await world.wait(4)
    assert world.take_changes() == [("left", ALICE)]
    assert (await two.online("lobby")).ids == [BOB]


async def test_who_reconnects_elsewhere_after_a_kill_never_flickers(world):
    one, two = world.process(), world.process()
    await one.arrive("lobby", ALICE, "a")
    await world.crash(one)
    await world.wait(5)
    await two.arrive("lobby", ALICE, "a2")
    await world.wait(60)
    assert world.take_changes() == [("joined", ALICE)]


async def test_beats_keep_people_for_as_long_as_they_stay(world):
    tracker = world.process()
    await tracker.arrive("lobby", ALICE, "a")
    await world.wait(300)
    assert world.take_changes() == [("joined", ALICE)]
    assert (await tracker.online("lobby")).ids == [ALICE]


async def test_a_process_that_slept_too_long_brings_its_people_back_with_a_word(world):
    sleeper, other = world.process(), world.process()
    await sleeper.arrive("lobby", ALICE, "a")
    world.trackers.remove(sleeper)
    await world.wait(40)
    world.trackers.append(sleeper)
    await world.wait(11)
    assert world.take_changes() == [("joined", ALICE), ("left", ALICE), ("joined", ALICE)]
    assert (await other.online("lobby")).ids == [ALICE]


async def test_a_clean_stop_gives_ten_seconds_to_come_back(world):
    one = world.process()
    await one.arrive("lobby", ALICE, "a")
    await one.arrive("lobby", BOB, "b")
    await one.stop()
    world.trackers.remove(one)
    world.now += 6
    two = world.process()
    await two.arrive("lobby", ALICE, "a2")
    await world.wait(3)
    assert world.take_changes() == [("joined", ALICE), ("joined", BOB)]
    await world.wait(9)
    assert world.take_changes() == [("left", BOB)]


async def test_departing_twice_or_without_arriving_does_no_harm(world):
    tracker = world.process()
    await tracker.arrive("lobby", ALICE, "a")
    tracker.depart("lobby", ALICE, "a")
    tracker.depart("lobby", ALICE, "a")
    tracker.depart("lobby", BOB, "b")
    await world.wait(10)
    assert world.take_changes() == [("joined", ALICE), ("left", ALICE)]


async def test_rooms_are_counted_apart_and_unknown_ones_are_empty(world):
    tracker = world.process()
    await tracker.arrive("lobby", ALICE, "a")
    await tracker.arrive("kitchen", ALICE, "b")
    await tracker.arrive("kitchen", BOB, "c")
    assert await tracker.counts(["lobby", "kitchen", "attic"]) == {"lobby": 1, "kitchen": 2, "attic": 0}


async def test_status_here_away_and_last_seen(world):
    tracker = world.process()
    await tracker.admit(ALICE, "a", 20)
    await world.wait(1)
    status = await tracker.status([ALICE, BOB])
    assert (status[ALICE].here, status[ALICE].away) == (True, False)
    assert (status[BOB].here, status[BOB].seen) == (False, None)
    await world.wait(301)
    assert (await tracker.status([ALICE]))[ALICE].away
    tracker.note_activity(ALICE)
    await world.wait(1)
    assert not (await tracker.status([ALICE]))[ALICE].away
    left_at = world.now
    tracker.release(ALICE, "a")
    await world.wait(5)
    status = (await tracker.status([ALICE]))[ALICE]
    assert not status.here
    assert status.seen == pytest.approx(left_at, abs=2)


async def test_typing_is_told_once_in_three_seconds_a_person(world):
    one, two = world.process(), world.process()
    assert await one.typing("lobby", ALICE)
    assert not await two.typing("lobby", ALICE)
    assert await two.typing("lobby", BOB)
    assert (await one.arrive("lobby", CHARLIE, "c")).typing == [ALICE, BOB]
    await world.wait(3)
    assert await two.typing("lobby", ALICE)
    await world.wait(5)
    assert (await one.online("lobby")).typing == []


async def test_sockets_a_person_are_limited_over_all_processes_and_heal_after_a_kill(world):
    one, two = world.process(), world.process()
    assert [await one.admit(ALICE, f"a{n}", 3) for n in range(2)] == [True, True]
    assert await two.admit(ALICE, "b", 3)
    assert not await two.admit(ALICE, "c", 3)
    assert await two.admit(BOB, "d", 3)
    await world.crash(one)
    await world.wait(32)
    assert [await two.admit(ALICE, f"e{n}", 3) for n in range(3)] == [True, True, False]
    two.release(ALICE, "b")
    assert await two.admit(ALICE, "f", 3)
    assert two.connections == 4


async def test_sockets_of_a_killed_process_soon_do_not_count(world):
    one, two = world.process(), world.process()
    for number in range(2):
        assert await one.admit(ALICE, f"a{number}", 3)
        assert await one.admit(BOB, f"b{number}", 3)
    assert await two.admit(ALICE, "a", 3)
    await world.wait(1)
    await world.crash(one)
    assert not await two.admit(ALICE, "early", 3)
    await world.wait(13)
    assert [await two.admit(ALICE, f"later{number}", 3) for number in range(3)] == [True, True, False]
    assert (await two.status([BOB]))[BOB].here  # who is shown as here stays so for 30 s
    await world.wait(30)
    assert not await two.admit(ALICE, "fourth", 3)


async def test_a_departure_gives_the_admission_back(world):
    tracker = world.process()
    for n in range(5):
        assert await tracker.admit(ALICE, f"a{n}", 1)
        await tracker.arrive("lobby", ALICE, f"a{n}")
        tracker.depart("lobby", ALICE, f"a{n}")
    assert tracker.connections == 0


async def test_what_callers_do_wrong_does_not_stop_the_beat(world):
    def broken(*_args):
        raise RuntimeError("of the caller")

    tracker = world.process(on_change=broken, measures={"bot": broken})
    await tracker.arrive("lobby", ALICE, "a")
    await world.wait(60)
    assert (await tracker.online("lobby")).ids == [ALICE]


async def test_a_started_tracker_beats_by_itself_and_says_goodbye_when_it_stops(world, monkeypatch):
    monkeypatch.setattr("presence.tracker.TICK", 0.01)
    turns = asyncio.Semaphore(0)
    one, two = world.process(measures={"bot": lambda: turns.release() or 0.0}), world.process()
    await one.start()
    await one.arrive("lobby", ALICE, "a")
    for _ in range(3):
        await asyncio.wait_for(turns.acquire(), PATIENCE)
    await one.stop()
    world.trackers.remove(one)
    await world.wait(13)
    assert (await two.online("lobby")).ids == []
    assert world.take_changes() == [("joined", ALICE), ("left", ALICE)]
