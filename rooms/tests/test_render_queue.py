"""Posts are rendered before they are written: nobody waits for another's text, and each person's keep their order."""

import asyncio
import threading
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from mysite.tests.waiting import until
from rooms.models import Message
from rooms.realtime import post_writer
from rooms.realtime.post_writer import PostWriter
from rooms.services.posting import Post
from rooms.text import rendering
from rooms.text.markup import render_plain

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = "so *slow* " * 100


@pytest.fixture
def held(monkeypatch):
    """Texts that are not quick are rendered when this event is set. Notes whether that is in a transaction."""
    event, event.locked = threading.Event(), []

    def ask(text):
        event.locked.append(connection.in_atomic_block)
        event.wait(60)
        return {"mentioned": [], "marked": f"<p>{len(text)}</p>", "cut": [], "seconds": 0.0}

    monkeypatch.setattr(rendering, "_pool", lambda: type("Pool", (), {"render": staticmethod(ask)}))
    yield event
    event.set()


def post(user, room, text) -> Post:
    return Post(user, room.id, text, uuid.uuid4())


async def texts() -> list[str]:
    return await sync_to_async(lambda: list(Message.objects.order_by("seq").values_list("text", flat=True)))()


async def test_nobody_waits_for_the_text_of_another(one, held, alice, bob, lobby):
    slow, behind = one.post(post(alice, lobby, SLOW)), one.post(post(alice, lobby, "behind it"))
    others = [one.post(post(bob, lobby, str(n))) for n in range(3)]
    assert [answer.seq for answer in await asyncio.gather(*others)] == [1, 2, 3]
    assert not slow.done() and not behind.done()
    held.set()
    assert [(await slow).seq, (await behind).seq] == [4, 5]
    assert await texts() == ["0", "1", "2", SLOW, "behind it"]
    assert held.locked == [False]


async def test_each_persons_posts_keep_their_order(one, held, alice, bob, lobby):
    posts = [(user, text) for text in (SLOW, "1", SLOW, "2", "3", SLOW) for user in (alice, bob)]
    answers = [one.post(post(user, lobby, text)) for user, text in posts]
    held.set()
    seqs = [answer.seq for answer in await asyncio.gather(*answers)]
    assert seqs[::2] == sorted(seqs[::2]) and seqs[1::2] == sorted(seqs[1::2])
    rows = await sync_to_async(lambda: list(Message.objects.filter(text=SLOW).values_list("html", flat=True)))()
    assert set(rows) == {f"<p>{len(SLOW)}</p>"} and len(rows) == 6


async def test_what_is_being_rendered_is_written_before_the_end(fast, held, alice, lobby):
    one = PostWriter()
    answer = one.post(post(alice, lobby, SLOW))
    ending = asyncio.create_task(one.close())
    await until(lambda: held.locked)
    held.set()
    await ending
    assert answer.done() and await texts() == [SLOW]


async def test_at_the_end_nobody_waits_for_ever(fast, held, alice, lobby, monkeypatch):
    monkeypatch.setattr(post_writer, "CLOSE_SECONDS", 0.1)
    one = PostWriter()
    one.post(post(alice, lobby, SLOW))
    await one.close()
    await until(lambda: not one._rendering._tasks)
    assert await texts() == []


async def test_more_than_can_wait_for_a_thread_is_plain_at_once(one, held, alice, lobby, monkeypatch):
    monkeypatch.setattr(rendering, "MAX_QUEUED", 0)
    await one.post(post(alice, lobby, SLOW))
    message = await sync_to_async(Message.objects.get)()
    assert message.html == render_plain(SLOW).html()
