"""Stop: by whoever is there, or because a message is deleted; what was said stays, with what it cites."""

import asyncio
import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from bot.models import Run
from bot.queue import leases, runs
from bot.reasons import FAILURES
from rooms.kernel.db_executor import run_db
from rooms.kernel.errors import ChatError
from rooms.models import Message, MessageState
from rooms.services import bot_replies, messages

from .conftest import answered, until, working
from .writing import LONG, writing

pytestmark = pytest.mark.django_db(transaction=True)


async def test_anyone_present_can_stop_it(model, say, alice, bob, room):
    model.say(LONG, token_delay=0.01)
    async with working():
        question, reply, request = await writing(model, say, alice)
        await run_db(bot_replies.stop, bob, room.name, reply.id)
        assert await asyncio.to_thread(request.wait_closed)
        run = await answered(question)
    assert (run.state, run.message.state, run.message.note) == ("stopped", MessageState.STOPPED, "Stopped by bob.")
    assert run.message.text.startswith("word") and "word" in run.message.html and run.tokens_out > 0


async def test_a_stop_is_heard_without_redis_too(model, say, alice, room, monkeypatch):
    monkeypatch.setattr("rooms.publishing.publisher.submit", lambda group, payload: None)
    model.say(LONG, token_delay=0.01)
    async with working():
        question, reply, request = await writing(model, say, alice)
        await run_db(bot_replies.stop, alice, room.name, reply.id)
        assert await asyncio.to_thread(request.wait_closed)
        assert (await answered(question)).state == "stopped"


async def test_what_waits_can_be_stopped_without_a_worker(say, alice, room):
    question = await run_db(say, alice, "@bot hi")
    reply = await run_db(Message.objects.get, reply_to=question)
    await run_db(bot_replies.stop, alice, room.name, reply.id)
    assert (await answered(question)).message.state == MessageState.STOPPED
    with pytest.raises(ChatError, match="already finished"):
        await run_db(bot_replies.stop, alice, room.name, reply.id)


async def test_what_is_noted_for_all_is_in_the_servers_language(say, alice, room, settings):
    """Here somebody with a German page stops one question, deletes another, and asks once too often."""
    settings.BOT_MAX_QUEUED = 2
    with translation.override("de"):
        questions = [await run_db(say, alice, "@bot hi") for _ in range(3)]
        answers = [await run_db(Message.objects.get, reply_to=question) for question in questions]
        await run_db(bot_replies.stop, alice, room.name, answers[0].id)
        await run_db(messages.delete, alice, room.name, questions[1].id)
    notes = [(await run_db(Message.objects.get, pk=reply.id)).note for reply in answers]
    assert notes == ["Stopped by alice.", "The question was deleted.", FAILURES["too_many_waiting"].text({})]


async def test_an_outsider_cannot_stop_what_they_cannot_see(say, alice, charlie):
    from rooms.services import membership

    secret = await run_db(membership.create_room, alice, "Secret", "private")
    question = await run_db(say, alice, "@bot hi", None, secret)
    reply = await run_db(Message.objects.get, reply_to=question)
    with pytest.raises(ChatError) as raised:
        await run_db(bot_replies.stop, charlie, secret.name, reply.id)
    assert raised.value.code == "not_found"


def test_the_end_of_a_reply_that_waited_wakes_the_workers(asked, alice, monkeypatch):
    """Others may have waited behind it."""
    run = asked()
    told = []
    monkeypatch.setattr(
        "rooms.publishing.publisher.submit", lambda group, payload: told.append((group, payload["type"]))
    )
    bot_replies.stop(alice, run.room.name, run.message_id)
    assert ("bot", "run.waiting") in told


async def test_a_deleted_question_ends_its_answer(model, say, alice, room):
    model.say(LONG, token_delay=0.01)
    async with working():
        question, _reply, request = await writing(model, say, alice)
        await run_db(messages.delete, alice, room.name, question.id)
        assert await asyncio.to_thread(request.wait_closed)
        run = await answered(question)
    assert (run.message.state, run.message.note) == (MessageState.STOPPED, "The question was deleted.")


async def test_a_deleted_question_that_waits_is_never_answered(model, say, alice, room):
    question = await run_db(say, alice, "@bot hi")
    await run_db(messages.delete, alice, room.name, question.id)
    assert (await answered(question)).state == "stopped"
    head = await run_db(lambda: type(room).objects.get(pk=room.pk).seq)
    seqs = await run_db(lambda: sorted(Message.objects.values_list("seq", flat=True)))
    assert seqs[-1] == head and len(set(seqs)) == len(seqs)


async def test_a_deleted_reply_stays_empty(model, say, alice, room):
    model.say(LONG, token_delay=0.01)
    async with working():
        question, reply, request = await writing(model, say, alice)
        await run_db(messages.delete, alice, room.name, reply.id)  # alice owns the room
        assert await asyncio.to_thread(request.wait_closed)
        run = await answered(question)
    assert run.message.deleted and not run.message.text and not run.message.html


MADE_UP = "[#999999](https://evil.example/) and [#888888] it is. "


async def test_what_a_stopped_answer_cites_is_checked_too(model, say, alice, room):
    model.say(MADE_UP + LONG, token_delay=0.01)
    async with working():
        question, reply, _request = await writing(model, say, alice)
        await until(lambda: Message.objects.filter(pk=reply.id, text__contains="it is").exists())
        await run_db(bot_replies.stop, alice, room.name, reply.id)
        message = (await answered(question)).message
    assert "it is" in message.text and not re.search("evil|888888|999999", message.text + message.html)


async def test_what_a_broken_answer_cites_is_checked_too(model, say, alice):
    model.say("[#888888] so it is", cut_after=3)
    async with working():
        message = (await answered(await run_db(say, alice, "@bot hi"))).message
    assert message.state == MessageState.FAILED and "888888" not in message.text + message.html


def test_what_a_dead_worker_left_keeps_no_citations_that_nobody_can_check(say, alice):
    say(alice, "@bot hi")
    for _attempt in range(2):
        [run_id] = leases.claim("dead", 10)
        runs.save_texts("dead", {run_id: MADE_UP})
        Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert not leases.claim("dead", 10)
    message = Message.objects.get(run=run_id)
    assert message.state == MessageState.FAILED and not re.search("evil|888888", message.text + message.html)


async def test_a_stop_reaches_an_answer_whose_worker_died(say, alice, room):
    question = await run_db(say, alice, "@bot hi")
    await run_db(leases.claim, "dead", 10)
    reply = await run_db(Message.objects.get, reply_to=question)
    await run_db(bot_replies.stop, alice, room.name, reply.id)
    await run_db(Run.objects.update, lease_until=timezone.now() - timedelta(seconds=1))
    assert not await run_db(leases.claim, "other", 10)
    assert (await answered(question)).state == "stopped"
