"""Bar charts of days, as numbers for an SVG: drawn by the server, so that the page needs no script."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple

from .statistics import Figures

HEIGHT = 100.0
STEP = 10.0  # the width of a day
GAP = 2.0


class Bar(NamedTuple):
    """A part of a day's column, in the units of the SVG."""

    x: float
    y: float
    width: float
    height: float
    color: int  # the number of its class in usage.css


class Row(NamedTuple):
    """A day in the table below. values: one for each series, None where nothing was measured."""

    day: date
    values: list[float | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """digits: decimals of its values. stacked: parts of a whole, one upon the other; else the next behind the last."""

    title: str
    series: list[str]
    rows: list[Row]
    unit: str = ""
    digits: int = 0
    stacked: bool = True
    colors: tuple[int, ...] = (1, 2, 3)  # of the series

    @property
    def legend(self) -> list[tuple[int, str]]:
        """(number of the color, name), for each series."""
        return list(zip(self.colors, self.series, strict=False))

    @property
    def width(self) -> float:
        """In units of the SVG."""
        return len(self.rows) * STEP

    @property
    def top(self) -> float:
        """The value at the upper edge."""
        columns = [[value or 0 for value in row.values] for row in self.rows]
        return max((sum(values) if self.stacked else max(values) for values in columns), default=0)

    @property
    def format(self) -> str:
        """For the filter `floatformat`."""
        return f"{self.digits}g"

    @property
    def is_empty(self) -> bool:
        return not self.top

    @property
    def bars(self) -> list[Bar]:
        """One for each value that is not 0; none without any."""
        top = self.top
        if not top:
            return []
        return [bar for number, row in enumerate(self.rows) for bar in self._column(number * STEP, row, top)]

    def _column(self, x: float, row: Row, top: float) -> list[Bar]:
        heights = [HEIGHT * (value or 0) / top for value in row.values]
        feet = [0.0, *accumulate(heights)] if self.stacked else [0.0] * len(heights)
        bars = [
            Bar(x + GAP / 2, round(HEIGHT - foot - height, 2), STEP - GAP, round(height, 2), color)
            for color, foot, height in zip(self.colors, feet, heights, strict=False)
            if height
        ]
        return bars if self.stacked else sorted(bars, key=lambda bar: -bar.height)  # the lower ones before the higher


def draw(
    title: str, days: Mapping[date, Figures], series: Mapping[str, Callable[[Figures], float | None]], **options: Any
) -> Chart:
    """A chart of figures. series: name → its value for a day; options: those of Chart."""
    rows = [Row(day, [value(figures) for value in series.values()]) for day, figures in days.items()]
    return Chart(title, list(series), rows, **options)
