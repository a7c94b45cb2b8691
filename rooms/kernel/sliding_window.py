"""A sliding log in memory: who did something how often in the last seconds. For threads and the event loop."""

import threading
import time
from collections import deque


class SlidingLog:
    def __init__(self) -> None:
        self._times: dict[int, deque[float]] = {}  # who came last stands last
        self._lock = threading.Lock()

    def check(self, key: int, limit: int, seconds: float) -> float:
        """May this one do it once more? 0 when they may, and it is counted; else the seconds to wait."""
        now = time.monotonic()
        with self._lock:
            self._forget(now - seconds)
            times = self._times.pop(key, None) or deque(maxlen=limit)
            wait = times[0] + seconds - now if len(times) == limit else 0.0
            if wait <= 0:
                times.append(now)
            self._times[key] = times
        return max(0.0, wait)

    def give_back(self, key: int) -> None:
        """What was counted last for this one does not count."""
        with self._lock:
            if times := self._times.get(key):
                times.pop()
                if not times:
                    del self._times[key]

    def _forget(self, before: float) -> None:
        while self._times and self._times[oldest := next(iter(self._times))][-1] < before:
            del self._times[oldest]
