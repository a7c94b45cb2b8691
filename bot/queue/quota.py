"""How many tokens bots may use: for a person, a room, a bot and the server, in a day and in a month (UTC).

Each request to a model is reserved before it leaves and settled after it, so a limit holds to within one request.
The Usage rows and what open runs have reserved are the truth; Redis has counters made from them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from accounts.models import User
from site_settings import current

from ..llm.errors import ModelError
from ..models import OPEN, Run, Usage
from ..reasons import FAILURES
from . import sql, token_counters
from .token_counters import TokenCounter

DEFAULT_ANSWER_TOKENS = 1000  # tokens expected of an answer whose length is not limited
DAY = timedelta(days=1)
UNLIMITED = 2**53  # Redis' scripts count in floating point
NEW_ACCOUNT = timedelta(days=1)  # until then an account shares the newcomers' tokens


@dataclass(frozen=True, slots=True)
class _Limit:
    """One limit that a run has to keep."""

    name: str  # of its counter
    most: int | None  # tokens; None: any number
    only: Q  # which Usage rows and runs count towards it
    refusal: str  # a key of FAILURES; of a month there is another, with _for_days, for two days and more
    monthly: bool = False

    def counter(self, key: str) -> TokenCounter:
        kept = DAY * (33 if self.monthly else 2)
        return TokenCounter(key, UNLIMITED if self.most is None else self.most, int(kept.total_seconds()))


def reserve(run: Run, request_tokens: int) -> None:
    """Set aside what the next request may use, beside what the run has used so far.

    request_tokens: an estimate of what is about to be sent. Raises ModelError, with when it goes on, for the limit that
    would be exceeded; nothing is reserved then.
    """
    if run.reserved_by and run.reserved_by != run.attempts:
        _count_lost_attempt(run)
    wanted = run.used_tokens + request_tokens + (run.bot.max_tokens or DEFAULT_ANSWER_TOKENS)
    more, today = wanted - run.reserved, run.reserved_on or utc_today()
    limits = _limits(run)
    full, counted = _reserve(run, more, limits, today)
    if full:
        raise _refusal(full, run)
    run.reserved, run.reserved_on, run.reserved_by = wanted, today, run.attempts
    if not counted:
        token_counters.invalidate(_keys(limits, today))
    _save_reservation(run)


def settle(run: Run, lost: bool = False) -> None:
    """Count what was really used in place of what was reserved. The caller saves the row, in the same transaction.

    lost: its worker died, so that nobody knows; then all that was reserved counts.
    """
    if run.reserved:
        _count(run, run.reserved if lost else run.used_tokens)


def _count_lost_attempt(run: Run) -> None:
    """A worker died with requests on their way: what it had reserved may all have been used."""
    with transaction.atomic():
        _count(run, run.reserved)
        _save_reservation(run)


def _count(run: Run, used: int) -> None:
    day = run.reserved_on or utc_today()
    transaction.on_commit(partial(token_counters.increment, _keys(_limits(run), day), used - run.reserved), robust=True)
    if used:
        tokens = run.tokens_in, run.tokens_cached, run.tokens_out  # none of them is known of a worker that died
        sql.add_usage(day, (run.bot_id, run.room_id, run.asker_id), used, (*tokens, run.bot.cost(*tokens)))
    run.spent += used
    run.reserved, run.reserved_on, run.reserved_by = 0, None, 0


def _save_reservation(run: Run) -> None:
    fields = ("reserved", "reserved_on", "reserved_by", "spent")
    Run.objects.filter(pk=run.pk).update(**{name: getattr(run, name) for name in fields})


def _limits(run: Run) -> list[_Limit]:
    bot, own = run.bot, Q(bot=run.bot_id)
    person, room = own & Q(asker=run.asker_id), own & Q(room=run.room_id)
    limits = [
        _Limit(f"{bot.pk}:person:{run.asker_id}", bot.person_daily_tokens, person, "share_of_person_used"),
        _Limit(f"{bot.pk}:room:{run.room_id}", bot.room_daily_tokens, room, "share_of_room_used"),
        _Limit(f"{bot.pk}:all", bot.daily_tokens, own, "day_of_bot_used"),
        _Limit(f"{bot.pk}:month", bot.monthly_tokens, own, "month_of_bot_used", monthly=True),
        _Limit("server", current.number("BOT_DAILY_TOKENS") or None, Q(), "day_of_server_used"),
        _Limit("server:month", current.number("BOT_MONTHLY_TOKENS") or None, Q(), "month_of_server_used", monthly=True),
    ]
    if is_newcomer(run.asker):
        most = settings.BOT_NEWCOMER_TOKENS or None
        limits.append(_Limit("newcomers", most, newcomers(), "share_of_newcomers_used"))
    return limits


def is_newcomer(person: User) -> bool:
    """Whether the account is too new for a full share. Not for staff, or whoever was vouched for."""
    trusted = person.vouched or person.is_staff
    return not trusted and timezone.now() - person.date_joined < NEW_ACCOUNT


def newcomers() -> Q:
    """Which Usage rows and runs count towards the tokens that new accounts share."""
    since = timezone.now() - NEW_ACCOUNT
    return Q(asker__date_joined__gt=since, asker__vouched=False, asker__is_staff=False)


def _reserve(run: Run, amount: int, limits: list[_Limit], today: date) -> tuple[_Limit | None, bool]:
    """Which limit it would exceed, if one; and whether the counters hold it now."""
    counters = [limit.counter(key) for key, limit in zip(_keys(limits, today), limits, strict=True)]
    outcome = token_counters.reserve(counters, amount)
    if outcome == token_counters.MISSING:
        outcome = token_counters.reserve(counters, amount, _used(limits, today))
    if outcome is None:
        used = _used(limits, today)
        over = (
            each for each, sum in zip(limits, used, strict=True) if each.most is not None and sum + amount > each.most
        )
        return next(over, None), False
    return (limits[outcome - 1] if outcome else None), True


def _used(limits: list[_Limit], today: date) -> list[int]:
    """By the rows: what was counted in each limit's time, and what open runs have reserved."""
    month = today.replace(day=1)
    begins = [month if limit.monthly else today for limit in limits]

    def sums(column: str, day: str) -> dict[str, Sum]:
        return {
            f"limit_{number}": Sum(column, filter=limit.only & Q(**{f"{day}__gte": begin}), default=0)
            for number, (limit, begin) in enumerate(zip(limits, begins, strict=True))
        }

    used = Usage.objects.filter(day__gte=month).aggregate(**sums("tokens", "day"))
    held = Run.objects.filter(reserved__gt=0, state__in=OPEN).aggregate(**sums("reserved", "reserved_on"))
    return [used[name] + held[name] for name in used]


def _keys(limits: list[_Limit], day: date) -> list[str]:
    return [
        f"{settings.REDIS_PREFIX}:tokens:{day:{'%Y%m' if limit.monthly else '%Y%m%d'}}:{limit.name}" for limit in limits
    ]


def _now() -> datetime:
    return timezone.now().astimezone(UTC)


def utc_today() -> date:
    return _now().date()


def _refusal(full: _Limit, run: Run) -> ModelError:
    left = time_left(full.monthly)
    reason = f"{full.refusal}_for_days" if "count" in left else full.refusal
    params = {"bot": run.bot.user.username} | left
    return ModelError(reason, **{name: params[name] for name in FAILURES[reason].params})


def time_left(monthly: bool) -> dict[str, Any]:
    """To the end of the day, or of the month (UTC): {"left": "5 h"}; from two days on {"count": days}."""
    now = _now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    end = (midnight.replace(day=1) + 32 * DAY).replace(day=1) if monthly else midnight + DAY
    minutes = int((end - now).total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60
    if days >= 2:
        return {"count": days}
    return {"left": f"{hours} h" if hours else f"{minutes} min"}
