"""The report for staff: what bots used in the last days, by day, bot, room and person, and what is left."""

import re
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from rooms.kernel.notes import NOTES
from rooms.models import Room

from ..models import Bot
from . import budgets, statistics
from .budgets import Budget
from .charts import Chart, draw
from .period import Period
from .statistics import Figures

ROWS = 20  # rooms and people shown by name


@dataclass(frozen=True, slots=True)
class Table:
    """rows: (name, figures), those that used most first; what is not among them is the last row."""

    title: str
    rows: list[tuple[str, Figures]]


@dataclass(frozen=True, slots=True)
class Report:
    period: Period
    total: Figures
    charts: list[Chart]
    failures: list[tuple[str, int]]  # (sentence, how many)
    tables: list[Table]
    budgets: list[Budget]

    @property
    def total_row(self) -> list[tuple[str, Figures]]:
        return [(_("In all"), self.total)]

    @property
    def has_costs(self) -> bool:
        return self.total.cost is not None


def make_report(reader: User, period: Period) -> Report:
    """Rooms that the reader may not enter are counted, and not named."""
    days = statistics.by_day(period)
    total = statistics.total(days)
    statistics.add_total_waits(total, period)
    bots = list(Bot.objects.select_related("user").order_by("user__username"))
    tables = [_of_bots(period, bots), _of_rooms(period, reader, total), _of_people(period, total)]
    failures = [(describe_failure(reason), count) for reason, count in statistics.failures(period)]
    enabled = [bot for bot in bots if bot.enabled]
    return Report(period, total, make_charts(days), failures, tables, budgets.of_server(enabled))


def make_charts(days: dict) -> list[Chart]:
    """One chart a figure; costs only where some bot has prices. days: figures by date."""
    charts = [tokens_chart(days)]
    if any(figures.cost is not None for figures in days.values()):
        charts.append(draw(_("Cost"), days, {_("Cost"): lambda day: day.cost}, digits=4))
    waits = {_("Median"): lambda day: day.wait_median_seconds, _("95th percentile"): lambda day: day.wait_95_seconds}
    asked = {_("Answered"): lambda day: day.asked - day.failed, _("Failed"): lambda day: day.failed}
    thought = {_("Good"): lambda day: day.good, _("Bad"): lambda day: day.bad}
    return [
        *charts,
        draw(_("Time to the first word"), days, waits, unit=_("s"), digits=1, stacked=False),
        draw(_("Questions"), days, asked, colors=(1, 3)),
        draw(_("What people think of answers"), days, thought, colors=(1, 3)),
    ]


def tokens_chart(days: dict) -> Chart:
    """Stacked: what the provider read anew, what it had in its cache, what it wrote."""
    series = {
        _("Read"): lambda day: day.tokens_in - day.tokens_cached,
        _("Read from the cache"): lambda day: day.tokens_cached,
        _("Written"): lambda day: day.tokens_out,
    }
    return draw(_("Tokens"), days, series)


def describe_failure(reason: str) -> str:
    """A reason of a note as a sentence, whose parameters are left open."""
    if reason not in NOTES:
        return _("Other reasons")
    template = NOTES[reason].template()
    return _PARAMETER.sub("…", template if isinstance(template, str) else template[-1])


_PARAMETER = re.compile(r"\{\w+\}")


def _of_bots(period: Period, bots: list[Bot]) -> Table:
    names = {bot.pk: str(bot) for bot in bots}
    return Table(_("Bots"), _named(statistics.by_column(period, "bot", len(names)), names))


def _of_rooms(period: Period, reader: User, total: Figures) -> Table:
    visible = Q(room__in=Room.objects.visible_to(reader.pk))
    found = statistics.by_column(period, "room", ROWS, visible)
    names = dict(Room.objects.filter(pk__in=found).values_list("pk", "title"))
    return Table(_("Rooms"), [*_named(found, names), (_("Other rooms"), total.without(list(found.values())))])


def _of_people(period: Period, total: Figures) -> Table:
    found = statistics.by_column(period, "asker", ROWS)
    names = dict(User.objects.filter(pk__in=found).values_list("pk", "username"))
    return Table(_("People"), [*_named(found, names), (_("Others"), total.without(list(found.values())))])


def _named(found: dict[int, Figures], names: dict[int, str]) -> list[tuple[str, Figures]]:
    return [(names[key], figures) for key, figures in found.items() if key in names]
