"""What is left of each limit of tokens: for a person, a room, and, for staff, for bots and the server.

Read from the database, as it is; the limits themselves are kept by queue/quota.py.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q, Sum
from django.utils.translation import ngettext

from accounts.models import User
from rooms.models import Room
from site_settings import current

from ..models import OPEN, Bot, Run, Usage
from ..queue import quota


@dataclass(frozen=True, slots=True)
class Budget:
    """Tokens of a day or of a month (UTC). bot: whose; None: all bots together."""

    bot: Bot | None
    used: int  # those that open runs have reserved among them
    limit: int | None  # None: no limit
    monthly: bool = False
    newcomers: bool = False  # shared by all new accounts

    @property
    def left(self) -> int | None:
        """In tokens, never negative; None without a limit."""
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def resets_in(self) -> str:
        """For people: "5 hours", "12 days"."""
        left = quota.time_left(self.monthly)
        return left["left"] if "left" in left else ngettext("%(count)s day", "%(count)s days", left["count"]) % left


def of_person(user: User, bots: list[Bot]) -> list[Budget]:
    """One budget a bot, for today, and a newcomer's own, which is for all bots together."""
    used = _used_by_bot(asker=user)
    budgets = [Budget(bot, used.get(bot.pk, 0), bot.person_daily_tokens) for bot in bots]
    if quota.is_newcomer(user) and settings.BOT_NEWCOMER_TOKENS:
        budgets.append(_of_newcomers())
    return budgets


def of_room(room: Room, bots: list[Bot]) -> list[Budget]:
    """One budget a bot, for today."""
    used = _used_by_bot(room=room)
    return [Budget(bot, used.get(bot.pk, 0), bot.room_daily_tokens) for bot in bots]


def of_server(bots: list[Bot]) -> list[Budget]:
    """Those of each bot, then those of the server. Limits that are not set are left out."""
    today, month = _used_by_bot(), _used_by_bot(monthly=True)
    budgets = []
    for bot in bots:
        budgets.append(Budget(bot, today.get(bot.pk, 0), bot.daily_tokens))
        budgets.append(Budget(bot, month.get(bot.pk, 0), bot.monthly_tokens, monthly=True))
    budgets.append(Budget(None, sum(today.values()), current.number("BOT_DAILY_TOKENS") or None))
    budgets.append(Budget(None, sum(month.values()), current.number("BOT_MONTHLY_TOKENS") or None, monthly=True))
    if settings.BOT_NEWCOMER_TOKENS:
        budgets.append(_of_newcomers())
    return [budget for budget in budgets if budget.limit is not None]


def _of_newcomers() -> Budget:
    used = sum(_used_by_bot(quota.newcomers()).values())
    return Budget(None, used, settings.BOT_NEWCOMER_TOKENS, newcomers=True)


def _used_by_bot(*which: Q, monthly: bool = False, **only: Any) -> dict[int, int]:
    """Id of a bot → tokens counted and reserved, today or this month."""
    today = quota.utc_today()
    since = today.replace(day=1) if monthly else today
    counted = Usage.objects.filter(*which, day__gte=since, **only).values_list("bot").annotate(Sum("tokens"))
    held = Run.objects.filter(*which, state__in=OPEN, reserved__gt=0, reserved_on__gte=since, **only)
    used = dict(counted.order_by())
    for bot, tokens in held.order_by().values_list("bot").annotate(Sum("reserved")):
        used[bot] = used.get(bot, 0) + tokens
    return used
