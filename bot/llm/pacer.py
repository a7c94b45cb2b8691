"""What may be done a few times a second, and is done together with what others do."""

import math


class Pacer:
    """Tells when the next turn is, on average `every` seconds after the one before. Times are the loop's.

    Turns go by plan, not by when they were taken: else each is a little later after the one before, and the reading
    of a stream gets out of step with the sending of what was read.
    """

    def __init__(self, interval: float, tick: float = 0.0):
        self.interval = interval
        self.due = 0.0  # the next turn, at the earliest
        self._tick = tick  # seconds; turns fall on multiples of it

    def advance(self, now: float) -> None:
        """This turn was taken. One that was missed altogether is not made up for."""
        if now >= self.due + self.interval:
            self.due = math.ceil(now / self._tick) * self._tick if self._tick else now
        self.due += self.interval
