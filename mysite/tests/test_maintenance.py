"""Sessions that have run out do not stay for ever, and what is not in the search index as it should be gets there."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.utils import timezone

from accounts.security import session_store
from mysite.web import maintenance
from mysite.web.lifespan import lifespan
from rooms.models import Message, Room

from .waiting import PATIENCE, until

pytestmark = pytest.mark.django_db(transaction=True)


def add(key: str, **from_now) -> None:
    Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(**from_now))


@sync_to_async
def keys() -> set[str]:
    return set(Session.objects.values_list("session_key", flat=True))


@pytest.fixture
def sessions(monkeypatch):
    monkeypatch.setattr(session_store, "BATCH_SIZE", 2)
    monkeypatch.setattr(maintenance, "CLEANUP_PAUSE", 0)
    monkeypatch.setattr(maintenance, "FIRST_CLEANUP_DELAY", 0)
    for number in range(5):
        add(f"gone{number}", seconds=-1)
    add("standing", minutes=5)


async def test_those_that_have_run_out_are_deleted_in_portions_and_no_others(sessions):
    assert await sync_to_async(session_store.SessionStore.delete_expired_batch)() == 2
    assert len(await keys()) == 4
    await maintenance.clean_up()
    assert await keys() == {"standing"}


async def test_messages_that_were_not_folded_are_folded(sessions, alice, monkeypatch):
    monkeypatch.setattr("rooms.search.message_index.BATCH_SIZE", 2)

    def write():
        room = Room.objects.create(name="lobby", title="Lobby")
        made = [Message(room=room, seq=n, first_seq=n, sender=alice, text=f"Ёлка {n}") for n in range(1, 6)]
        Message.objects.bulk_create(made)

    await sync_to_async(write)()
    await maintenance.clean_up()
    folded = await sync_to_async(lambda: list(Message.objects.order_by("seq").values_list("search_text", flat=True)))()
    assert folded == [f"елка {n}" for n in range(1, 6)]


async def test_a_web_process_does_so_by_itself(sessions):
    told, answers = asyncio.Queue(), asyncio.Queue()
    running = asyncio.create_task(lifespan({"type": "lifespan"}, told.get, answers.put))
    await told.put({"type": "lifespan.startup"})
    async with asyncio.timeout(PATIENCE):
        while await keys() != {"standing"}:  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.05)
    await told.put({"type": "lifespan.shutdown"})
    await running
    assert answers.qsize() == 2
    await asyncio.sleep(0)
    assert "run_every" not in {task.get_coro().__name__ for task in asyncio.all_tasks()}


@pytest.mark.parametrize("error", [OperationalError, ValueError])
async def test_what_goes_wrong_only_puts_it_off(sessions, monkeypatch, error):
    monkeypatch.setattr(maintenance, "CLEANUP_INTERVAL", 0)
    calls = []

    async def away():
        calls.append(1)
        raise error

    monkeypatch.setattr(maintenance, "clean_up", away)
    running = maintenance.start()
    await until(lambda: len(calls) > 1)
    assert all(task.cancel() for task in running)
