"""A circuit breaker: after a server fails to answer, callers do not ask it for a while."""

import time
from collections.abc import Callable


class CircuitBreaker:
    """Open means: do not ask. It has no lock, and any thread may use it: at worst one more caller asks.

        if not breaker.open:
            try:
                return ask()
            except REDIS_AWAY:
                breaker.trip()
        return do_without()

    pause: seconds that it stays open after a failure; math.inf: until `reset`, for callers that send probes.
    longest: the pause doubles with each failure since the last `reset`, up to this; by default it stays the same.
    """

    __slots__ = ("pause", "_first", "_longest", "_clock", "_until")

    def __init__(self, pause: float, longest: float | None = None, clock: Callable[[], float] = time.monotonic):
        self.pause = 0.0  # the current one; 0 when nothing has failed since the last `reset`
        self._first = pause
        self._longest = pause if longest is None else longest
        self._clock = clock
        self._until = 0.0

    @property
    def open(self) -> bool:
        return self._until > 0.0 and self._until > self._clock()  # while all is well the clock is not read

    @property
    def seconds_left(self) -> float:
        """Seconds until it closes."""
        return max(0.0, self._until - self._clock())

    def trip(self) -> None:
        """The server failed."""
        self.pause = min(self._longest, self.pause * 2 or self._first)
        self._until = self._clock() + self.pause

    def reset(self) -> None:
        """The server answered."""
        self.pause = self._until = 0.0
