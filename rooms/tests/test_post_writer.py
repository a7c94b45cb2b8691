"""Posts that wait together are written together; each gets its own answer."""

import asyncio
import threading
import time
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from redis import Redis

from mysite.tests.waiting import PATIENCE, until
from rooms.kernel import rate_limits
from rooms.kernel.errors import ChatError, unavailable
from rooms.kernel.signals import message_posted
from rooms.models import Message, Room
from rooms.realtime import post_writer
from rooms.realtime.post_writer import PostWriter
from rooms.services import membership, posting
from rooms.services.posting import Post, Posted

pytestmark = pytest.mark.django_db(transaction=True)
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="rows are locked one by one on PostgreSQL only"
)


@pytest.fixture
async def one(fast):
    made = PostWriter()
    yield made
    await made.close()


@pytest.fixture
def groups(monkeypatch):
    """The sizes of the groups that were written."""
    sizes = []

    def post_many(posts, patient):
        sizes.append(len(posts))
        return posting.post_many(posts, patient)

    monkeypatch.setattr(post_writer, "post_many", post_many)
    return sizes


def patch_threads(monkeypatch, run_write) -> None:
    """run_write(function, posts, patient) instead of a thread, whether or not the room's lock is waited for."""
    monkeypatch.setattr(post_writer, "run_write", run_write)
    monkeypatch.setattr(post_writer, "run_room_write", lambda _room, *call: run_write(*call))


def fresh_counts(monkeypatch) -> None:
    """Nobody has posted yet."""
    monkeypatch.setattr(rate_limits, "_local", rate_limits.SlidingLog())
    with Redis.from_url(django_settings.REDIS_URLS[0]) as redis:
        redis.flushdb()


def post(user, room, text, **fields) -> Post:
    return Post(user, room.id, text, fields.pop("client_id", uuid.uuid4()), **fields)


async def answers(one: PostWriter, posts) -> list:
    return await asyncio.gather(*(one.post(each) for each in posts))


def codes(outcomes) -> list[str]:
    return [getattr(outcome, "code", "ok") for outcome in outcomes]


async def texts() -> list[str]:
    return await sync_to_async(lambda: list(Message.objects.order_by("seq").values_list("text", flat=True)))()


async def test_what_waits_together_is_one_transaction_in_order(one, alice, bob, lobby, groups):
    posts = [post((alice, bob)[n % 2], lobby, str(n)) for n in range(50)]
    outcomes = await answers(one, posts)
    assert [outcome.seq for outcome in outcomes] == list(range(1, 51))
    assert groups == [50]
    assert await texts() == [str(n) for n in range(50)]


