"""Remembers in memory what was used, until a periodic task of the web process stores it: no request writes a row."""

import threading
import time
from collections.abc import Mapping
from typing import Generic, TypeVar

MIN_WRITE_INTERVAL = 300.0  # seconds between two writes about the same thing

Detail = TypeVar("Detail")


class RecentUse(Generic[Detail]):
    """Uses since the last `take`, each thing at most once in MIN_WRITE_INTERVAL seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: dict[str, Detail] = {}
        self._taken_at: dict[str, float] = {}  # monotonic

    def is_due(self, key: str) -> bool:
        """Whether a use of this now would be stored."""
        return key not in self._pending and self._is_over(key, time.monotonic())

    def record(self, used: Mapping[str, Detail]) -> None:
        now = time.monotonic()
        with self._lock:
            self._pending.update({key: detail for key, detail in used.items() if self._is_over(key, now)})

    def take(self) -> dict[str, Detail]:
        """What is to be stored now."""
        now = time.monotonic()
        with self._lock:
            taken, self._pending = self._pending, {}
            for key in [key for key, then in self._taken_at.items() if then + MIN_WRITE_INTERVAL <= now]:
                del self._taken_at[key]
            self._taken_at.update(dict.fromkeys(taken, now))
        return taken

    def _is_over(self, key: str, now: float) -> bool:
        return self._taken_at.get(key, -MIN_WRITE_INTERVAL) + MIN_WRITE_INTERVAL <= now
