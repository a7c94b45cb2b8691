"""Posts into rooms that somebody has locked: who waits, where, and for how long."""

import asyncio
import threading

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mysite.tests.waiting import PATIENCE, until
from rooms.kernel.errors import unavailable
from rooms.realtime import post_writer
from rooms.realtime.post_writer import MAX_GROUP, PostWriter
from rooms.services import membership, posting
from rooms.services.posting import Post, Posted

from .writing import codes, fresh_counts, hold, most_waiting, on_postgresql, patch_threads, post

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_locked_room_waits_by_itself_and_keeps_its_order(alice, fast, monkeypatch):
    """As on PostgreSQL; here it is played."""
    written, go_on = [], threading.Event()

    async def run_write(_function, posts, patient):
        def write():
            if patient:
                go_on.wait(60)
            locked = set() if go_on.is_set() else {1}
            written.extend((each.room_id, each.text) for each in posts if each.room_id not in locked)
            return [None if each.room_id in locked else Posted(0, 0, True) for each in posts]

        return await asyncio.to_thread(write)

    patch_threads(monkeypatch, run_write)
    monkeypatch.setattr(post_writer, "writers", lambda: 3)
    one = PostWriter()
    stalled = [one.post(Post(alice, 1, "first"))]
    async with asyncio.timeout(PATIENCE):
        await one.post(Post(alice, 2, "in the same group"))
        for n in range(3):
            stalled.append(one.post(Post(alice, 1, str(n))))
            await one.post(Post(alice, 3, str(n)))
    assert written == [(2, "in the same group"), *((3, str(n)) for n in range(3))]
    assert not any(each.done() for each in stalled)
    go_on.set()
    await asyncio.gather(*stalled)
    assert written[4:] == [(1, "first"), *((1, str(n)) for n in range(3))]
    await one.close()
    assert not one._locked and not one._patient


async def test_many_locked_rooms_leave_a_thread_to_the_others(alice, fast, monkeypatch):
    go_on, patient_ones = threading.Event(), []

    async def run_write(_function, posts, patient):
        if patient:
            patient_ones.append(posts)
            await asyncio.to_thread(go_on.wait, 60)
        locked = [each.room_id < 10 and not go_on.is_set() for each in posts]
        return [None if found else Posted(0, 0, True) for found in locked]

    patch_threads(monkeypatch, run_write)
    monkeypatch.setattr(post_writer, "writers", lambda: 3)
    one = PostWriter()
    stalled = [one.post(Post(alice, room, "x")) for room in range(10)]
    await until(lambda: len(patient_ones) == 2)
    async with asyncio.timeout(PATIENCE):
        await one.post(Post(alice, 99, "free"))
    assert len(patient_ones) == 2
    go_on.set()
    await asyncio.gather(*stalled)
    await one.close()


@on_postgresql
def test_whoever_is_not_patient_gets_the_posts_back_while_the_room_is_locked(alice, lobby):
    locked, go_on = threading.Event(), threading.Event()
    holding = threading.Thread(target=hold, args=(lobby, locked, go_on))
    holding.start()
    locked.wait(10)
    release = threading.Timer(2, go_on.set)  # whoever waited for it would have posted
    release.start()
    assert posting.post_many([post(alice, lobby, "waits")], patient=False) == [None]
    release.join()
    holding.join()


@on_postgresql
async def test_a_row_that_another_program_locks_holds_up_its_room_only(one, alice, lobby):
    other = await sync_to_async(membership.get_or_create_and_join)(alice, "Kitchen")
    locked, go_on = threading.Event(), threading.Event()
    holding = threading.Thread(target=hold, args=(lobby, locked, go_on))
    holding.start()
    await asyncio.to_thread(locked.wait, 10)
    waits = one.post(post(alice, lobby, "waits"))
    for n in range(3):
        assert isinstance(await one.post(post(alice, other, str(n))), Posted)
    assert not waits.done()
    go_on.set()
    assert isinstance(await waits, Posted)
    await asyncio.to_thread(holding.join)


async def test_who_gets_no_thread_to_wait_in_is_answered_in_time(alice, fast, monkeypatch):
    """Ten rooms are locked, and two threads may wait: the others are not left to their clients' patience."""
    go_on, waited_for = threading.Event(), []

    async def run_write(_function, posts, patient):
        if patient:
            waited_for.append(posts[0].room_id)
            await asyncio.to_thread(go_on.wait, 60)
        return [Posted(0, 0, True) if patient else None for _each in posts]

    patch_threads(monkeypatch, run_write)
    monkeypatch.setattr(post_writer, "writers", lambda: 3)
    monkeypatch.setattr(post_writer, "PATIENCE", 0.2)
    one = PostWriter()
    stalled = {room: one.post(Post(alice, room, "x")) for room in range(10)}
    assert codes([await each for each in stalled.values()]) == ["unavailable"] * 10
    assert len(waited_for) == 2
    go_on.set()
    await until(one._idle.is_set)
    assert one._unanswered == 0
    await one.close()


