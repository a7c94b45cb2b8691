"""Posts that wait together are written together; each gets its own answer."""

import asyncio
import threading
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError

from mysite.tests.waiting import until
from rooms.kernel.errors import ChatError
from rooms.kernel.signals import message_posted
from rooms.models import Message, Room
from rooms.realtime import post_writer
from rooms.realtime.post_writer import PostWriter
from rooms.services import membership, posting
from rooms.services.posting import Post, Posted

from .writing import answers, codes, fresh_counts, patch_threads, post

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def groups(monkeypatch):
    """The sizes of the groups that were written."""
    sizes = []

    def post_many(posts, patient):
        sizes.append(len(posts))
        return posting.post_many(posts, patient)

    monkeypatch.setattr(post_writer, "post_many", post_many)
    return sizes


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


async def test_what_could_not_be_written_does_not_count_towards_the_rate(alice, lobby, settings, monkeypatch):
    settings.RATE_MESSAGES = 3
    fresh_counts(monkeypatch)
    one = PostWriter()
    with monkeypatch.context() as away:
        away.setattr(posting, "_write", lambda *_, **__: (_ for _ in ()).throw(OperationalError("gone")))
        for _again in range(4):
            assert codes(await answers(one, [post(alice, lobby, "x") for _ in range(2)])) == ["unavailable"] * 2
            assert len(one._refunds) == 1  # kept, so that it is not garbage before it has run
            await asyncio.gather(*one._refunds)
    assert codes(await answers(one, [post(alice, lobby, str(n)) for n in range(4)])) == ["ok"] * 3 + ["rate_limited"]
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
