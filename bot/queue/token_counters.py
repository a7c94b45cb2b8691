"""Counters of tokens in Redis, several changed together in one step.

They only speed things up: whoever uses them says what a counter begins with, and works without them while Redis is
away. Counters that missed a change meanwhile are deleted when Redis is back, so that they begin anew.
"""

import logging
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple, cast

from django.conf import settings
from redis import Redis

from common.circuit_breaker import CircuitBreaker
from common.redis_clients import REDIS_AWAY, make_client

logger = logging.getLogger(__name__)

TIMEOUT = 0.5  # seconds that a reservation may wait for it
PAUSE = 2.0  # seconds without asking a Redis that did not answer
MISSING = -1

# KEYS: the counters. ARGV: the amount; for each key its limit; for each its seconds; then what each begins with, if
# known. Answers 0 when it was reserved, n when counter n would exceed its limit, -1 when a counter is missing.
_RESERVE = """
for i, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 0 then
    local start = ARGV[1 + 2 * #KEYS + i]
    if not start then return -1 end
    redis.call('SET', key, start, 'EX', ARGV[1 + #KEYS + i])
  end
end
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key)) + tonumber(ARGV[1]) > tonumber(ARGV[1 + i]) then return i end
end
for _, key in ipairs(KEYS) do redis.call('INCRBY', key, ARGV[1]) end
return 0
"""
# ARGV: by how much. A counter that is missing is made when it is needed.
_CHANGE = """
for _, key in ipairs(KEYS) do if redis.call('EXISTS', key) == 1 then redis.call('INCRBY', key, ARGV[1]) end end
return 0
"""


class TokenCounter(NamedTuple):
    key: str
    limit: int
    seconds: int  # that it is kept


def reserve(counters: Sequence[TokenCounter], amount: int, starts: Sequence[int] = ()) -> int | None:
    """Add an amount to all counters unless one would exceed its limit.

    starts: what counters that are missing begin with. Returns 0, or the number (from 1) of the counter that is full,
    or MISSING when one is and `starts` was not given; None when Redis does not answer.
    """
    limits, seconds = [each.limit for each in counters], [each.seconds for each in counters]
    return _run(_RESERVE, [each.key for each in counters], amount, *limits, *seconds, *starts)


def increment(keys: Sequence[str], by: int) -> None:
    """Add to the counters that are there, whatever their limits."""
    if _run(_CHANGE, keys, by) is None:
        invalidate(keys)


def invalidate(keys: Sequence[str]) -> None:
    """These counters are not to be trusted any more: they are deleted before Redis is asked again."""
    _outdated.update(keys)


_breaker = CircuitBreaker(PAUSE)
_outdated: set[str] = set()


def _run(script: str, keys: Sequence[str], *args: str | int) -> int | None:
    """What a script answers, or None when Redis does not."""
    if _breaker.open:
        return None
    client = _client(settings.REDIS_URLS[0])
    try:
        if outdated := list(_outdated):
            client.delete(*outdated)
            _outdated.difference_update(outdated)
        return cast(int, client.eval(script, len(keys), *keys, *args))
    except REDIS_AWAY as error:
        _breaker.trip()
        logger.warning("quotas are counted from the database: %s", type(error).__name__)
        return None


@cache
def _client(url: str) -> Redis:
    return make_client(url, TIMEOUT)
