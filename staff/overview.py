"""Data for the first of the server's pages: current figures, and charts of the last hours or days."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.security import second_factor
from bot.usage.charts import Chart, Row
from files import usage
from jobs import backlog
from presence import sync_client

from .models import Sample

HOUR = timedelta(hours=1)
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Span:
    """The period that charts show up to now: `columns` of `hours` each."""

    key: str
    title: str | Promise
    columns: int
    hours: int

    @property
    def is_hourly(self) -> bool:
        return self.hours == 1


SPANS = (
    Span("day", gettext_lazy("24 hours"), 24, 1),
    Span("week", gettext_lazy("7 days"), 7, 24),
    Span("month", gettext_lazy("30 days"), 30, 24),
)


@dataclass(frozen=True, slots=True)
class Overview:
    span: Span
    now: list[tuple[str, float | None, str]]  # label, value (None: not known), unit
    charts: list[Chart]
    since: datetime | None  # of the first sample; None: there is none yet


def span_of(key: str | None) -> Span:
    """The span with this key, or else the first one."""
    return next((span for span in SPANS if span.key == key), SPANS[0])


def make_overview(span: Span) -> Overview:
    columns = _columns(span)
    first = Sample.objects.order_by("hour").values_list("hour", flat=True).first()
    return Overview(span, _now(), _charts(columns), first)


def _now() -> list[tuple[str, float | None, str]]:
    last = Sample.objects.order_by("-hour").first()
    jobs = backlog.counts()
    lacking = [(_("Without required two-factor authentication"), second_factor.lacking().count(), "")]
    return [
        (_("Accounts"), last.people if last else None, ""),
        *(lacking if second_factor.is_wanted() else []),
        (_("Connected now"), sync_client.count_people(), ""),
        (_("Active in 24 hours"), last.people_active_day if last else None, ""),
        (_("Jobs waiting"), jobs["waiting"], ""),
        (_("Jobs failed"), jobs["failed"], ""),
        (_("Files"), usage.total_size() / MIB, "MB"),
        (_("Free on the disk"), (usage.disk_left() + usage.KEPT_FREE) / MIB, "MB"),
    ]


def _columns(span: Span) -> dict[datetime, list[Sample]]:
    """The beginning of each column → its samples, the oldest first."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    end = now if span.is_hourly else now.replace(hour=0) + timedelta(days=1)
    width = span.hours * HOUR
    found: dict[datetime, list[Sample]] = {end - width * back: [] for back in range(span.columns, 0, -1)}
    first = end - width * span.columns
    for sample in Sample.objects.filter(hour__gte=first, hour__lt=end).order_by("hour"):
        found[first + (sample.hour - first) // width * width].append(sample)
    return found


def _charts(columns: dict[datetime, list[Sample]]) -> list[Chart]:
    def draw(title: str, series: dict[str, Callable[[list[Sample]], float | None]], **options) -> Chart:
        rows = [Row(begin, [value(samples) for value in series.values()]) for begin, samples in columns.items()]
        return Chart(title, list(series), rows, **options)

    active = _most("people_active") if len(columns) == SPANS[0].columns else _most("people_active_day")
    charts = [
        draw(_("People"), {_("Active"): active, _("Connected"): _most("connected")}, stacked=False, colors=(2, 1)),
        draw(_("New accounts"), {_("New accounts"): _sum("people_new")}),
        draw(_("Messages"), {_("Messages"): _sum("messages")}),
        draw(_("Tokens of bots"), {_("Tokens"): _sum("tokens")}),
        draw(_("Time to the first word (95 %)"), {_("Time"): _most("wait_ms", 1000)}, unit=_("s"), digits=1),
        draw(_("Files"), {_("Stored"): _most("stored", MIB)}, unit="MB", digits=1),
        draw(_("Jobs waiting"), {_("Waiting"): _most("jobs_waiting")}),
        draw(
            _("Errors"),
            {_("Jobs"): _sum("jobs_failed"), _("Answers"): _sum("questions_failed"), _("Mails"): _sum("mails_failed")},
        ),
    ]
    if any(sample.cost is not None for samples in columns.values() for sample in samples):
        charts.insert(4, draw(_("Cost"), {_("Cost"): _sum("cost")}, digits=4))
    return charts


def _values(samples: Iterable[Sample], field: str) -> list[float]:
    return [value for each in samples if (value := getattr(each, field)) is not None]


def _sum(field: str) -> Callable[[list[Sample]], float | None]:
    return lambda samples: sum(values) if (values := _values(samples, field)) else None


def _most(field: str, unit: int = 1) -> Callable[[list[Sample]], float | None]:
    return lambda samples: max(values) / unit if (values := _values(samples, field)) else None
