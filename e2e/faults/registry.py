"""The faults by name, and how each wants its world."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from .report import Report
from .world import World


@dataclass(frozen=True)
class Fault:
    name: str
    title: str
    run: Callable[[World, Report], Awaitable[None]]
    on_postgres: bool = False  # there too
    on_sqlite: bool = True
    options: dict = field(default_factory=dict)  # of World


FAULTS: dict[str, Fault] = {}


def fault(name: str, title: str, on_postgres: bool = False, on_sqlite: bool = True, **options):
    """Registers `async def program(world, report)` as the proof of a line of docs/security.md."""

    def register(run):
        FAULTS[name] = Fault(name, title, run, on_postgres, on_sqlite, options)
        return run

    return register
