"""Passwords are hashed slowly on purpose; this bounds the processor time that all hashing together can take.

Without a bound, thirty sign-ins at once hash in thirty threads and whoever chats waits for the processor. Here a few
hash at a time, a bounded number waits, and the others are told to come back. Devices that signed in before go first,
so that a flood of strangers does not keep anybody out.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

MAX_WAITING = 24  # calls of each kind
PATIENCE = 10.0  # seconds in the queue

goes_first: ContextVar[bool] = ContextVar("goes_first", default=False)  # set for a known device


class Busy(Exception):
    """Too many passwords wait to be hashed."""

    retry_after = 5  # seconds


class Gate:
    """Lets `slots` callers in at a time, those who go first before the others."""

    def __init__(self, slots: int, max_waiting: int = MAX_WAITING, patience: float = PATIENCE):
        self._free, self._max_waiting, self._patience = slots, max_waiting, patience
        self._waiting = {True: 0, False: 0}  # by whether they go first
        self._changed = threading.Condition()

    @property
    def waiting(self) -> int:
        return sum(self._waiting.values())

    @contextmanager
    def turn(self, first: bool) -> Iterator[None]:
        """Wait for a slot and hold it. Raises Busy when too many wait already, or after PATIENCE seconds."""
        with self._changed:
            self._wait(first)
            self._free -= 1
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()

    def _wait(self, first: bool) -> None:
        if self._waiting[first] >= self._max_waiting:
            raise Busy
        self._waiting[first] += 1
        try:
            if not self._changed.wait_for(lambda: self._free and (first or not self._waiting[True]), self._patience):
                raise Busy
        finally:
            self._waiting[first] -= 1


def slots() -> int:
    """Half of this machine's processors for all web processes together, and one at least for each."""
    return max(1, (os.cpu_count() or 1) // (2 * settings.WEB_WORKERS))


_gate = Gate(slots())


class BoundedPBKDF2PasswordHasher(PBKDF2PasswordHasher):
    """Django's default hasher behind the gate: checking, setting and pretending to check all come by here."""

    def encode(self, password, salt, iterations=None):
        with _gate.turn(goes_first.get()):
            return super().encode(password, salt, iterations)
