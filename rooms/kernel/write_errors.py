"""Why messages cannot be saved, for the log and for /healthz; people are told only that they should try again."""

import logging
import time

logger = logging.getLogger(__name__)

LOG_EVERY = 5.0  # seconds
FAILING_SECONDS = 60.0  # a failure is news for so long, should nobody try again

_logged = -LOG_EVERY
_failed = -FAILING_SECONDS


def note_failure() -> None:
    """The database could not take a group of posts: it is away, or its disk is full."""
    global _failed
    _failed = time.monotonic()


def note_success() -> None:
    """It could."""
    global _failed
    _failed = -FAILING_SECONDS


def is_failing() -> bool:
    """Whether the group that this process wrote last, a moment ago, failed."""
    return time.monotonic() - _failed < FAILING_SECONDS


def log(error: Exception) -> None:
    """At most once in LOG_EVERY seconds, whichever error it is."""
    global _logged
    if time.monotonic() - _logged >= LOG_EVERY:
        _logged = time.monotonic()
        logger.warning("messages cannot be written: %s", error)
