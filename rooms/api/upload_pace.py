"""How fast files come in while many do: so fast that whoever writes meanwhile does not wait for them.

Reading, digesting and writing 100 MB a second takes most of a process. One upload, or two, may; of more, each waits
after a piece until the process has had its time for others. A connection from which nothing is read sends nothing.
"""

import asyncio
import time
from collections.abc import Callable

FREE = 2  # uploads of a process that go as fast as they can
RATE = 30 * 2**20  # bytes a second of all together, when there are more


class Pace:
    def __init__(self, rate: float = RATE, clock: Callable[[], float] = time.monotonic):
        self._rate, self._clock = rate, clock
        self._free_at = 0.0

    def delay(self, size: int, uploads: int) -> float:
        """Seconds to wait after so many bytes, while there are so many uploads."""
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
