"""What a fault's test says: what it did, and each guarantee with what was measured."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Report:
    """`note` tells; `check` compares. `failed` has the lines that did not hold."""

    say: Callable[[str], None]
    failed: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        self.say(f"    {text}")

    def check(self, what: str, holds: bool) -> None:
        self.say(f"    {'holds ' if holds else 'FAILS '} {what}")
        if not holds:
            self.failed.append(what)

    def at_most(self, what: str, value: float, limit: float, unit: str = "s") -> None:
        self.check(f"{what}: {value:.4g} {unit} (at most {limit:g})", value <= limit)


def p95(values) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] if ordered else 0.0
