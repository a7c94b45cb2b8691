"""How often somebody may post: over all processes, and without Redis too."""

import asyncio
import math
import signal
from functools import cache

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError
from redis import Redis

from common.circuit_breaker import CircuitBreaker
from rooms.kernel import rate_limits, sliding_window
from rooms.kernel.errors import ChatError, unavailable
from rooms.kernel.rate_limits import check_post, check_posts

ALICE, BOB = 1, 2
PATIENT = 10  # seconds: a busy machine is no Redis that is away


@pytest.fixture(autouse=True)
def fresh(redis_server, settings, monkeypatch):
    settings.RATE_MESSAGES, settings.RATE_SECONDS = 5, 60
    monkeypatch.setattr(rate_limits, "TIMEOUT", PATIENT)
    monkeypatch.setattr(rate_limits, "_script", cache(rate_limits._script.__wrapped__))
    monkeypatch.setattr(rate_limits, "_local", rate_limits.SlidingLog())
    monkeypatch.setattr(rate_limits, "_breaker", CircuitBreaker(math.inf))
    with Redis.from_url(django_settings.REDIS_URLS[0]) as redis:
        redis.flushdb()


def refused(answers) -> list[bool]:
    return [answer is not None for answer in answers]


async def test_a_group_is_answered_in_order_and_each_person_counts_alone():
    answers = await check_posts([ALICE] * 6 + [BOB] * 6)
    assert refused(answers) == ([False] * 5 + [True]) * 2
    assert answers[5].code == "rate_limited"
    assert 59 < answers[5].retry_after <= 60


async def test_what_one_changes_is_counted_over_all_sockets(monkeypatch):
    monkeypatch.setattr(rate_limits, "COMMANDS", 3)
    for _ in range(3):
        await rate_limits.check_command(ALICE)
    with pytest.raises(ChatError, match="Too many changes at once. Wait 10 s.") as refused:
        await rate_limits.check_command(ALICE)
    assert refused.value.code == "rate_limited" and 9 < refused.value.retry_after <= 10
    await rate_limits.check_command(BOB)


async def test_a_command_that_the_database_could_not_do_does_not_count(monkeypatch):
    monkeypatch.setattr(rate_limits, "COMMANDS", 2)
    for _ in range(5):
        with pytest.raises(OperationalError):
            async with rate_limits.counted_command(ALICE):
                raise OperationalError("gone")
    for _ in range(2):
        async with rate_limits.counted_command(ALICE):
            pass
    with pytest.raises(ChatError, match="Too many changes at once"):
        await rate_limits.check_command(ALICE)


@pytest.mark.parametrize("away", [OperationalError("gone"), unavailable()], ids=["raised", "answered"])
@pytest.mark.parametrize("redis", ["here", "away"])
def test_a_call_that_the_database_could_not_do_does_not_count(away, redis, monkeypatch):
    if redis == "away":
        rate_limits._breaker.trip()
    for _ in range(7):
        with pytest.raises(type(away)), rate_limits.counted_post(ALICE):
            raise away
    for _ in range(4):
        check_post(ALICE)
    with pytest.raises(ChatError, match="The message is empty"), rate_limits.counted_post(ALICE):
        raise ChatError("message_empty")
    with pytest.raises(ChatError, match="too fast"):
        check_post(ALICE)


@pytest.mark.parametrize("redis", ["here", "away"])
async def test_posts_are_given_back_one_for_one(redis):
    if redis == "away":
        rate_limits._breaker.trip()
    await check_posts([ALICE] * 5 + [BOB] * 5)
    await rate_limits.give_back([ALICE, BOB, ALICE])
    assert refused(await check_posts([ALICE] * 3 + [BOB] * 2)) == [False, False, True, False, True]


async def test_a_refused_post_does_not_count():
    await check_posts([ALICE] * 50)
    with Redis.from_url(django_settings.REDIS_URLS[0]) as redis:
        assert redis.llen(f"{django_settings.REDIS_PREFIX}:posts:{ALICE}") == 5


async def test_the_wait_that_is_told_is_enough(settings):
    settings.RATE_MESSAGES, settings.RATE_SECONDS = 1, 1
    [first, second] = await check_posts([ALICE, ALICE])
    assert first is None
    await asyncio.sleep(second.retry_after)
    assert refused(await check_posts([ALICE])) == [False]


async def test_a_clock_that_was_put_back_bars_nobody():
    await check_posts([ALICE] * 5)
    with Redis.from_url(django_settings.REDIS_URLS[0]) as redis:
        key = f"{django_settings.REDIS_PREFIX}:posts:{ALICE}"
        in_an_hour = [int(time) + 3_600_000 for time in redis.lrange(key, 0, -1)]
        redis.delete(key)
        redis.rpush(key, *in_an_hour)
    assert refused(await check_posts([ALICE] * 6)) == [False] * 5 + [True]


async def test_sockets_and_the_api_share_one_count():
    await check_posts([ALICE] * 3)
    for _ in range(2):
        await asyncio.to_thread(check_post, ALICE)
    with pytest.raises(ChatError) as refusal:
        await asyncio.to_thread(check_post, ALICE)
    assert refusal.value.code == "rate_limited"


async def test_processes_share_one_count(elsewhere):
    await elsewhere(
        "from django.conf import settings; settings.RATE_MESSAGES, settings.RATE_SECONDS = 5, 60\n"
        f"from rooms.kernel import rate_limits as limits; limits._OPTIONS = {PATIENT}\n"
        f"for _ in range(4): limits.check_post({ALICE})\n"
    )
    assert refused(await check_posts([ALICE] * 3)) == [False, True, True]


async def test_without_redis_each_process_counts_for_itself(lost_redis):
    assert refused(await check_posts([ALICE] * 6)) == [False] * 5 + [True]
    with pytest.raises(ChatError):
        await asyncio.to_thread(check_post, ALICE)
    assert refused(await check_posts([BOB])) == [False]


async def test_a_redis_that_hangs_is_waited_for_once(redis_server, monkeypatch):
    """Then the breaker is open, and nobody waits."""
    monkeypatch.setattr(rate_limits, "TIMEOUT", 0.3)
    await check_posts([BOB])  # connected
    redis_server.process.send_signal(signal.SIGSTOP)
    try:
        assert refused(await check_posts([ALICE])) == [False]
        assert rate_limits._breaker.open
        monkeypatch.setattr(rate_limits, "_async_script", lambda: pytest.fail("asked again"))
        assert refused(await check_posts([ALICE] * 5)) == [False] * 4 + [True]
    finally:
        redis_server.process.send_signal(signal.SIGCONT)


async def test_a_redis_that_is_back_empty_counts_anew(lost_redis, monkeypatch):
    await check_posts([ALICE] * 6)
    lost_redis.start()
    monkeypatch.setattr(rate_limits, "_breaker", CircuitBreaker(rate_limits.PAUSE))  # its pause is over
    with Redis.from_url(django_settings.REDIS_URLS[0]) as redis:
        redis.flushall()
        redis.script_flush()
    assert refused(await check_posts([ALICE] * 6)) == [False] * 5 + [True]


def test_the_local_log_forgets_who_is_quiet(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(sliding_window.time, "monotonic", lambda: clock[0])
    log = sliding_window.SlidingLog()
    for user_id in range(5000):
        clock[0] += 0.01
        log.check(user_id, 5, 10)
    assert len(log._times) < 3000
