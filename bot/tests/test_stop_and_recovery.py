"""Stop, ask again, workers that die or leave: one answer, and a final state, whatever happens."""

import asyncio
import re
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone, translation

from bot.answering import answer, job_runner, worker
from bot.llm import breaker
from bot.models import Run, RunState
from bot.queue import leases, runs
from bot.reasons import FAILURES
from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db
from rooms.kernel.errors import ChatError
from rooms.models import Message, MessageState
from rooms.services import bot_replies, membership, messages

from .conftest import answered, events, screen, until, working

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "word " * 1000


async def writing(model, say, who, text="@bot hi"):
    """A question whose answer is being written; returns it, the reply and the model's request."""
    question = await run_db(say, who, text)
    request = await asyncio.to_thread(model.wait_for_request, len(model.requests) + 1)
    reply = await until(Message.objects.filter(reply_to=question, state=MessageState.STREAMING).exclude(text="").first)
    return question, reply, request


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


def test_a_worker_takes_over_no_more_than_it_works_on(say, alice, settings):
    settings.RATE_MESSAGES = 1000
    for number in range(5):
        say(alice, "@bot hi", where=membership.create_room(alice, f"Room {number}"))
    assert len(leases.claim("dead", 10)) == 5
    Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    taken = [leases.claim("new", 2) for _ in range(3)]
    assert [len(ids) for ids in taken] == [2, 2, 1]
    assert sorted(sum(taken, [])) == sorted(Run.objects.values_list("pk", flat=True))


def test_a_lease_is_renewed_for_what_is_worked_on_only(say, alice, settings):
    settings.RATE_MESSAGES = 1000
    for number in range(2):
        say(alice, "@bot hi", where=membership.create_room(alice, f"Room {number}"))
    kept, left = leases.claim("w", 10)
    soon = timezone.now() + timedelta(seconds=1)
    Run.objects.update(lease_until=soon)
    assert leases.renew("w", [kept]) == 1
    assert Run.objects.get(pk=kept).lease_until > soon == Run.objects.get(pk=left).lease_until


async def test_an_outsider_cannot_stop_what_they_cannot_see(say, alice, charlie):
    from rooms.services import membership

    secret = await run_db(membership.create_room, alice, "Secret", "private")
    question = await run_db(say, alice, "@bot hi", None, secret)
    reply = await run_db(Message.objects.get, reply_to=question)
    with pytest.raises(ChatError) as raised:
        await run_db(bot_replies.stop, charlie, secret.name, reply.id)
    assert raised.value.code == "not_found"


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


async def test_asked_again_the_older_answer_is_kept(model, say, alice, bob, room):
    model.next(Model("First."), Model("Second."))
    async with working():
        question = await run_db(say, alice, "@bot hi")
        reply = (await answered(question)).message
        with pytest.raises(ChatError, match="Only the person who asked"):
            await run_db(bot_replies.retry, bob, room.name, reply.id)
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        run = await until(Run.objects.filter(question=question, message__text="Second.", state="done").first)
    assert [version["text"] for version in run.versions] == ["First."]
    assert await run_db(Message.objects.filter(reply_to=question).count) == 1


async def test_a_moderator_can_ask_again_for_somebody_else(model, say, alice, bob, room):
    async with working():
        question = await run_db(say, bob, "@bot hi")
        reply = (await answered(question)).message
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        await until(Run.objects.filter(question=question, state="done").exclude(versions=[]).first)
    assert len(model.requests) == 2


async def test_a_worker_writes_as_many_answers_at_once_as_it_may(model, say, alice, settings):
    settings.BOT_MAX_RUNNING = 2
    gate, rooms = threading.Event(), [await run_db(membership.create_room, alice, f"Room {n}") for n in range(4)]
    model.say("Hello you.", hold=gate, hold_after=1)
    async with working():
        for room in rooms:
            await run_db(say, alice, "@bot hi", where=room)
        await asyncio.to_thread(model.wait_for_request, 2)
        await until(Message.objects.filter(state=MessageState.STREAMING).exclude(text="").first)
        assert await run_db(Run.objects.filter(state=RunState.RUNNING).count) == len(model.requests) == 2
        gate.set()
        await until(lambda: Run.objects.filter(state=RunState.DONE).count() == 4)


async def test_the_older_answer_shows_until_the_new_one_begins(model, say, alice, room, sent):
    gate = threading.Event()
    model.next(Model("First."), Model("Second.", hold=gate))
    async with working():
        question = await run_db(say, alice, "@bot hi")
        reply = (await answered(question)).message
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        await asyncio.to_thread(model.wait_for_request, 2)
        assert screen(sent, reply.id) == "First."
        gate.set()
        await until(Run.objects.filter(message__text="Second.", state="done").first)
    older = [event for event in events(sent, "message") if event["message"] == "First."]
    html = "<p>First.</p>\n"
    assert [(event["state"], event["html"]) for event in older] == [("complete", html), ("queued", html)]


