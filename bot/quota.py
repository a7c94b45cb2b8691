"""How many tokens a person, a room and all together may use of a bot in a day (UTC).

Reserved before the model is asked, settled after it, in one step each, in Redis; the Run rows are the truth from
which the counters are made when Redis has none, or does not answer.
"""

import logging
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis import Redis
from redis.exceptions import RedisError

from .faults import Fault
from .models import Run

logger = logging.getLogger(__name__)

ANSWER = 1000  # tokens expected of an answer whose length is not limited
DAY = timedelta(days=1)
PAUSE = 2.0  # seconds without asking a Redis that did not answer

WHOSE = (
    _("You have used your share of @{bot} for today. It goes on at 00:00 UTC, in {left}."),
    _("This room has used its share of @{bot} for today. It goes on at 00:00 UTC, in {left}."),
    _("@{bot} has written as much as it may today. It goes on at 00:00 UTC, in {left}."),
)

# KEYS: the counters. ARGV: the amount, the seconds they last, the limits, then what they begin with, if known.
# Answers 0 when it was reserved, n when counter n is too high, -1 when a counter is missing.
RESERVE = """
for i, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 0 then
    local start = ARGV[2 + #KEYS + i]
    if not start then return -1 end
    redis.call('SET', key, start, 'EX', ARGV[2])
  end
end
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('GET', key)) + tonumber(ARGV[1]) > tonumber(ARGV[2 + i]) then return i end
end
for _, key in ipairs(KEYS) do redis.call('INCRBY', key, ARGV[1]) end
return 0
"""
# ARGV: by how much. A counter that is missing is made from the rows when it is needed.
SETTLE = """
for _, key in ipairs(KEYS) do if redis.call('EXISTS', key) == 1 then redis.call('INCRBY', key, ARGV[1]) end end
return 0
"""


def reserve(run: Run, tokens: int) -> None:
    """Set aside what an answer may cost. Raises Fault, in words and with when it goes on."""
    if run.reserved:
        return  # by a worker that died; the amount was settled by nobody
    amount, today = tokens + (run.bot.max_tokens or ANSWER), _midnight().date()
    full, counted = _reserve(run, amount, _keys(run, today))
    if full:
        raise Fault(WHOSE[full - 1].format(bot=run.bot.user.username, left=_left()))
    run.reserved, run.reserved_on = amount, today if counted else None
    Run.objects.filter(pk=run.pk).update(reserved=amount, reserved_on=run.reserved_on)


def settle(run: Run) -> None:
    """Count what was really used in place of what was reserved; the caller saves the row, in a transaction."""
    if run.reserved:
        used = run.tokens_in + run.tokens_out
        correct = partial(
            _correct, _keys(run, run.reserved_on or _midnight().date()), run.reserved_on, used - run.reserved
        )
        transaction.on_commit(correct, robust=True)
        run.spent += used
        run.reserved, run.reserved_on = 0, None


def _reserve(run: Run, amount: int, keys: list[str]) -> tuple[int, bool]:
    """Which limit it would exceed, 0 for none; and whether the counters hold it now."""
    bot = run.bot
    limits = [bot.person_daily_tokens, bot.room_daily_tokens, bot.daily_tokens]
    seconds = int((DAY * 2).total_seconds())
    outcome = _redis(RESERVE, keys, amount, seconds, *limits)
    if outcome == -1:
        outcome = _redis(RESERVE, keys, amount, seconds, *limits, *_used(run))
    if outcome is None:
        _outdated.update(keys)
        used = _used(run)
        return next((n for n, limit in enumerate(limits, 1) if used[n - 1] + amount > limit), 0), False
    return outcome, True


def _correct(keys: list[str], reserved_on: date | None, by: int) -> None:
    """The counters follow the rows: those that never held what was reserved are made anew from them."""
    if reserved_on is None or _redis(SETTLE, keys, by) is None:
        _outdated.update(keys)


def _used(run: Run) -> list[int]:
    """Of today, by the rows: the person, the room, all."""
    used = F("spent") + F("reserved")
    scopes = {"person": Q(asker=run.asker_id), "room": Q(room=run.room_id), "all": Q()}
    sums = {name: Sum(used, filter=only, default=0) for name, only in scopes.items()}
    today = Run.objects.filter(bot=run.bot, queued__gte=_midnight()).aggregate(**sums)
    return [today[name] for name in scopes]


def _keys(run: Run, day: date) -> list[str]:
    # The braces keep the three together on a Redis cluster.
    base = f"{settings.REDIS_PREFIX}:{{tokens:{run.bot_id}}}:{day:%Y%m%d}"
    return [f"{base}:person:{run.asker_id}", f"{base}:room:{run.room_id}", f"{base}:all"]


def _midnight() -> datetime:
    return timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _left() -> str:
    left = _midnight() + DAY - timezone.now()
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    return f"{hours} h" if hours else f"{minutes} min"


_client: tuple[str, Redis] | None = None
_away_until = 0.0
_outdated: set[str] = set()  # counters that Redis could not be told of; they go when it can be


def _redis(script: str, keys: list[str], *args) -> int | None:
    """What a script answers, or None when Redis does not."""
    global _client, _away_until
    if time.monotonic() < _away_until:
        return None
    if _client is None or _client[0] != settings.REDIS_URLS[0]:
        limits = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5, "max_connections": 100}
        _client = settings.REDIS_URLS[0], Redis.from_url(settings.REDIS_URLS[0], **limits)
    try:
        if gone := list(_outdated):
            _client[1].delete(*gone)
            _outdated.difference_update(gone)
        return _client[1].eval(script, len(keys), *keys, *args)
    except (RedisError, OSError) as error:
        _away_until = time.monotonic() + PAUSE
        logger.warning("quotas are counted from the database: %s", type(error).__name__)
        return None