async def test_what_comes_while_a_group_is_written_is_the_next_group(one, alice, lobby, groups, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    write = post_writer.post_many

    def slow(posts, patient):
        begun.set()
        go_on.wait(60)
        return write(posts, patient)

    monkeypatch.setattr(post_writer, "post_many", slow)
    first = one.post(post(alice, lobby, "first"))
    await asyncio.to_thread(begun.wait, 10)
    others = [one.post(post(alice, lobby, str(n))) for n in range(10)]
    go_on.set()
    await asyncio.gather(first, *others)
    assert groups == [1, 10]


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


def hold(room, locked: threading.Event, go_on: threading.Event) -> None:
    """In a thread: another program that has locked a room."""
    with transaction.atomic():
        Room.objects.select_for_update().get(pk=room.pk)
        locked.set()
        go_on.wait(60)
    connection.close()


# Tests that run beside this one have databases of their own on the same server.
_WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND pid <> pg_backend_pid() AND datname = current_database()
"""


def most_waiting(ended) -> int:
    """The most sessions of this database that wait for a lock at the same time, until it ends."""
    most = 0
    with connection.cursor() as cursor:
        while not ended():
            cursor.execute(_WAITING)
            most = max(most, cursor.fetchone()[0])
            time.sleep(0.02)
    return most


async def test_what_could_not_be_written_does_not_count_towards_the_rate(alice, lobby, settings, monkeypatch):
    settings.RATE_MESSAGES = 3
    fresh_counts(monkeypatch)
    one = PostWriter()
    with monkeypatch.context() as away:
        away.setattr(posting, "_write", lambda *_, **__: (_ for _ in ()).throw(OperationalError("gone")))
        for _again in range(4):
            assert codes(await answers(one, [post(alice, lobby, "x") for _ in range(2)])) == ["unavailable"] * 2
            await asyncio.gather(*one._refunds)
    assert codes(await answers(one, [post(alice, lobby, str(n)) for n in range(4)])) == ["ok"] * 3 + ["rate_limited"]
    await one.close()


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


async def test_a_group_has_a_limit(one, alice, lobby, groups):
    await answers(one, [post(alice, lobby, str(n)) for n in range(post_writer.MAX_GROUP + 5)])
    assert groups == [post_writer.MAX_GROUP, 5]


async def test_one_bad_post_does_not_fail_its_neighbours(one, alice, charlie, lobby, groups):
    private = await sync_to_async(membership.create_room)(alice, "Plans", "private")
    posts = [
        post(alice, lobby, "before"),
        post(charlie, private, "not mine"),
        post(alice, lobby, "a reply to nothing", reply_to=12345),
        Post(alice, 999_999, "no such room", uuid.uuid4()),
        post(alice, lobby, "after"),
    ]
    outcomes = await answers(one, posts)
    assert codes(outcomes) == [
        "ok",
        "not_found",
        "not_found",
        "not_found",
        "ok",
    ]
    assert await texts() == ["before", "after"]
    assert groups == [5]


async def test_a_post_that_breaks_the_transaction_fails_alone(one, alice, lobby):
    """Whatever goes wrong for one, in whichever app: here somebody who hears of posts."""

    def hear(sender, message, **_):
        if message.text == "bad":
            raise RuntimeError("trips over this one")

    message_posted.connect(hear)
    try:
        outcomes = await answers(one, [post(alice, lobby, text) for text in ("one", "bad", "two")])
    finally:
        message_posted.disconnect(hear)
    assert [type(outcome) for outcome in outcomes] == [Posted, ChatError, Posted]
    assert outcomes[1].code == "internal"
    assert await texts() == ["one", "two"]
    assert [outcome.seq for outcome in (outcomes[0], outcomes[2])] == [1, 2]
    assert (await sync_to_async(Room.objects.get)()).seq == 2


async def test_the_same_id_twice_in_one_group_is_one_message(one, alice, lobby, groups):
    same = uuid.uuid4()
    posts = [post(alice, lobby, "said once", client_id=same) for _ in range(3)]
    outcomes = await answers(one, posts)
    assert len({(outcome.message_id, outcome.seq) for outcome in outcomes}) == 1
    assert [outcome.created for outcome in outcomes] == [True, False, False]
    assert groups == [3]


async def test_the_same_id_from_two_processes_at_once_is_one_message(alice, lobby, fast):
    """Two writers stand for two processes: each has its own transaction."""
    two = [PostWriter(), PostWriter()]
    for n in range(20):
        same = uuid.uuid4()
        outcomes = await asyncio.gather(*(each.post(post(alice, lobby, str(n), client_id=same)) for each in two))
        assert len({(outcome.message_id, outcome.seq) for outcome in outcomes}) == 1
    for each in two:
        await each.close()
    assert len(await texts()) == 20


async def test_an_id_of_another_message_is_a_conflict(one, alice, bob, lobby):
    other = await sync_to_async(membership.get_or_create_and_join)(alice, "Kitchen")
    same = uuid.uuid4()
    outcomes = await answers(
        one, [post(alice, lobby, "here", client_id=same), post(alice, other, "there", client_id=same)]
    )
    assert outcomes[1].code == "conflict"
    assert isinstance((await answers(one, [post(bob, lobby, "mine", client_id=same)]))[0], Posted)


async def test_a_database_that_is_away_is_said_to_everyone_and_outlived(one, alice, lobby, monkeypatch):
    with monkeypatch.context() as away:
        away.setattr(posting, "_write", lambda *_, **__: (_ for _ in ()).throw(OperationalError("gone")))
        outcomes = await answers(one, [post(alice, lobby, str(n)) for n in range(3)])
    assert [outcome.code for outcome in outcomes] == ["unavailable"] * 3
    assert isinstance((await answers(one, [post(alice, lobby, "back")]))[0], Posted)


async def test_an_error_that_nobody_foresaw_is_answered_and_outlived(one, alice, lobby, monkeypatch, caplog):
    with monkeypatch.context() as broken:
        broken.setattr(post_writer, "check_posts", lambda ids: 1 / 0)
        [outcome] = await answers(one, [post(alice, lobby, "x")])
    assert outcome.code == "internal"
    assert "a group of posts failed" in caplog.text
    assert isinstance((await answers(one, [post(alice, lobby, "back")]))[0], Posted)


async def test_too_many_waiting_is_overloaded(one, alice, lobby, monkeypatch):
    monkeypatch.setattr(post_writer, "MAX_WAITING", 3)
    outcomes = await answers(one, [post(alice, lobby, str(n)) for n in range(5)])
    assert codes(outcomes) == ["ok"] * 3 + ["overloaded"] * 2


async def test_limits_refuse_some_of_a_group(alice, bob, lobby, settings, monkeypatch):
    settings.RATE_MESSAGES = 3
    fresh_counts(monkeypatch)
    one = PostWriter()
    outcomes = await answers(one, [post((alice, bob)[n % 2], lobby, str(n)) for n in range(8)])
    await one.close()
    assert codes(outcomes) == ["ok"] * 6 + ["rate_limited"] * 2


async def test_who_waits_for_a_thread_that_hangs_is_answered_before_the_process_ends(alice, fast, monkeypatch):
    go_on = threading.Event()

    async def run_write(_function, posts, _patient):
        await asyncio.to_thread(go_on.wait, 60)
        return [None if each.room_id == 1 else Posted(0, 0, True) for each in posts]

    patch_threads(monkeypatch, run_write)
    one = PostWriter()
    waiting = [one.post(Post(alice, 2, "under way"))]
    await until(lambda: one._group)
    waiting += [one.post(Post(alice, room, "waits")) for room in (1, 2, 3)]
    one.refuse_waiting()
    assert codes(each.result() for each in waiting) == ["unavailable"] * 4
    go_on.set()
    await until(one._idle.is_set)
    assert one._unanswered == 0
    await one.close()


async def test_closing_writes_what_waits_and_what_is_under_way(alice, lobby, fast):
    one = PostWriter()
    under_way = one.post(post(alice, lobby, "under way"))
    await asyncio.sleep(0)
    waiting = one.post(post(alice, lobby, "waits"))
    await one.close()
    assert under_way.done() and waiting.done()
    assert await texts() == ["under way", "waits"]


async def test_who_is_gone_when_the_answer_comes_disturbs_nobody(one, alice, lobby):
    gone, here = one.post(post(alice, lobby, "gone")), one.post(post(alice, lobby, "here"))
    gone.cancel()
    assert isinstance(await here, Posted)
    assert await texts() == ["gone", "here"]