@pytest.mark.parametrize("locked", ["a room", "all"])
async def test_where_a_lock_is_not_had_in_time_nobody_waits_for_it_twice(locked, alice, fast, monkeypatch):
    """All: as on SQLite, whose file another program holds."""
    monkeypatch.setattr(post_writer, "SLOW", -1)
    patient_ones, go_on = [], threading.Event()

    async def run_write(_function, posts, patient):
        if not patient and locked == "a room":
            return [None] * len(posts)
        patient_ones.append(len(posts))
        await asyncio.to_thread(go_on.wait, 60)
        return [unavailable()] * len(posts)

    patch_threads(monkeypatch, run_write)
    one = PostWriter()
    first = one.post(Post(alice, 1, "first"))
    await until(lambda: patient_ones)
    behind = [one.post(Post(alice, 1, str(n))) for n in range(3)]
    await until(lambda: len(one._locked.get(1, ())) + len(one._waiting) == 3)
    go_on.set()
    assert codes(await asyncio.gather(first, *behind)) == ["unavailable"] * 4
    assert patient_ones == [1]
    await one.close()


@on_postgresql
async def test_a_room_that_stays_locked_is_refused_and_takes_one_thread(one, alice, lobby):
    other = await sync_to_async(membership.get_or_create_and_join)(alice, "Kitchen")
    locked, go_on = threading.Event(), threading.Event()
    holding = threading.Thread(target=hold, args=(lobby, locked, go_on))
    holding.start()
    await asyncio.to_thread(locked.wait, 10)
    try:
        first = one.post(post(alice, lobby, "waits"))
        await asyncio.sleep(0)
        again = [one.post(post(alice, lobby, str(n))) for n in range(20)]
        waiting = await sync_to_async(most_waiting)(lambda: first.done())
        assert isinstance(await one.post(post(alice, other, "elsewhere")), Posted)
        assert codes(await asyncio.gather(first, *again)) == ["unavailable"] * 21
        assert waiting == 1
    finally:
        go_on.set()
        await asyncio.to_thread(holding.join)
    assert isinstance(await one.post(post(alice, lobby, "again")), Posted)


@on_postgresql
def test_a_group_is_written_without_those_in_locked_rooms(alice, lobby):
    others = [membership.get_or_create_and_join(alice, title) for title in ("Kitchen", "Garden")]
    locked, go_on = threading.Event(), threading.Event()
    holding = threading.Thread(target=hold, args=(lobby, locked, go_on))
    holding.start()
    assert locked.wait(10)
    try:
        rooms = [others[0], lobby, others[1], lobby]
        with CaptureQueriesContext(connection) as queries:
            outcomes = posting.post_many([post(alice, room, "x") for room in rooms], patient=False)
        begun = [query["sql"] for query in queries if "SKIP LOCKED" in query["sql"]]
    finally:
        go_on.set()
        holding.join()
    assert [type(outcome) for outcome in outcomes] == [Posted, type(None), Posted, type(None)]
    assert len(begun) == 1  # however many rooms are locked


async def test_who_waits_for_a_locked_room_is_counted_once_like_everybody(alice, settings, monkeypatch):
    settings.RATE_MESSAGES = 5
    fresh_counts(monkeypatch)
    begun, go_on = asyncio.Event(), threading.Event()

    async def run_write(_function, posts, patient):
        if not patient:
            return [None] * len(posts)
        begun.set()
        await asyncio.to_thread(go_on.wait, 60)
        return [Posted(0, 0, True)] * len(posts)

    patch_threads(monkeypatch, run_write)
    one = PostWriter()
    waiting = [one.post(Post(alice, 1, "first"))]
    await begun.wait()
    waiting += [one.post(Post(alice, 1, str(n))) for n in range(6)]  # they go straight to those who wait
    go_on.set()
    assert codes(await asyncio.gather(*waiting)) == ["ok"] * 5 + ["rate_limited"] * 2
    await one.close()


async def test_where_one_can_write_at_a_time_one_does(alice, fast, monkeypatch):
    at_once, most = [], []

    async def run_write(_function, posts, patient):
        at_once.append(1)
        most.append(len(at_once))
        await asyncio.sleep(0.02)
        at_once.pop()
        return [Posted(0, 0, True)] * len(posts)

    patch_threads(monkeypatch, run_write)
    monkeypatch.setattr(post_writer, "writers", lambda: 1)
    one = PostWriter()
    answers = []
    for n in range(10):
        answers.append(one.post(Post(alice, n, "x")))
        await asyncio.sleep(0.005)
    await asyncio.gather(*answers)
    assert max(most) == 1
    await one.close()


async def test_of_many_that_wait_for_a_room_a_group_goes_and_the_rest_waits_on(one):
    one._locked = {1: list(range(MAX_GROUP)), 2: list(range(MAX_GROUP + 1))}
    assert one._take_locked(1) == one._take_locked(2) == list(range(MAX_GROUP))
    assert one._locked == {2: [MAX_GROUP]}
    one._locked.clear()