async def test_when_asking_again_fails_the_older_answer_is_not_lost(model, say, alice, room):
    model.next(Model("First."), Model.error(401), Model("Third."))
    async with working():
        question = await run_db(say, alice, "@bot hi")
        reply = (await answered(question)).message
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        run = await until(Run.objects.filter(state="failed").select_related("message").first)
        assert (run.message.text, run.message.state) == (
            "First.",
            MessageState.FAILED,
        ) and "rejected the API key" in run.message.note
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        run = await until(Run.objects.filter(message__text="Third.", state="done").first)
    assert [version["text"] for version in run.versions] == ["First."]


async def test_a_failed_answer_can_be_asked_for_again(model, say, alice, room):
    model.next(Model.error(401))
    async with working():
        question = await run_db(say, alice, "@bot hi")
        reply = (await answered(question)).message
        assert reply.state == MessageState.FAILED and "key" in reply.note
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        run = await until(Run.objects.filter(question=question, state="done").select_related("message").first)
    assert (run.message.text, run.message.note, run.versions) == ("Hello.", "", [])


async def test_a_dead_workers_answer_is_taken_over_and_starts_over(model, say, alice, sent):
    """The text so far shows until the new one begins, and the first worker, should it live, writes no more."""
    question = await run_db(say, alice, "@bot hi")
    [run_id] = await run_db(leases.claim, "dead", 10)
    dead = await run_db(runs.load, run_id)
    await run_db(runs.update_reply, dead, state=MessageState.STREAMING)
    await run_db(runs.save_texts, "dead", {run_id: "The text so f"})
    assert not await run_db(leases.claim, "other", 10)  # while the lease lasts
    await run_db(Run.objects.filter(pk=run_id).update, lease_until=timezone.now() - timedelta(seconds=1))
    go_on = threading.Event()
    model.next(Model("A whole answer.", hold=go_on))
    async with working():
        await asyncio.to_thread(model.wait_for_request)
        assert (await run_db(Message.objects.get, pk=dead.message_id)).text == "The text so f"
        go_on.set()
        run = await answered(question)
        assert not await run_db(runs.finish, dead, RunState.DONE, "Too late.")
        assert not await run_db(runs.update_reply, dead, text="Too late.")
        await run_db(runs.save_texts, "dead", {run_id: "Too late."})
    assert (run.attempts, run.message.text) == (2, "A whole answer.")
    assert screen(sent, dead.message_id) == "A whole answer."
    assert (await run_db(Message.objects.get, pk=dead.message_id)).text == "A whole answer."


async def test_after_two_deaths_it_fails_in_words(say, alice):
    question = await run_db(say, alice, "@bot hi")
    for _attempt in range(2):
        assert await run_db(leases.claim, "dead", 10)
        await run_db(Run.objects.update, lease_until=timezone.now() - timedelta(seconds=1))
    assert not await run_db(leases.claim, "dead", 10)
    run = await answered(question)
    assert (run.state, run.message.state, run.message.note) == (
        "failed",
        MessageState.FAILED,
        FAILURES["interrupted_twice"].text({}),
    )


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


async def test_one_claim_wins(say, alice):
    await run_db(say, alice, "@bot hi")
    claimed = await asyncio.gather(*(run_db(leases.claim, f"worker {n}", 10) for n in range(8)))
    assert sorted(map(len, claimed)) == [0] * 7 + [1]


async def test_several_workers_give_one_answer_each(model, say, alice, bob, settings):
    settings.RATE_MESSAGES = 1000
    model.say("Yes.", token_delay=0.01)
    async with working(3):
        questions = [await run_db(say, who, "@bot hi") for who in (alice, bob) * 4]
        for question in questions:
            assert (await answered(question)).message.text == "Yes."
    assert len(model.requests) == len(questions)


async def test_a_worker_that_ends_finishes_what_it_writes(model, say, alice):
    go_on = threading.Event()
    model.say("one two three", hold=go_on, hold_after=1)
    async with working():
        question, _reply, _request = await writing(model, say, alice)
        later = await run_db(say, alice, "@bot later")
        asyncio.get_running_loop().call_later(0.3, go_on.set)
    run = await answered(question)
    assert (run.state, run.message.text) == ("done", "one two three")
    assert (await run_db(Run.objects.get, question=later)).state == "waiting"


