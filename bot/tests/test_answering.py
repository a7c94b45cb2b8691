"""From a question in a room to the answer in it, with a model that does as the test says."""

import asyncio

import pytest
from channels.layers import get_channel_layer

from bot.answering import worker
from bot.queue import notify_workers
from common.polling import PollingLoop
from e2e.model_server import Reply
from rooms.kernel.db_executor import run_db
from rooms.models import Message, MessageState

from .conftest import answered, working

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("api", ["responses", "chat"])
async def test_a_mention_is_answered_in_the_room(api, settings, model, say, alice, bot):
    settings.OPENAI_API = api
    model.say("Hello **alice**, how are you?")
    async with working():
        question = await run_db(say, alice, "@bot hi")
        run = await answered(question)
    reply = run.message
    assert (reply.state, reply.text) == (MessageState.COMPLETE, "Hello **alice**, how are you?")
    assert "<strong>alice</strong>" in reply.html
    assert reply.reply_to_id == question.id and reply.sender_id == bot.user_id
    assert run.model == settings.OPENAI_MODEL and run.read == [question.id] and run.tokens_out > 0


@pytest.mark.parametrize(
    ("server", "own", "asked"), [(4000, None, 4000), (4000, 300, 300), (0, 300, 300), (0, None, None)]
)
async def test_an_answer_has_a_longest_length(server, own, asked, model, say, alice, bot, settings):
    settings.BOT_ANSWER_TOKENS, settings.OPENAI_API = server, "chat"
    bot.max_tokens = own
    await run_db(bot.save)
    async with working():
        await answered(await run_db(say, alice, "@bot tell me all"))
    assert model.requests[0].body.get("max_tokens") == asked


def test_by_default_there_is_one(settings):
    assert settings.BOT_ANSWER_TOKENS == 4000


async def test_without_a_model_it_says_how_to_connect_one(say, alice):
    async with working():
        run = await answered(await run_db(say, alice, "@bot what is the meaning of life?"))
    assert run.state == "done" and "OPENAI_API_KEY" in run.message.text


async def test_a_worker_that_starts_after_the_question_answers_it(model, say, alice):
    question = await run_db(say, alice, "@bot hi")
    assert (await run_db(Message.objects.get, reply_to=question)).state == MessageState.QUEUED
    async with working():
        assert (await answered(question)).message.text == "Hello."


@pytest.mark.parametrize("send", ["send", "group_send"])
async def test_anyone_may_wake_a_worker_through_the_channel_layer(say, alice, monkeypatch, send):
    monkeypatch.setattr(worker, "POLL_INTERVAL", 3600)
    monkeypatch.setattr(notify_workers, "after_commit", lambda *_args, **_fields: None)
    napping, nap = asyncio.Event(), PollingLoop._wait

    async def watched(self):
        napping.set()
        await nap(self)

    monkeypatch.setattr(PollingLoop, "_wait", watched)
    async with working():
        await napping.wait()
        question = await run_db(say, alice, "@bot hi")
        await getattr(get_channel_layer(), send)("bot", {"type": "run.waiting"})
        assert (await answered(question)).state == "done"


async def test_it_speaks_the_language_of_the_server_where_its_words_are_ours(settings, model, say, alice, bob):
    settings.LANGUAGE_CODE = "de"
    model.next(Reply.error(401), Reply("Gern.", calls=[("search_room", {"words": "Torte"})]), Reply("Fertig."))
    async with working():
        failed = await answered(await run_db(say, alice, "@bot hallo"))
        found = await answered(await run_db(say, alice, "@bot such"))
        settings.OPENAI_BASE_URL = settings.OPENAI_API_KEY = ""
        helped = await answered(await run_db(say, alice, "@bot hilfe"))
        told = await answered(await run_db(say, alice, "@bot bring mich auf den Stand"))
    assert "lehnt unseren Schlüssel ab" in failed.message.note
    assert found.message.note == "gesucht: „Torte“, 0 Nachrichten"
    assert "- **hilfe**: diese Liste" in helped.message.text and "noch kein Sprachmodell" in helped.message.text
    assert told.room_id != helped.room_id and "von 1 Person, seit du zuletzt hier warst." in told.message.text


async def test_a_room_is_told_when_more_wait_than_can_be_answered(say, alice, settings, monkeypatch):
    told = []

    async def announce(self, bots, overloaded):
        told.append(overloaded)

    monkeypatch.setattr(worker.BotPresence, "announce", announce)
    await run_db(say, alice, "@bot hi")
    for most in (1, 0):
        settings.BOT_MAX_RUNNING = most
        await worker.Worker()._announce_bots()
    assert told == [False, True]
