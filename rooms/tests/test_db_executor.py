"""Database work for coroutines: how long it may take, and what becomes of what takes longer."""

import asyncio
import threading
import uuid

import pytest
from django.db import OperationalError

from mysite.tests.waiting import until
from rooms.kernel import db_executor, watchdog
from rooms.kernel.db_executor import run_command, run_db, run_write
from rooms.models import Message
from rooms.realtime import post_writer
from rooms.realtime.post_writer import PostWriter
from rooms.services.posting import Post, Posted, post_many

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hangs(monkeypatch):
    """A database that answers when the test ends, or `go_on` is set."""
    go_on = threading.Event()
    monkeypatch.setattr(db_executor, "PATIENCE", 0.2)
    yield go_on
    go_on.set()


async def test_a_call_that_hangs_is_given_up_as_if_the_database_were_away(hangs):
    with pytest.raises(OperationalError, match="has not answered"):
        await run_db(hangs.wait, 60)


async def test_what_waits_behind_it_is_not_done_afterwards(hangs, monkeypatch):
    done = []
    monkeypatch.setattr(db_executor, "writers", lambda: 1)
    db_executor._write_pool.cache_clear()
    try:
        for call in (lambda: hangs.wait(60), lambda: done.append("late")):
            with pytest.raises(OperationalError):
                await run_write(call)
        hangs.set()
        await run_write(done.append, "next")
    finally:
        db_executor._write_pool.cache_clear()
    assert done == ["next"]


async def test_a_time_limit_of_the_call_itself_stays_what_it_is():
    def late():
        raise TimeoutError("elsewhere")

    with pytest.raises(TimeoutError, match="elsewhere"):
        await run_db(late)


async def test_who_sends_again_what_was_written_in_the_end_is_told_so(hangs, alice, lobby, fast, monkeypatch):
    def slow(posts, patient):
        hangs.wait(60)
        return post_many(posts, patient)

    monkeypatch.setattr(post_writer, "post_many", slow)
    one, posts = PostWriter(), [Post(alice, lobby.id, text, uuid.uuid4()) for text in ("first", "second")]
    first = one.post(posts[0])
    await until(lambda: one._group)
    refused = [await answer for answer in (one.post(posts[1]), first)]  # who waits behind it does not wait once more
    assert [(error.code, error.retry_after) for error in refused] == [("unavailable", 2)] * 2
    assert one._group is None and not one._unanswered
    hangs.set()
    monkeypatch.setattr(db_executor, "PATIENCE", 60)
    for post in posts:
        assert isinstance(await one.post(post), Posted)
    in_order = Message.objects.order_by("pk").values_list("text", flat=True)
    assert await run_db(lambda: list(in_order)) == ["first", "second"]
    await one.close()


@pytest.mark.parametrize("given_up", [False, True])
async def test_a_room_takes_one_thread_and_leaves_the_others(given_up, monkeypatch):
    """Whether or not its caller still waits: the thread does."""
    begun, go_on = [], threading.Event()

    def wait(room):
        begun.append(room)
        go_on.wait(60)

    with monkeypatch.context() as patience:
        patience.setattr(db_executor, "PATIENCE", 0.2 if given_up else 60)
        waiting = [asyncio.create_task(run_command(1, wait, "locked")) for _ in range(6)]
        await until(lambda: all(each.done() for each in waiting) if given_up else begun)
    assert begun == ["locked"]
    assert watchdog.given_up(watchdog.COMMANDS) == given_up
    assert await run_command(2, lambda: "another room") == "another room"
    assert await run_command(None, lambda: "no room") == "no room"
    go_on.set()
    found = await asyncio.gather(*waiting, return_exceptions=True)
    assert begun == ["locked"] * (1 if given_up else 6)
    assert {type(each) for each in found} == {OperationalError if given_up else type(None)}
    await run_command(1, begun.clear)  # it is free again
    assert not watchdog.given_up()


async def test_a_thread_that_was_given_up_counts_until_it_comes_back(hangs):
    with pytest.raises(OperationalError):
        await run_db(hangs.wait, 60)
    assert [watchdog.given_up(kind) for kind in (watchdog.READS, watchdog.WRITES, None)] == [1, 0, 1]
    assert "hangs" not in watchdog.longest(watchdog.READS).where()  # where, not with what
    assert "threading.py" in watchdog.longest(watchdog.READS).where()
    hangs.set()
    await until(lambda: not watchdog.given_up())
    assert watchdog.longest(watchdog.READS) is None
