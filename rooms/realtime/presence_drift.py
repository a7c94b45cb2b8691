"""Counts the people in a room as the sockets of one process were told, to detect lost changes."""

import time

QUIET = 15.0  # seconds; in a crowd changes are gathered for up to 5


class PresenceDrift:
    """How many people the sockets of one room in this process believe to be here, to find out what they missed.

    Each change says how many are here after it. The sum of all changes is the same when they only came in another
    order, and is not when one was lost.
    """

    def __init__(self) -> None:
        self.list_wanted = False  # everybody is to be told the whole list, as soon as it can be
        self._told: int | None = None
        self._sum: int | None = None
        self._told_at = 0.0
        self._wrong_since: float | None = None  # the sum

    def note_change(self, count: int, step: int) -> None:
        """Somebody joined (1) or left (-1)."""
        now = time.monotonic()
        self._told, self._told_at = count, now
        self._sum = count if self._sum is None else self._sum + step
        if self._sum == count:
            self._wrong_since = None
        elif self._wrong_since is None:
            self._wrong_since = now

    def note_list(self, count: int) -> None:
        """Everybody was told the whole list. What comes next may be in it already, or not."""
        self._told, self._told_at = count, time.monotonic()
        self._sum = self._wrong_since = None

    def note_welcome(self, count: int) -> None:
        """Somebody was told the list as they came."""
        if self._told is None:
            self.note_list(count)

    def is_suspect(self, count: int) -> bool:
        """Whether something was missed for a while, now that so many are here."""
        before = time.monotonic() - QUIET
        wrong = self._wrong_since is not None and self._wrong_since < before
        return wrong or (self._told is not None and self._told_at < before and self._told != count)
