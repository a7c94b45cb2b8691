"""A room, a bot in it, and workers in the test's own loop. The model is the root conftest's `model`."""

import asyncio
from contextlib import asynccontextmanager

import orjson
import pytest

from bot import endpoint_traits
from bot.answering.worker import Worker
from bot.handlers import triggers
from bot.llm import breaker, client
from bot.models import OPEN, Run
from bot.provisioning import ensure_default_bot
from mysite.tests.waiting import PATIENCE
from rooms.kernel.db_executor import run_db
from rooms.models import Message
from rooms.publishing import publisher
from rooms.services import membership, messages


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The same rules in less time, and nothing remembered from the test before."""
    monkeypatch.setattr(client, "LIMITS", client.Limits(backoff=0.01))
    triggers._clear_bot_ids()
    breaker.clear()
    endpoint_traits.clear_cache()


@pytest.fixture
def bot(db):
    return ensure_default_bot()


@pytest.fixture
def room(bot, alice, bob):
    room = membership.create_room(alice, "Lobby")
    membership.get_or_join(bob, room.name)
    return room


@pytest.fixture
def say(room):
    """say(user, text, reply_to=None): post in the room; returns the Message."""

    def post(user, text, reply_to=None, where=room):
        posted = messages.post(user, where.name, text, reply_to=reply_to)
        return Message.objects.get(pk=posted.message_id)

    return post


@pytest.fixture
def sent(monkeypatch):
    """Every payload that this process publishes: (group, payload), in order."""
    sent, real = [], publisher.submit

    def submit(group, payload):
        sent.append((group, payload))
        real(group, payload)

    monkeypatch.setattr(publisher, "submit", submit)
    return sent


@asynccontextmanager
async def working(count=1):
    """Workers that run while the block does; they are given no time to drain."""
    workers = [Worker() for _ in range(count)]
    tasks = [asyncio.create_task(worker.run()) for worker in workers]
    try:
        yield workers[0] if count == 1 else workers
    finally:
        for worker in workers:
            worker.end()
        await asyncio.gather(*tasks)


async def until(check):
    """Wait for what `check`, which may read the database, says; returns it. Fails when it stays falsy."""
    async with asyncio.timeout(PATIENCE):
        while not (found := await run_db(check)):  # noqa: ASYNC110 (the database tells nobody)
            await asyncio.sleep(0.02)
    return found


async def answered(question) -> Run:
    """The finished run of a question, with its message."""
    runs = Run.objects.filter(question=question).exclude(state__in=OPEN).select_related("message")
    return await until(runs.first)


def events(sent, type) -> list[dict]:
    """The wire events of one type among what was published to rooms, ordered as a browser orders them.

    Two threads that commit one after the other may publish the other way around: numbers tell the order.
    """
    found = [(payload.get("seq"), orjson.loads(payload["text"])) for _group, payload in sent if "text" in payload]
    chosen = [(seq, event) for seq, event in found if event["type"] == type]
    numbered = iter(sorted((pair for pair in chosen if pair[0] is not None), key=lambda pair: pair[0]))
    return [event if seq is None else next(numbered)[1] for seq, event in chosen]


def screen(sent, id) -> str:
    """What a browser shows of a reply that heard everything: fails where a delta leaves a hole or overlaps."""
    text = ""
    for event in (orjson.loads(payload["text"]) for _group, payload in sent if "text" in payload):
        if event.get("id") == id and event["type"] == "message":
            text = event["message"]
        elif event.get("id") == id and event["type"] == "delta":
            assert event["at"] == len(text), f"{event} after {text!r}"
            text += event["text"]
    return text
