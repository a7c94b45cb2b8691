"""Limits how many passwords are hashed at the same time, since hashing is slow on purpose.

Without a limit, thirty sign-ins at once would hash in thirty threads and slow down the chat. Here a few are hashed at
a time, a limited number waits, and the others get an error. Known devices have priority, so that a flood of strangers
locks nobody out.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

MAX_WAITING = 24  # calls with priority, and as many without
QUEUE_TIMEOUT = 10.0  # seconds in the queue

has_priority: ContextVar[bool] = ContextVar("has_priority", default=False)  # true for a known device


class HasherBusy(Exception):
    """Too many passwords wait to be hashed. retry_after: seconds."""

    retry_after = 5


class PrioritySemaphore:
    """A semaphore for threads: callers with priority get a slot before the others.

    patience: seconds that a caller waits at most.
    """

    def __init__(self, slots: int, max_waiting: int = MAX_WAITING, patience: float = QUEUE_TIMEOUT):
        self._free, self._max_waiting, self._patience = slots, max_waiting, patience
        self._waiting = {True: 0, False: 0}  # by priority
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        return sum(self._waiting.values())

    @contextmanager
    def acquire(self, priority: bool) -> Iterator[None]:
        """Wait for a slot and hold it. Raises HasherBusy when too many wait already, or after `patience` seconds."""
        with self._changed:
            self._wait(priority)
            self._free -= 1
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def _wait(self, priority: bool) -> None:
        if self._waiting[priority] >= self._max_waiting:
            raise HasherBusy
        self._waiting[priority] += 1
        try:
            if not self._changed.wait_for(lambda: self._free and (priority or not self._waiting[True]), self._patience):
                raise HasherBusy
        finally:
            self._waiting[priority] -= 1


def max_parallel_hashes() -> int:
    """This process's share of half of the machine's processors; at least 1."""
    return max(1, (os.cpu_count() or 1) // (2 * settings.WEB_WORKERS))


_semaphore = PrioritySemaphore(max_parallel_hashes())


class BoundedPBKDF2PasswordHasher(PBKDF2PasswordHasher):
    """Django's default hasher behind the semaphore. Checking a password, setting one and hashing for an unknown name
    (to take as long) all call `encode`."""

    def encode(self, password, salt, iterations=None):
        """Waits for its turn. Raises HasherBusy when too many wait."""
        with _semaphore.acquire(has_priority.get()):
            return super().encode(password, salt, iterations)
