"""A room, a bot in it, and workers in the test's own loop. The model is the root conftest's `model`."""

import asyncio
import io
import math
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache

import orjson
import pytest
from PIL import Image

from bot import endpoint_traits
from bot.answering.worker import Worker
from bot.handlers import triggers
from bot.llm import breaker as model_breaker
from bot.llm import client
from bot.llm.endpoint import ModelEndpoint
from bot.models import OPEN, Run, Usage
from bot.provisioning import ensure_default_bot
from bot.queue import quota, runs, token_counters
from common.circuit_breaker import CircuitBreaker
from files.document_process import clean, pages_of
from files.incoming import IncomingFile, Previews, Text
from files.media_types import PICTURES, TEXT
from mysite.tests.waiting import PATIENCE
from rooms.kernel.db_executor import run_db
from rooms.models import Message
from rooms.publishing import publisher
from rooms.services import membership, messages, uploads


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The same rules in less time, and nothing remembered from the test before."""
    monkeypatch.setattr(client, "LIMITS", client.Limits(backoff=0.01))
    triggers._clear_bot_users()
    model_breaker.clear()
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
def send(room):
    """send(user, text, (name, bytes), …, alt="", where=room): post with files; returns the Message.

    Without the child processes that make small pictures and read texts; the sizes and the texts are there. small, blur:
    the small picture.
    """

    def post(user, text, *files, alt="", where=room, **made):
        keys = [_take_in(user, where, name, data, alt, **made) for name, data in files]
        return Message.objects.get(pk=messages.post(user, where.name, text, files=keys).message_id)

    return post


def _take_in(user, room, name, data, alt, small=b"", blur="") -> str:
    incoming = IncomingFile(name)
    try:
        incoming.write(data)
        incoming.finish()
        if incoming.type in PICTURES:
            incoming.previews_folder.mkdir()
            (incoming.previews_folder / "360.webp").write_bytes(small)
            with Image.open(io.BytesIO(data)) as image:
                about = {"animated": False, "sides": [360], "blur": blur}
                incoming.previews = Previews(incoming.previews_folder, *image.size, about)
        elif incoming.type == TEXT:
            pages = tuple(pages_of(clean(data.decode())))
            incoming.text = Text(pages, {"pages": len(pages), "characters": len(data), "cut": False, "beginning": ""})
        return uploads.take_in(user, room.name, incoming, alt).key
    finally:
        incoming.discard()


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


@pytest.fixture(params=["chat", "responses"])
def endpoint(request, model):
    return ModelEndpoint("gpt-5-mini", model.base_url, request.param, "key")


@pytest.fixture
def breaker(redis_server, monkeypatch) -> CircuitBreaker:
    """Once open, it stays so until a test resets it. A busy machine does not open it."""
    breaker = CircuitBreaker(math.inf)
    monkeypatch.setattr(token_counters, "_breaker", breaker)
    monkeypatch.setattr(token_counters, "TIMEOUT", 10)
    monkeypatch.setattr(token_counters, "_client", cache(token_counters._client.__wrapped__))
    token_counters._outdated.clear()
    token_counters._run(
        "for _, key in ipairs(redis.call('KEYS', '*tokens:*')) do redis.call('DEL', key) end return 0", []
    )
    return breaker


@pytest.fixture
def asked(say, alice, bot):
    """asked(user=alice) → a claimed, loaded run."""

    def ask(user=alice):
        question = say(user, "@bot hi")
        Run.objects.filter(question=question).update(worker="w")
        return runs.load(Run.objects.get(question=question).pk)

    return ask


@pytest.fixture
def use(bot, room, alice):
    """use(tokens, days_ago=0, …): a row of Usage."""

    def add(tokens, days_ago=0, **fields):
        row = {"bot": bot, "room": room, "asker": alice, "tokens": tokens, "tokens_in": tokens} | fields
        return Usage.objects.create(day=quota.utc_today() - timedelta(days=days_ago), **row)

    return add
