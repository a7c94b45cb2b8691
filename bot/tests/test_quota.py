"""Quotas: refused in words before the model is asked, and right however Redis fares."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import close_old_connections, transaction

from bot import claims, quota, runs
from bot.faults import Fault
from bot.models import Run, RunState
from rooms import replies
from rooms.db import run_db
from rooms.models import State

from .conftest import answered, working

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh(redis_server):
    quota._away_until = 0.0
    quota._outdated.clear()
    quota._redis("for _, key in ipairs(redis.call('KEYS', '*tokens:*')) do redis.call('DEL', key) end return 0", [])


@pytest.fixture
def asked(say, alice, bot):
    """asked(user=alice) → a claimed, loaded run."""

    def ask(user=alice):
        question = say(user, "@bot hi")
        Run.objects.filter(question=question).update(state=RunState.DONE, worker="w")
        return runs.load(Run.objects.get(question=question).pk)

    return ask


def counted(run, day=None):
    """What the person's counter says."""
    return quota._redis("return tonumber(redis.call('GET', KEYS[1]))", quota._keys(run, day or quota._midnight()))


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
    with pytest.raises(Fault, match="You have used your share of @bot for today. It goes on at 00:00 UTC, in "):
        quota.reserve(asked(alice), 200)
    quota.reserve(asked(bob), 200)
    with pytest.raises(Fault, match="This room has used its share"):
        quota.reserve(asked(bob), 200)


def test_what_was_not_used_is_given_back(asked, bot):
    bot.person_daily_tokens = 1500
    bot.save()
    first = asked()
    quota.reserve(first, 200)
    used(first, 100, 50)
    assert (first.spent, first.reserved) == (150, 0)
    quota.reserve(asked(), 200)


def test_a_taken_over_run_is_counted_once(asked, bot):
    bot.person_daily_tokens = 1500
    bot.save()
    run = asked()
    quota.reserve(run, 200)
    quota.reserve(runs.load(run.pk), 200)
    used(run, 10, 10)
    quota.reserve(asked(), 200)


def test_an_empty_redis_is_filled_from_the_rows(asked, bot, fresh):
    bot.person_daily_tokens = 2400
    bot.save()
    first = asked()
    quota.reserve(first, 200)
    used(first, 1000, 300)
    quota._redis("return redis.call('DEL', unpack(KEYS))", quota._keys(first, quota._midnight()))
    with pytest.raises(Fault):
        quota.reserve(asked(), 200)


def test_without_redis_the_rows_are_asked(asked, bot, settings):
    settings.REDIS_URLS = ["unix:///nowhere/redis.sock"]
    bot.person_daily_tokens = 1500
    bot.save()
    quota.reserve(asked(), 200)
    with pytest.raises(Fault):
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
        except Fault:
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
    assert run.message.state == State.FAILED and "your share" in run.message.note
    assert not model.requests


async def test_an_answer_is_settled_with_what_it_used(model, say, alice):
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert run.reserved == 0 and run.spent == run.tokens_in + run.tokens_out > 0
    assert counted(run) == run.spent


async def test_a_model_that_was_not_reached_costs_nothing(model, say, alice, settings):
    settings.OPENAI_BASE_URL = "http://127.0.0.1:9/v1"
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert run.state == RunState.FAILED
    assert (run.tokens_in, run.tokens_out, run.reserved, run.spent, counted(run)) == (0, 0, 0, 0, 0)


def test_who_ends_without_a_worker_gives_back_what_was_reserved(say, alice, room):
    question = say(alice, "@bot hi")
    [id] = claims.claim("w", 1)
    run = runs.load(id)
    quota.reserve(run, 200)
    runs.release(run, None)
    assert counted(run) == 1200
    replies.stop(alice, room.name, question.runs.get().message_id)
    ended = Run.objects.get()
    assert (ended.state, ended.reserved, ended.reserved_on, counted(run)) == (RunState.STOPPED, 0, None, 0)


def test_what_redis_did_not_count_is_not_taken_from_its_counters(asked):
    used_first = asked()
    quota.reserve(used_first, 200)
    used(used_first, 1000, 0)
    run = asked()
    quota._away_until = time.monotonic() + 60
    quota.reserve(run, 5000)
    quota._away_until = 0.0
    used(run, 100, 0)
    quota.reserve(asked(), 200)
    assert counted(run) == 1000 + 100 + 1200


def test_what_redis_was_not_told_of_is_counted_anew(asked):
    run = asked()
    quota.reserve(run, 5000)
    quota._away_until = time.monotonic() + 60
    used(run, 100, 0)
    quota._away_until = 0.0
    quota.reserve(asked(), 200)
    assert counted(run) == 100 + 1200


def test_what_was_reserved_before_midnight_is_settled_there(asked, monkeypatch):
    run, today = asked(), quota._midnight()
    quota.reserve(run, 5000)
    monkeypatch.setattr(quota, "_midnight", lambda: today + quota.DAY)
    quota.reserve(asked(), 10)
    before = counted(run)
    used(runs.load(run.pk), 100, 10)
    assert counted(run) == before and counted(run, today) == 110


def test_a_redis_that_hangs_costs_half_a_second_once(asked, settings):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URLS = [f"redis://127.0.0.1:{silent.getsockname()[1]}"]
        quota.reserve(asked(), 200)
        assert quota._away_until > time.monotonic()


def test_all_together_have_a_limit(asked, alice, bob, bot):
    bot.daily_tokens = 2400
    bot.save()
    quota.reserve(asked(alice), 200)
    quota.reserve(asked(bob), 200)
    with pytest.raises(Fault, match="@bot has written as much as it may today"):
        quota.reserve(asked(alice), 200)


def test_what_was_used_yesterday_does_not_count(asked, bot):
    bot.person_daily_tokens = 1500
    bot.save()
    yesterday = quota._midnight() - timedelta(seconds=1)
    Run.objects.filter(pk=asked().pk).update(spent=5000, queued=yesterday)
    quota.reserve(asked(), 200)
