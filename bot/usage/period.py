"""The days (UTC) that statistics are of."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from ..queue.quota import utc_today

CHOICES = (7, 30, 90)  # days
DEFAULT = 30


@dataclass(frozen=True, slots=True)
class Period:
    """The last so many days, today among them."""

    days: int
    last: date

    @classmethod
    def chosen(cls, text: str | None) -> "Period":
        """text: a number of days as somebody wrote it; the default for any that cannot be chosen."""
        return cls(next((days for days in CHOICES if str(days) == text), DEFAULT), utc_today())

    @property
    def first(self) -> date:
        return self.last - timedelta(days=self.days - 1)

    @property
    def begin(self) -> datetime:
        return datetime.combine(self.first, time(), UTC)

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.days)]
