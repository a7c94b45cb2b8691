"""Stores when each token was last used, accurate to a few minutes, without a write in any request.

Authentication records uses in memory. A periodic task of the web process flushes them to the database every minute,
each token at most once in MIN_WRITE_INTERVAL seconds.
"""

import threading
import time
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from ..models import Token

MIN_WRITE_INTERVAL = 300.0  # seconds

_lock = threading.Lock()
_pending: set[str] = set()  # digests
_flushed_at: dict[str, float] = {}  # digest → monotonic time, for MIN_WRITE_INTERVAL


def record_use(digests: Iterable[str]) -> None:
    """Record that the tokens with these digests were used just now."""
    now = time.monotonic()
    with _lock:
        _pending.update(
            digest for digest in digests if _flushed_at.get(digest, -MIN_WRITE_INTERVAL) + MIN_WRITE_INTERVAL <= now
        )


def flush() -> int:
    """Write the uses recorded since the last call, in one statement. Returns how many tokens were updated."""
    now = time.monotonic()
    with _lock:
        digests = list(_pending)
        _pending.clear()
        for digest in [digest for digest, then in _flushed_at.items() if then + MIN_WRITE_INTERVAL <= now]:
            del _flushed_at[digest]
        _flushed_at.update(dict.fromkeys(digests, now))
    if not digests:
        return 0
    at = timezone.now()
    stale = Q(last_used=None) | Q(last_used__lt=at - timedelta(seconds=MIN_WRITE_INTERVAL))  # other processes write too
    return Token.objects.filter(stale, digest__in=digests).update(last_used=at)
