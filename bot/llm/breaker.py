"""Not asking again what is known to be down: after five failures in a minute a model's server gets a rest.

While it rests the room hears "not reachable" at once instead of waiting for a time limit each. After that one
question is let through; its outcome decides for the others.
"""

import time
from collections import deque

from django.utils.translation import gettext_lazy as _

from .endpoint import Endpoint
from .errors import Fault

FAILURES = 5
WITHIN = 60.0  # seconds
REST = 15.0  # seconds

NOT_REACHABLE = _("The model cannot be reached right now. Try again in a moment.")


class Breaker:
    def __init__(self):
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._resting_until = 0.0
        self._trying = False

    def check(self) -> None:
        """Raises Fault while the server rests."""
        if not self._resting_until:
            return
        if self._trying or time.monotonic() < self._resting_until:
            raise Fault(NOT_REACHABLE)
        self._trying = True

    def failed(self) -> None:
        now = time.monotonic()
        self._failures.append(now)
        if self._trying or (len(self._failures) == FAILURES and now - self._failures[0] < WITHIN):
            self._resting_until = now + REST
        self._trying = False

    def heard(self) -> None:
        """It speaks: the others may ask it too, and need not wait until all is said."""
        self._resting_until, self._trying = 0.0, False

    def worked(self) -> None:
        self._failures.clear()
        self.heard()

    def unknown(self) -> None:
        """Broken off by us: it says nothing about the server."""
        self._trying = False


_breakers: dict[tuple[str, str], Breaker] = {}


def breaker_of(endpoint: Endpoint) -> Breaker:
    """One for each server and key, in this process."""
    return _breakers.setdefault((endpoint.base_url, endpoint.key), Breaker())


def forget() -> None:
    _breakers.clear()
