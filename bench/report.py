"""Tables in Markdown, and the machine they were made on."""

import math
import os
import platform
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path


@dataclass(slots=True)
class Table:
    title: str
    heads: list[str]
    rows: list[list] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells) -> None:
        self.rows.append(list(cells))

    def __str__(self) -> str:
        lines = [[shown(cell) for cell in row] for row in (self.heads, *self.rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.heads))]
        aligned = [" | ".join(_padded(line, widths)) for line in lines]
        rule = "|".join("-" * (width + 1) + ("-" if at == 0 else ":") for at, width in enumerate(widths))
        table = "\n".join([f"| {aligned[0]} |", f"|{rule}|", *(f"| {line} |" for line in aligned[1:])])
        notes = "".join(f"\n- {note}" for note in self.notes)
        return f"### {self.title}\n\n{table}\n{notes}\n" if notes else f"### {self.title}\n\n{table}\n"


def shown(value) -> str:
    """A number with three digits that count, or the text as it is."""
    if not isinstance(value, int | float):
        return str(value)
    if math.isnan(value):
        return "–"
    if abs(value) >= 100 or isinstance(value, int):
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def ratio(value: float, base: float) -> str:
    """How many times as much as the first of a table."""
    return f"× {value / base:.2f}" if base and not math.isnan(value / base) else "–"


def machine() -> str:
    packages = ("Django", "channels", "channels-redis", "uvicorn", "redis")
    return "\n".join(
        [
            f"- {datetime.now(UTC):%d %B %Y, %H:%M} UTC; {os.cpu_count()} cores, {_processor()}, {_memory()} GB",
            f"- {platform.system()} {platform.release()}, Python {platform.python_version()}, "
            + ", ".join(f"{name} {version(name)}" for name in packages),
            f"- load of the machine when it began: {os.getloadavg()[0]:.1f}",
        ]
    )


def _padded(line: list[str], widths: list[int]) -> list[str]:
    return [
        cell.ljust(width) if at == 0 else cell.rjust(width)
        for at, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = re.findall(r"model name\s*: (.+)", info.read_text()) if info.exists() else []
    return names[0] if names else platform.processor() or platform.machine()


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
