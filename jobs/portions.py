"""Divides a job into portions, each a transaction of its own, so that others can write in between."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

SECONDS = 60.0  # for one job, so that others have a turn


def run_portions(portion: Callable[[], object], pause: float) -> bool:
    """Call `portion` until it returns a false value, or for SECONDS. Returns whether there may be more to do.

    pause: seconds between portions.
    """
    return _run(portion, lambda: time.sleep(pause))


def _run(portion: Callable[[], object], rest: Callable[[], None]) -> bool:
    end = time.monotonic() + SECONDS
    while portion():
        if time.monotonic() > end:
            return True
        rest()
    return False


class Pace:
    """Sets the number of rows in a portion, and the rest after it, by how long the last portion held the database.

    SQLite has one writer at a time, and other writers wait in steps: 1, 2, 5, 10 … milliseconds. So a portion should
    hold the database for at most HELD, and the rests are so long that few posts have to wait. PostgreSQL has many
    writers at once: there a portion is as large as allowed, and the rest is short.
    """

    HELD = 0.002  # seconds; a portion that takes longer than twice that is followed by one of half the size
    REST, LONGEST_REST = 19, 0.1  # the rest: so many times as long as the portion, but at most so many seconds
    SHORT_REST = 0.005  # seconds, on PostgreSQL

    def __init__(self, most: int, least: int = 50):
        self.size = most
        self._most, self._least = most, min(least, most)
        self._held = self._free_again = 0.0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction, whose length is measured from when it may write until its commit. The commit does not count:
        at some commits SQLite copies its log into the database, which takes long, but makes nobody wait."""
        with transaction.atomic():
            began = time.monotonic()
            transaction.on_commit(self._released)  # called first, so the handlers after it count as rest
            yield
            self._held = time.monotonic() - began

    def run(self, portion: Callable[["Pace"], object]) -> bool:
        """As `run_portions`, with rests of this pace."""
        return _run(lambda: portion(self), self.rest)

    def rest(self) -> None:
        """Let others write. The time since the last transaction is part of the rest."""
        time.sleep(max(0.0, self._free_again - time.monotonic()))

    def _released(self) -> None:
        held = self._held
        rest = self.SHORT_REST
        if connection.vendor == "sqlite":
            rest = min(held * self.REST, self.LONGEST_REST)
            if held > 2 * self.HELD:
                self.size = max(self._least, self.size // 2)
            elif held < self.HELD:
                self.size = min(self._most, self.size + self.size // 4)
        self._free_again = time.monotonic() + rest