async def test_what_a_worker_cannot_finish_goes_back_to_the_queue(model, say, alice, monkeypatch):
    monkeypatch.setattr(worker, "DRAIN_TIMEOUT", 0.1)
    model.say(LONG, token_delay=0.01)
    async with working():
        question, reply, request = await writing(model, say, alice)
    assert request.wait_closed()
    run = await run_db(Run.objects.select_related("message").get, question=question)
    assert (run.state, run.attempts, run.worker, run.message.state) == ("waiting", 0, "", MessageState.QUEUED)
    assert run.message.text.startswith("word")
    model.say("Short.")
    async with working():
        assert (await answered(question)).message.text == "Short."


async def test_leases_are_renewed(model, say, alice, monkeypatch):
    monkeypatch.setattr(worker, "RENEW_INTERVAL", 0.1)
    model.say(LONG, token_delay=0.01)
    async with working():
        question, reply, _request = await writing(model, say, alice)
        before = (await run_db(Run.objects.get, question=question)).lease_until
        await until(Run.objects.filter(question=question, lease_until__gt=before).first)
        await run_db(bot_replies.stop, alice, "lobby", reply.id)


async def test_the_bot_is_online_while_a_worker_is(say, bot):
    from presence import sync_client

    async with working():
        await until(lambda: sync_client.get_live_bots([bot.user_id]))


async def test_without_redis_it_is_answered_all_the_same(model, say, alice, redis_server):
    redis_server.stop()
    try:
        async with working():
            assert (await answered(await run_db(say, alice, "@bot hi"))).message.text == "Hello."
    finally:
        redis_server.start()


async def test_a_database_that_is_away_for_a_moment_loses_no_answer(model, say, alice, monkeypatch):
    failures, finish, claim = iter(range(3)), runs.finish, leases.claim

    def sometimes(function):
        def call(*args):
            if next(failures, None) is not None:
                raise OperationalError("the database is away")
            return function(*args)

        return call

    monkeypatch.setattr("bot.answering.job_runner.RETRY_DELAY", 0.05)
    monkeypatch.setattr(leases, "claim", sometimes(claim))
    monkeypatch.setattr(runs, "finish", sometimes(finish))
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert run.message.text == "Hello." and next(failures, None) is None


async def test_a_database_that_is_away_is_given_time_before_each_further_try(say, alice, monkeypatch):
    await run_db(say, alice, "@bot hi")
    [run_id] = await run_db(leases.claim, "patient", 10)
    wait, tries, finish, sleep = 0.0123, [], runs.finish, asyncio.sleep

    def third_time(*args):
        tries.append("try")
        if tries.count("try") < 3:
            raise OperationalError("the database is away")
        return finish(*args)

    async def noted(seconds):
        if seconds == wait:
            tries.append("wait")
        await sleep(seconds)

    job = job_runner.JobRunner(await run_db(runs.load, run_id))
    monkeypatch.setattr(runs, "finish", third_time)
    monkeypatch.setattr(job_runner, "RETRY_DELAY", wait)
    monkeypatch.setattr(asyncio, "sleep", noted)
    await job._save_outcome(answer.Outcome(RunState.DONE))
    assert tries == ["try", "wait", "try", "wait", "try"]
    assert (await run_db(Run.objects.get)).state == RunState.DONE


async def test_a_worker_that_took_its_own_run_over_writes_as_the_later_one(say, alice):
    question = await run_db(say, alice, "@bot hi")
    [run_id] = await run_db(leases.claim, "slept", 10)
    before = await run_db(runs.load, run_id)
    await run_db(Run.objects.update, lease_until=timezone.now() - timedelta(seconds=1))
    assert await run_db(leases.claim, "slept", 10) == [run_id]
    assert not await run_db(runs.finish, before, RunState.DONE, "Old.")
    assert await run_db(runs.finish, await run_db(runs.load, run_id), RunState.DONE, "New.")
    assert (await answered(question)).message.text == "New."


@pytest.mark.django_db
def test_what_a_dead_worker_held_is_taken_over_at_once(say, alice, room):
    say(alice, "@bot hi")
    [run] = leases.claim("host:1:abc", 10)
    assert leases.expire("bc") == leases.expire("other") == 0 and not leases.claim("host:2:def", 10)
    assert leases.expire("abc") == 1 and leases.claim("host:2:def", 10) == [run]


def test_the_times_are_those_that_are_promised():
    assert timedelta(seconds=30) == leases.LEASE and leases.MAX_ATTEMPTS == 2
    assert (worker.RENEW_INTERVAL, worker.DRAIN_TIMEOUT, worker.SAVE_INTERVAL) == (
        10,
        20,
        1,
    ) and worker.STOP_CHECK_INTERVAL <= 0.5
    assert answer.TIMEOUT == 300
    assert (breaker.FAILURE_THRESHOLD, breaker.FAILURE_WINDOW) == (5, 60)


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
