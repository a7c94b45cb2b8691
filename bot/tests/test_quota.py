"""Quotas: refused in words before the model is asked, and right however Redis fares."""

import math
import socket
import threading
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from django.db import close_old_connections, transaction
from django.utils import timezone

from bot.llm.errors import ModelError
from bot.models import Run, RunState, Usage
from bot.provisioning import create_bot
from bot.queue import leases, quota, runs, token_counters
from common.circuit_breaker import CircuitBreaker
from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db
from rooms.models import MessageState
from rooms.services import bot_replies

from .conftest import answered, until, working

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
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


def keys(run, day=None):
    return quota._keys(quota._limits(run), day or quota.utc_today())


def counted(run, day=None):
    """What the person's counter says."""
    return token_counters._run("return tonumber(redis.call('GET', KEYS[1]))", keys(run, day))


def used(run, tokens_in=0, tokens_out=0):
    """Settle a run as `finish` does."""
    run.tokens_in, run.tokens_out = tokens_in, tokens_out
    with transaction.atomic():
        quota.settle(run)
        run.save()


def test_a_person_a_room_and_all_have_limits_of_their_own(asked, alice, bob, bot):
    bot.person_daily_tokens, bot.room_daily_tokens, bot.daily_tokens = 2500, 4000, 10_000
    bot.save()
    quota.reserve(asked(alice), 200)
    quota.reserve(asked(alice), 200)
    with pytest.raises(ModelError, match="You have used your share of @bot for today. It resets at 00:00 UTC, in "):
        quota.reserve(asked(alice), 200)
    quota.reserve(asked(bob), 200)
    with pytest.raises(ModelError, match="This room has used its share"):
        quota.reserve(asked(bob), 200)


def test_what_was_not_used_is_given_back(asked, bot):
    bot.person_daily_tokens = 1500
    bot.save()
    first = asked()
    quota.reserve(first, 200)
    used(first, 100, 50)
    assert (first.spent, first.reserved) == (150, 0)
    quota.reserve(asked(), 200)


def test_what_a_dead_worker_may_have_used_counts(asked):
    run = asked()
    Run.objects.filter(pk=run.pk).update(attempts=1, state=RunState.RUNNING)
    quota.reserve(runs.load(run.pk), 200)
    Run.objects.filter(pk=run.pk).update(attempts=2)
    again = runs.load(run.pk)
    quota.reserve(again, 200)
    assert (again.spent, again.reserved, counted(run)) == (1200, 1200, 2400)
    used(again, 10, 10)
    assert (again.spent, counted(run)) == (1220, 1220)


def test_an_empty_redis_is_filled_from_the_rows(asked, bot):
    bot.person_daily_tokens = 2400
    bot.save()
    first = asked()
    quota.reserve(first, 200)
    used(first, 1000, 300)
    token_counters._run("return redis.call('DEL', unpack(KEYS))", keys(first))
    with pytest.raises(ModelError):
        quota.reserve(asked(), 200)


def test_without_redis_the_rows_are_asked(asked, bot, settings):
    settings.REDIS_URLS = ["unix:///nowhere/redis.sock"]
    bot.person_daily_tokens = 1500
    bot.save()
    quota.reserve(asked(), 200)
    with pytest.raises(ModelError):
        quota.reserve(asked(), 200)


