"""`@fault("F1", "what breaks")` makes a test of `async def test_…(world, report)`."""

from collections.abc import Callable, Sequence

import pytest

SQLITE = ("sqlite",)
POSTGRESQL = ("postgresql",)
BOTH = SQLITE + POSTGRESQL
DURABLE = "postgresql-durable"  # one that may be killed: what it has confirmed is there
_SECONDS = 3600  # for all attacks, or for F9 with --away=600; the others take a minute or two


def fault(name: str, title: str, databases: Sequence[str] = SQLITE, **options) -> Callable:
    """Proves the line `name` of docs/security.md once on each of these databases. options: of World."""
    marks = (
        pytest.mark.faults(name, title, **options),
        pytest.mark.timeout(_SECONDS),
        pytest.mark.parametrize("database", databases, ids=[f"{name}-{each}" for each in databases], indirect=True),
    )

    def mark(test: Callable) -> Callable:
        for each in marks:
            test = each(test)
        return test

    return mark
