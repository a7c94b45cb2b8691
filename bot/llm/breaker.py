"""Not asking again what is known to be down: after five failures in a minute a model's server gets a rest.

While it rests the room hears "not reachable" at once instead of waiting for a time limit each. After that one
question is let through; its outcome decides for the others.
"""

import time
from collections import deque

from .endpoint import ModelEndpoint
from .errors import ModelError

FAILURE_THRESHOLD = 5
FAILURE_WINDOW = 60.0  # seconds
OPEN_SECONDS = 15.0  # seconds


class Breaker:
    def __init__(self):
        self._failures: deque[float] = deque(maxlen=FAILURE_THRESHOLD)
        self._open_until = 0.0
        self._probing = False

    def check(self) -> None:
        """Raises ModelError while the server rests."""
        if not self._open_until:
            return
        if self._probing or time.monotonic() < self._open_until:
            raise ModelError("model_resting")
        self._probing = True

    def record_failure(self) -> None:
        """Lets the server rest after FAILURE_THRESHOLD of them within FAILURE_WINDOW seconds.

        One is enough when the request was the one that tries again.
        """
        now = time.monotonic()
        self._failures.append(now)
        if self._probing or (len(self._failures) == FAILURE_THRESHOLD and now - self._failures[0] < FAILURE_WINDOW):
            self._open_until = now + OPEN_SECONDS
        self._probing = False

    def record_output(self) -> None:
        """It speaks: the others may ask it too, and need not wait until all is said."""
        self._open_until, self._probing = 0.0, False

    def record_success(self) -> None:
        """An answer came to its end: earlier failures do not count any more."""
        self._failures.clear()
        self.record_output()

    def record_cancelled(self) -> None:
        """Broken off by us: it says nothing about the server."""
        self._probing = False


_breakers: dict[tuple[str, str, str, str], Breaker] = {}


def get_breaker(endpoint: ModelEndpoint) -> Breaker:
    """One for each server, key and model, in this process: a model that fails does not silence its neighbours."""
    which = (endpoint.base_url, endpoint.key, endpoint.api, endpoint.model)
    return _breakers.setdefault(which, Breaker())


def clear() -> None:
    """For tests."""
    _breakers.clear()
