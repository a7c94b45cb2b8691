"""Quotas stay right however Redis fares: empty, away, hanging, or not told of something."""

import socket

import pytest

from bot.llm.errors import ModelError
from bot.queue import quota, token_counters

from .token_counts import counted, keys, used

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("breaker")]


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
