"""Overload is told once when it begins, once when it ends, and does not flap."""

import pytest

from presence.bots import BotPresence
from presence.overload import BACK_TO_NORMAL
from presence.store import SERVER, shard_of
from presence.types import OverloadNotice


def too_many(room: str | None, most: int) -> OverloadNotice:
    text = f"Server overloaded: more than {most} people are here. Replies may be slower."
    return OverloadNotice(room, "overload", text, "people", most)


@pytest.fixture(autouse=True)
def limits(settings):
    settings.OVERLOAD_ROOM_USERS = 10
    settings.OVERLOAD_SERVER_USERS = 20


async def fill(tracker, room, count, first=1):
    for user in range(first, first + count):
        await tracker.admit(user, f"c{user}", 20)
        await tracker.arrive(room, user, f"c{user}")


async def test_a_room_above_its_limit_is_told_once_over_all_processes(world):
    one, two = world.process(), world.process()
    await fill(one, "lobby", 6)
    await fill(two, "lobby", 4, first=7)
    await world.wait(3)
    assert world.notices == []
    await fill(two, "lobby", 1, first=11)
    await world.wait(5)
    assert world.notices == [too_many("lobby", 10)]
    assert one.overload.degraded("lobby")
    assert two.overload.degraded("lobby")
    assert not one.overload.degraded("kitchen")


async def test_a_room_is_told_as_soon_as_it_is_above_its_limit(world):
    await fill(world.process(), "lobby", 11)
    await world.settle()
    assert world.notices == [too_many("lobby", 10)]


async def test_a_room_is_looked_at_no_more_once_its_crowd_has_gone(world, monkeypatch):
    tracker = world.process()
    [shard] = tracker._shards
    await fill(tracker, "lobby", 11)
    await world.wait(31)
    for user in range(1, 11):
        tracker.depart("lobby", user, f"c{user}")
    await world.wait(5)
    assert [notice.level for notice in world.notices] == ["overload", "normal"]
    looked, call = [], shard.call
    monkeypatch.setattr(shard, "call", lambda *args, **options: looked.append(args[:2]) or call(*args, **options))
    await world.wait(3)
    assert ("evaluate_overload", "lobby") not in looked and ("evaluate_overload", SERVER) in looked


async def test_one_person_is_told_in_the_singular(world, settings):
    settings.OVERLOAD_ROOM_USERS = 1
    tracker = world.process()
    await fill(tracker, "lobby", 2)
    await world.wait(1)
    assert [notice.text for notice in world.notices] == [
        "Server overloaded: more than 1 person is here. Replies may be slower."
    ]


async def test_who_joins_while_it_lasts_is_told_by_a_process_that_knew_nothing(world):
    one, two = world.process(), world.process()
    await fill(one, "lobby", 11)
    await world.wait(2)
    online = await two.arrive("lobby", 12, "c12")
    assert online.notices == [too_many("lobby", 10)]
    assert (await two.arrive("kitchen", 13, "c13")).notices == []


async def test_normal_is_told_below_ninety_per_cent_and_not_before_thirty_seconds(world):
    tracker = world.process()
    await fill(tracker, "lobby", 11)
    await world.wait(1)
    tracker.depart("lobby", 1, "c1")
    tracker.depart("lobby", 2, "c2")
    await world.wait(40)  # nine are 90 %
    assert len(world.notices) == 1
    tracker.depart("lobby", 3, "c3")
    await world.wait(5)
    assert world.notices[1:] == [OverloadNotice("lobby", "normal", BACK_TO_NORMAL)]
    await fill(tracker, "lobby", 3, first=1)
    await world.wait(20)
    assert len(world.notices) == 2
    assert not tracker.overload.degraded("lobby")
    await world.wait(10)
    assert [notice.level for notice in world.notices] == ["overload", "normal", "overload"]


async def test_an_overload_that_ends_at_once_is_ended_after_thirty_seconds(world):
    tracker = world.process()
    await fill(tracker, "lobby", 11)
    for user in range(1, 11):
        tracker.depart("lobby", user, f"c{user}")
    await world.wait(25)
    assert [notice.level for notice in world.notices] == ["overload"]
    await world.wait(10)
    assert [notice.level for notice in world.notices] == ["overload", "normal"]


async def test_whoever_is_told_that_an_overload_ends_finds_it_ended(world):
    found = []
    tracker = world.process(on_notice=lambda notice: found.append((notice.level, tracker.overload.degraded("lobby"))))
    await fill(tracker, "lobby", 11)
    await world.wait(31)
    for user in range(1, 11):
        tracker.depart("lobby", user, f"c{user}")
    await world.wait(5)
    assert found == [("overload", True), ("normal", False)]


