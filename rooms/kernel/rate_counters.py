"""Limits counted in this process, for callers that bring the time. Pure.

`Window` counts exactly and remembers each moment; `Rate` (GCRA) is one number, whatever it allows. Both answer `take`
with the seconds to wait, or with 0: then it is allowed, and counted.
"""

from collections import OrderedDict, deque
from collections.abc import Hashable


class Window:
    """At most so many within any so many seconds."""

    __slots__ = ("_moments", "_most", "_seconds")

    def __init__(self, most: int, seconds: float):
        self._most, self._seconds = most, seconds
        self._moments: deque[float] | None = None  # made when it is needed: an empty deque takes 0.7 KB

    def take(self, now: float) -> float:
        """Count one now if the limit allows it.

        Returns 0, or after how many seconds one will be allowed; then nothing is counted.
        """
        if (moments := self._moments) is None:
            moments = self._moments = deque(maxlen=self._most)
        if len(moments) == self._most and (wait := moments[0] + self._seconds - now) > 0:
            return wait
        moments.append(now)
        return 0


class Rate:
    """`burst` at once, refilled with `per_second`. The number is the moment at which it will be full again."""

    __slots__ = ("_full_at", "_interval", "_slack")

    def __init__(self, per_second: float, burst: float):
        self._interval = 1 / per_second
        self._slack = burst * self._interval + 1e-9  # for rounding errors
        self._full_at = 0.0

    def take(self, now: float, amount: float = 1) -> float:
        """What is more than a whole burst is allowed when nothing is owed."""
        full_at = self._full_at
        if full_at <= now:
            self._full_at = now + amount * self._interval
            return 0
        full_at += amount * self._interval
        if full_at - now > self._slack:
            return full_at - now - self._slack
        self._full_at = full_at
        return 0

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed; nothing is counted."""
        return max(0.0, self._full_at + self._interval - now - self._slack) if self._full_at > now else 0


class RateByKey:
    """The same rate for each of many keys. Memory is bounded: past `keys`, the one used longest ago is forgotten."""

    def __init__(self, per_second: float, burst: float, keys: int = 10_000):
        self.per_second, self.burst = per_second, burst
        self._keys = keys
        self._rates: OrderedDict[Hashable, Rate] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rates)

    def take(self, key: Hashable, now: float, amount: float = 1) -> float:
        """Take an amount from the rate of this key.

        Returns 0, or after how many seconds it will be allowed. A key that was forgotten, because there are too many
        others, begins anew.
        """
        rate = self._rates.pop(key, None) or Rate(self.per_second, self.burst)
        self._rates[key] = rate
        if len(self._rates) > self._keys:
            self._rates.popitem(last=False)
        return rate.take(now, amount)

    def wait(self, key: Hashable, now: float) -> float:
        """The same, and nothing is counted."""
        rate = self._rates.get(key)
        return rate.wait(now) if rate else 0
