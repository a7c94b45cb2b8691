"""Workers that die, leave or cannot reach a server: one answer, and a final state, whatever happens."""

import asyncio
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from bot.answering import answer, job_runner, worker
from bot.llm import breaker
from bot.models import Run, RunState
from bot.queue import leases, runs
from bot.reasons import FAILURES
from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db
from rooms.models import Message, MessageState
from rooms.services import bot_replies, membership

from .conftest import answered, screen, until, working
from .writing import LONG, writing

pytestmark = pytest.mark.django_db(transaction=True)


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