async def test_the_server_counts_people_of_all_rooms_once(world):
    one, two = world.process(), world.process()
    for number in range(4):
        await fill(one, f"room{number}", 5, first=1 + 5 * number)
    await two.arrive("lobby", 1, "again")  # alice's second tab
    await world.wait(3)
    assert world.notices == []
    await fill(two, "kitchen", 1, first=21)
    await world.wait(4)
    assert world.notices == [too_many(None, 20)]
    assert one.overload.state()["server"] == two.overload.state()["server"] == "people"
    assert one.overload.state()["people"] == 21
    assert (await one.arrive("attic", 1, "x")).notices == [too_many(None, 20)]


async def test_two_reasons_give_one_notice_and_both_count(world):
    tracker = world.process(measures={"database": lambda: 1.0})
    await fill(tracker, "kitchen", 21)
    await world.wait(2)
    assert not tracker.overload.severe()
    await world.wait(38)
    assert tracker.overload.state()["server"] == "people"
    assert tracker.overload.severe()
    assert [notice for notice in world.notices if notice.room is None] == [too_many(None, 20)]


async def test_a_full_database_pool_is_told_after_five_seconds_by_whichever_process_feels_it(world):
    load = {"now": 1.0}
    feels, other = world.process(measures={"database": lambda: load["now"]}), world.process()
    await world.wait(4)
    assert world.notices == []
    await world.wait(4)
    text = "Server overloaded: the database is busy. Replies may be slower."
    assert world.notices == [OverloadNotice(None, "overload", text, "database")]
    assert feels.overload.severe()
    assert other.overload.severe()
    load["now"] = 0.5
    await world.wait(31)
    assert world.notices[1:] == [OverloadNotice(None, "normal", BACK_TO_NORMAL)]
    assert not other.overload.degraded()


async def test_a_load_felt_by_a_process_that_dies_ends(world):
    feels, _other = world.process(measures={"bot": lambda: 2.0}), world.process()
    await world.wait(2)
    await world.crash(feels)
    await world.wait(50)
    assert [notice.level for notice in world.notices] == ["overload", "normal"]


async def test_a_worker_with_a_full_queue_is_felt_by_the_web(world):
    tracker = world.process()
    worker = BotPresence(clock=lambda: world.now)
    await worker.announce([99], overloaded=True)
    await world.wait(2)
    assert [n.text for n in world.notices] == [
        "Server overloaded: many questions wait for the bot. Replies may be slower."
    ]
    await worker.announce([99])
    await world.wait(31)
    assert not tracker.overload.degraded()
    await worker.close([99])


async def test_overload_silences_typing_and_gathers_changes(world):
    tracker = world.process()
    await fill(tracker, "kitchen", 21)
    await world.wait(7)
    world.changes.clear()
    assert not await tracker.typing("lobby", 1)
    for user in range(50, 53):
        await tracker.arrive("lobby", user, f"d{user}")
    assert world.changes == []
    await world.wait(6)
    assert [change.joined for change in world.changes] == [[50, 51, 52]]


async def test_redis_emptied_during_an_overload_repeats_no_notice(world):
    tracker = world.process()
    await fill(tracker, "lobby", 11)
    await world.wait(2)
    world.forget()
    await world.wait(60)
    assert len(world.notices) == 1
    assert tracker.overload.degraded("lobby")


async def test_a_process_that_starts_does_not_end_an_overload(world):
    one = world.process()
    for number in range(5):
        await fill(one, f"room{number}", 6, first=1 + 6 * number)
    await world.wait(40)
    assert [notice.level for notice in world.notices] == ["overload"]
    world.process()
    await world.wait(40)
    assert [notice.level for notice in world.notices] == ["overload"]


async def test_one_emptied_redis_of_several_does_not_end_an_overload(world, settings):
    settings.REDIS_URLS = [f"{settings.REDIS_URLS[0]}?db={number}" for number in (1, 2)]
    try:
        one, two = world.process(), world.process()
        for number in range(5):
            await fill((one, two)[number % 2], f"room{number}", 6, first=1 + 6 * number)
        await world.wait(40)
        assert [notice.level for notice in world.notices] == ["overload"]
        world.forget(settings.REDIS_URLS[1 - shard_of(SERVER, 2)])
        await world.wait(40)
        assert [notice.level for notice in world.notices] == ["overload"]
    finally:
        for url in settings.REDIS_URLS:
            world.forget(url)
