"""What answers took: tokens and cost from the Usage rows; questions, failures and waiting times from the runs; and what
people think of them.

Runs are counted by the moment of their question, on an index that holds all that is asked for here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Count, F, Func, Q, QuerySet, Sum, Value, Window
from django.db.models.functions import Cast, Concat, RowNumber, Substr

from ..models import Feedback, Run, RunState, Usage
from .period import Period


@dataclass(slots=True)
class Figures:
    """Of a day, a bot, a room or a person. Waiting times are milliseconds from a question to the first word."""

    tokens: int = 0  # as quotas count them
    tokens_in: int = 0
    tokens_cached: int = 0  # of tokens_in
    tokens_out: int = 0
    cost: float | None = None  # None: no prices were set
    asked: int = 0
    failed: int = 0
    good: int = 0  # what people think of answers
    bad: int = 0
    wait_median: int | None = None
    wait_95: int | None = None

    @property
    def cached_percent(self) -> int | None:
        return round(100 * self.tokens_cached / self.tokens_in) if self.tokens_in else None

    @property
    def failed_percent(self) -> int | None:
        return round(100 * self.failed / self.asked) if self.asked else None

    @property
    def wait_median_seconds(self) -> float | None:
        return None if self.wait_median is None else self.wait_median / 1000

    @property
    def wait_95_seconds(self) -> float | None:
        return None if self.wait_95 is None else self.wait_95 / 1000

    def add(self, other: "Figures") -> None:
        """Add what can be added up."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.cost is not None:
            self.cost = (self.cost or 0) + other.cost

    def without(self, parts: list["Figures"]) -> "Figures":
        """What remains beside these parts."""
        rest = Figures(**{name: getattr(self, name) - sum(getattr(part, name) for part in parts) for name in _SUMS})
        if self.cost is not None:
            rest.cost = max(0.0, self.cost - sum(part.cost or 0 for part in parts))
        return rest


_SUMS = ("tokens", "tokens_in", "tokens_cached", "tokens_out", "asked", "failed", "good", "bad")
_OF_USAGE = ("tokens", "tokens_in", "tokens_cached", "tokens_out", "cost")


def total(by_day: dict[date, Figures]) -> Figures:
    """Without waiting times, which do not add up: see `add_total_waits`."""
    found = Figures()
    for each in by_day.values():
        found.add(each)
    return found


def tokens_by_day(period: Period, **only: Any) -> dict[date, Figures]:
    """Day → tokens and cost, for each day of the period. only: a filter on the bot, the room or the asker."""
    found = {day: Figures() for day in period.dates}
    _add_usage(found, _usage(period).filter(**only), F("day"))
    return found


def by_day(period: Period) -> dict[date, Figures]:
    """The same with all other figures."""
    found = tokens_by_day(period)
    by_name = {str(day): each for day, each in found.items()}
    _add_runs(by_name, _runs(period), _day_of("queued"))
    _add_feedback(by_name, _feedback(period), _day_of("given"))
    return found


def by_column(period: Period, column: str, limit: int, *which: Q) -> dict[int, Figures]:
    """Id of a bot, room or person → their figures, for the `limit` that used most. which: rows of Usage."""
    most = _usage(period).filter(*which, **{f"{column}__isnull": False}).values_list(column)
    keys = [key for key, _tokens in most.annotate(used=Sum("tokens")).order_by("-used", column)[:limit]]
    found = {key: Figures() for key in keys}
    chosen = Q(**{f"{column}__in": keys})
    _add_usage(found, _usage(period).filter(chosen), F(column))
    _add_runs(found, _runs(period).filter(chosen), F(column))
    of_runs = Q(**{f"run__{column}__in": keys})
    _add_feedback(found, _feedback(period).filter(of_runs), F(f"run__{column}"))
    return found


def add_total_waits(found: Figures, period: Period) -> None:
    """Fill in the median and the 95th percentile of all waits; those of parts cannot be added up."""
    for _key, wait, rank, size in _ranked(_runs(period), None):
        _take_wait(found, wait, rank, size)


def failures(period: Period) -> list[tuple[str, int]]:
    """(reason, how many), the most frequent first. Without a reason: from before these were kept."""
    # An expression: the index of states, which SQLite would choose for the column, does not hold the reasons.
    state = Concat("state", Value(""))
    failed = _runs(period).annotate(ended=state).filter(ended=RunState.FAILED).order_by().values_list("failure")
    return sorted(failed.annotate(Count("state")), key=lambda row: (-row[1], row[0]))


def _usage(period: Period) -> QuerySet[Usage]:
    return Usage.objects.filter(day__gte=period.first)


def _runs(period: Period) -> QuerySet[Run]:
    return Run.objects.filter(queued__gte=period.begin)


def _feedback(period: Period) -> QuerySet[Feedback]:
    return Feedback.objects.filter(given__gte=period.begin)


def _day_of(column: str) -> Substr:
    """The day (UTC), as text: TruncDate is a function in Python on SQLite, at thirty times the cost."""
    return Substr(Cast(column, CharField()), 1, 10)


def _add_feedback(found: Mapping[Any, Figures], feedback: QuerySet[Feedback], key: F | Func) -> None:
    counts = feedback.order_by().values_list(key, "is_good").annotate(Count("pk"))
    for value, is_good, count in counts:
        if each := found.get(value):
            setattr(each, "good" if is_good else "bad", count)


def _add_usage(found: Mapping[Any, Figures], usage: QuerySet[Usage], key: F | Func) -> None:
    for value, *sums in usage.order_by().values_list(key).annotate(*map(Sum, _OF_USAGE)):
        if each := found.get(value):
            for name, added_up in zip(_OF_USAGE, sums, strict=True):
                setattr(each, name, added_up)


def _add_runs(found: Mapping[Any, Figures], runs: QuerySet[Run], key: F | Func) -> None:
    failed = Count("state", filter=Q(state=RunState.FAILED))
    for value, asked, broken in runs.order_by().values_list(key).annotate(Count("state"), failed=failed):
        if each := found.get(value):
            each.asked, each.failed = asked, broken
    for value, wait, rank, size in _ranked(runs, key):
        if each := found.get(value):
            _take_wait(each, wait, rank, size)


def _ranked(runs: QuerySet[Run], key: F | Func | None) -> QuerySet[Any, Any]:
    """(key, wait, its rank among those of the key, how many they are) for the median and the 95th percentile."""
    waits = runs.filter(wait_ms__isnull=False).order_by()
    waits = waits.annotate(
        key=key or Value(""),
        rank=Window(RowNumber(), partition_by=key, order_by="wait_ms"),
        size=Window(Count("state"), partition_by=key),
    )
    wanted = Q(rank=_rank_of(50, F("size"))) | Q(rank=_rank_of(95, F("size")))
    return waits.filter(wanted).values_list("key", "wait_ms", "rank", "size")


def _rank_of(percent: int, size: Any) -> Any:
    """The nearest rank, rounded up; of a number or of a column, which divides as whole numbers too."""
    scaled = size * percent + 99
    return scaled // 100 if isinstance(scaled, int) else scaled / 100


def _take_wait(found: Figures, wait: int, rank: int, size: int) -> None:
    if rank == _rank_of(50, size):
        found.wait_median = wait
    if rank == _rank_of(95, size):
        found.wait_95 = wait
