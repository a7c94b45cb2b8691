"""Limits how fast files are received while there are many uploads, so that people who write do not wait.

Reading, hashing and writing 100 MB a second takes most of a process's time. One or two uploads may do so; with more,
each waits after every piece to leave time for other work. A client cannot send while nobody reads its connection.
"""

import asyncio
import time
from collections.abc import Callable

FREE = 2  # uploads of a process that are not slowed down
RATE = 30 * 2**20  # bytes a second of all uploads of the process together, when there are more than FREE


class Pace:
    def __init__(self, rate: float = RATE, clock: Callable[[], float] = time.monotonic):
        self._rate, self._clock = rate, clock
        self._free_at = 0.0

    def delay(self, size: int, uploads: int) -> float:
        """Seconds to wait after a piece of `size` bytes, while there are this many uploads."""
        if uploads <= FREE:
            return 0.0
        now = self._clock()
        self._free_at = max(now, self._free_at) + size / self._rate
        return self._free_at - now

    async def keep(self, size: int, uploads: int) -> None:
        """Wait, after a piece of this size, as long as `delay` says."""
        if delay := self.delay(size, uploads):
            await asyncio.sleep(delay)


pace = Pace()