def test_two_at_once_cannot_both_have_the_last(asked, bot):
    bot.person_daily_tokens = 1300
    bot.save()
    outcomes, together = [], threading.Barrier(6)

    def reserve(run):
        together.wait()
        try:
            quota.reserve(run, 200)
            outcomes.append("reserved")
        except ModelError:
            outcomes.append("refused")
        finally:
            close_old_connections()

    threads = [threading.Thread(target=reserve, args=(asked(),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 5 + ["reserved"]


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


def test_a_bot_and_the_server_have_limits_for_the_month(asked, bot, settings):
    run = asked()
    month = quota.utc_today().replace(day=1)
    Usage.objects.create(day=month, bot=bot, room=run.room, asker=run.asker, tokens=5000)
    bot.monthly_tokens = 6000
    bot.save()
    with pytest.raises(ModelError, match="reached its limit for this month. It resets in "):
        quota.reserve(asked(), 200)
    bot.monthly_tokens = None
    bot.save()
    settings.BOT_MONTHLY_TOKENS = 6000
    with pytest.raises(ModelError, match="The bots of this server have used their share for this month"):
        quota.reserve(asked(), 200)
    settings.BOT_MONTHLY_TOKENS = 0  # any number
    quota.reserve(asked(), 200)


def test_all_bots_of_the_server_share_a_day(asked, bot, settings, say, alice, room):
    settings.BOT_DAILY_TOKENS = 2300
    quota.reserve(asked(), 200)
    other = create_bot("helper", model="m")
    question = say(alice, "@helper hi")
    run = runs.load(Run.objects.get(question=question, bot=other).pk)
    with pytest.raises(ModelError, match="The bots of this server have used their share for today"):
        quota.reserve(run, 200)


def test_new_accounts_share_a_budget_until_somebody_vouches_for_them(asked, alice, bob, charlie, settings):
    settings.BOT_NEWCOMER_TOKENS = 2300
    quota.reserve(asked(alice), 200)
    with pytest.raises(ModelError, match="New accounts have used their share"):
        quota.reserve(asked(bob), 200)
    bob.vouched = True
    bob.save()
    quota.reserve(asked(bob), 200)
    charlie.date_joined = timezone.now() - timedelta(days=2)
    charlie.save()
    quota.reserve(asked(charlie), 200)


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


def test_what_redis_did_not_count_is_not_taken_from_its_counters(asked, breaker):
    used_first = asked()
    quota.reserve(used_first, 200)
    used(used_first, 1000, 0)
    run = asked()
    breaker.trip()
    quota.reserve(run, 5000)
    breaker.reset()
    used(run, 100, 0)
    quota.reserve(asked(), 200)
    assert counted(run) == 1000 + 100 + 1200


def test_what_redis_was_not_told_of_is_counted_anew(asked, breaker):
    run = asked()
    quota.reserve(run, 5000)
    breaker.trip()
    used(run, 100, 0)
    breaker.reset()
    quota.reserve(asked(), 200)
    assert counted(run) == 100 + 1200


def test_what_was_reserved_before_midnight_is_settled_there(asked, monkeypatch):
    run, today = asked(), quota.utc_today()
    quota.reserve(run, 5000)
    monkeypatch.setattr(quota, "utc_today", lambda: today + quota.DAY)
    quota.reserve(asked(), 10)
    before = counted(run)
    used(runs.load(run.pk), 100, 10)
    assert counted(run) == before and counted(run, today) == 110


def test_a_redis_that_hangs_is_waited_for_once(asked, breaker, settings, monkeypatch):
    monkeypatch.setattr(token_counters, "TIMEOUT", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URLS = [f"redis://127.0.0.1:{silent.getsockname()[1]}"]
        quota.reserve(asked(), 200)
        assert breaker.open
        silent.setblocking(False)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()


def test_all_together_have_a_limit(asked, alice, bob, bot):
    bot.daily_tokens = 2400
    bot.save()
    quota.reserve(asked(alice), 200)
    quota.reserve(asked(bob), 200)
    with pytest.raises(ModelError, match="@bot has reached its limit for today"):
        quota.reserve(asked(alice), 200)


def test_what_was_used_yesterday_does_not_count(asked, bot):
    bot.person_daily_tokens = 1500
    bot.save()
    run = asked()
    Usage.objects.create(day=quota.utc_today() - quota.DAY, bot=bot, room=run.room, asker=run.asker, tokens=5000)
    quota.reserve(asked(), 200)


@pytest.mark.parametrize(
    ("now", "monthly", "left"),
    [
        (datetime(2026, 1, 1, 23, 30, tzinfo=UTC), False, {"left": "30 min"}),
        (datetime(2026, 1, 1, 22, 59, tzinfo=UTC), False, {"left": "1 h"}),
        (datetime(2026, 1, 26, 7, 12, tzinfo=UTC), True, {"count": 5}),
        (datetime(2026, 12, 30, 0, 0, tzinfo=UTC), True, {"count": 2}),
        (datetime(2026, 2, 27, 0, 1, tzinfo=UTC), True, {"left": "47 h"}),
    ],
)
def test_how_long_it_is_until_tokens_are_counted_anew(monkeypatch, now, monthly, left):
    monkeypatch.setattr(quota, "_now", lambda: now)
    assert quota.time_left(monthly) == left
