"""What a fault's program says: what it did, and each pass line with what was measured."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """`note` tells; `check` compares. `failed` counts the lines that did not hold."""

    failed: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        print(f"    {text}", flush=True)

    def check(self, what: str, holds: bool) -> None:
        print(f"    {'holds ' if holds else 'FAILS '} {what}", flush=True)
        if not holds:
            self.failed.append(what)

    def at_most(self, what: str, value: float, limit: float, unit: str = "s") -> None:
        self.check(f"{what}: {value:.4g} {unit} (at most {limit:g})", value <= limit)


def p95(values) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] if ordered else 0.0
