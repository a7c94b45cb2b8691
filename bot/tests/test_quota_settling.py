"""What a run reserved is settled: with what it used, wherever and whenever it ended."""

import pytest

from bot.models import Run, RunState, Usage
from bot.queue import leases, quota, runs
from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db
from rooms.models import MessageState
from rooms.services import bot_replies

from .conftest import answered, until, working
from .token_counts import counted, used

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("breaker")]


async def test_a_refusal_is_told_in_the_room_and_the_model_is_not_asked(model, say, alice, bot):
    bot.person_daily_tokens = 100
    await run_db(bot.save)
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert run.message.state == MessageState.FAILED and "your share" in run.message.note
    assert not model.requests


async def test_an_answer_is_settled_with_what_it_used(model, say, alice):
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert run.reserved == 0 and run.spent == run.tokens_in + run.tokens_out > 0
    assert await run_db(counted, run) == run.spent == await run_db(lambda: Usage.objects.get().tokens)


async def test_a_request_that_left_counts_though_it_was_stopped_before_the_first_word(model, say, alice, room):
    """Again and again: stop and retry spend nothing that is not counted."""
    model.say("too late", first_delay=30)
    before = 0
    async with working():
        question = await run_db(say, alice, "@bot hi")
        for asked in (1, 2, 3):
            await until(lambda asked=asked: len(model.requests) == asked)
            reply = await run_db(lambda: Run.objects.get(question=question).message_id)
            await run_db(bot_replies.stop, alice, room.name, reply)
            run = await answered(question)
            assert run.tokens_in > 100 and run.spent >= before + run.tokens_in
            before = run.spent
            if asked < 3:
                await run_db(bot_replies.retry, alice, room.name, reply)
    assert await run_db(counted, run) == before


@pytest.mark.parametrize(("status", "counts"), [(400, False), (429, False), (503, False), (502, True), (504, True)])
async def test_what_a_gateway_got_no_answer_for_may_have_to_be_paid(model, say, alice, status, counts):
    model.next(*[Model.error(status)] * 3)
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert run.state == RunState.FAILED and model.requests
    assert (run.tokens_in > 0) is counts


async def test_each_round_is_reserved_before_it_leaves(model, say, alice, bot):
    """A model that goes on looking things up ends at the limit, not six requests later."""
    for number in range(8):
        model.next(Model(calls=[("said_by", {"name": "alice", "words": str(number)})], usage=False))
    async with working():
        first = await answered(await run_db(say, alice, "@bot hi"))
        assert len(model.requests) == 6 and first.spent > 0
        bot.person_daily_tokens = await run_db(counted, first) + first.spent // 3
        await run_db(bot.save)
        second = await answered(await run_db(say, alice, "@bot hi again"))
    assert second.state == RunState.FAILED and "your share" in second.message.note
    assert len(model.requests) < 6 + 4
    assert await run_db(counted, second) <= bot.person_daily_tokens


def test_tokens_from_a_cache_count_as_what_they_cost(bot):
    bot.price_in, bot.price_out = 2.0, 8.0
    assert bot.weight(1000, 800, 100) == 1100 and bot.cost(1000, 800, 100) == pytest.approx(0.0028)
    bot.price_cached = 0.5
    assert bot.weight(1000, 800, 100) == 200 + 200 + 100 and bot.cost(1000, 800, 100) == pytest.approx(0.0016)


async def test_a_model_that_was_not_reached_costs_nothing(model, say, alice, settings):
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert run.state == RunState.FAILED
    assert (run.tokens_in, run.tokens_out, run.reserved, run.spent, await run_db(counted, run)) == (0, 0, 0, 0, 0)


def test_who_ends_without_a_worker_gives_back_what_was_reserved(say, alice, room):
    question = say(alice, "@bot hi")
    [id] = leases.claim("w", 1)
    run = runs.load(id)
    quota.reserve(run, 200)
    runs.release(run, None)
    assert counted(run) == 0  # nothing had left for the model
    bot_replies.stop(alice, room.name, question.runs.get().message_id)
    ended = Run.objects.get()
    assert (ended.state, ended.reserved, ended.reserved_on, counted(run)) == (RunState.STOPPED, 0, None, 0)


def test_what_was_reserved_before_midnight_is_settled_there(asked, monkeypatch):
    run, today = asked(), quota.utc_today()
    quota.reserve(run, 5000)
    monkeypatch.setattr(quota, "utc_today", lambda: today + quota.DAY)
    quota.reserve(asked(), 10)
    before = counted(run)
    used(runs.load(run.pk), 100, 10)
    assert counted(run) == before and counted(run, today) == 110
