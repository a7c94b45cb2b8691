"""Load that is felt, as numbers: how late the event loop is, and what lasts."""

import asyncio
import time
from collections import deque
from collections.abc import Callable

SAMPLE_INTERVAL = 0.1  # seconds between two looks
WINDOW = 10.0  # seconds looked back upon
MAX_SAMPLES = int(WINDOW / SAMPLE_INTERVAL)
MAX_DELAY = 0.25  # seconds, for the 95th percentile


class LoopDelay:
    """How late the event loop wakes those who sleep, over the last 10 s."""

    def __init__(self):
        self._late: deque[float] = deque(maxlen=MAX_SAMPLES)

    def add_sample(self, seconds: float) -> None:
        """Count how many seconds late the loop was."""
        # A long stall is felt by all the looks that it swallowed, by each for as long as it had to wait.
        swallowed = min(MAX_SAMPLES - 1, int(seconds / SAMPLE_INTERVAL))
        self._late.extend(seconds - number * SAMPLE_INTERVAL for number in range(swallowed, -1, -1))

    def p95(self) -> float:
        """In seconds, of the last MAX_SAMPLES; 0 without any."""
        ordered = sorted(self._late)
        return ordered[int(len(ordered) * 0.95)] if ordered else 0.0

    def is_too_long(self) -> bool:
        """Only judged by a full set of samples: a process that has just started is always late."""
        return len(self._late) == self._late.maxlen and self.p95() > MAX_DELAY

    async def measure(self) -> None:
        """Measures until cancelled."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(SAMPLE_INTERVAL)
            self.add_sample(max(0.0, time.monotonic() - before - SAMPLE_INTERVAL))


class Sustained:
    """Whether something has been so for some seconds without a break."""

    def __init__(self, seconds: float, clock: Callable[[], float]):
        self._seconds = seconds
        self._clock = clock
        self._since: float | None = None

    def update(self, so: bool) -> bool:
        """Tell it how things are; returns whether they have been so for long enough."""
        if not so:
            self._since = None
            return False
        if self._since is None:
            self._since = self._clock()
        return self._clock() - self._since >= self._seconds
