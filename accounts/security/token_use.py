"""When each token was last used, to within some minutes. Nothing is written while somebody waits for an answer.

Whoever recognises a token notes it here, in memory; a task of the web process writes what was noted down every minute,
and each token at most once in EVERY seconds.
"""

import threading
import time
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from ..models import Token

EVERY = 300.0  # seconds

_lock = threading.Lock()
_noted: set[str] = set()  # digests
_written: dict[str, float] = {}  # digest → when, on the monotonic clock; of the last EVERY seconds


def note(digests: Iterable[str]) -> None:
    """These tokens were used just now."""
    now = time.monotonic()
    with _lock:
        _noted.update(digest for digest in digests if _written.get(digest, -EVERY) + EVERY <= now)


def write_down() -> int:
    """Store what was noted since the last time, in one statement; → how many tokens that were."""
    now = time.monotonic()
    with _lock:
        digests = list(_noted)
        _noted.clear()
        for digest in [digest for digest, then in _written.items() if then + EVERY <= now]:
            del _written[digest]
        _written.update(dict.fromkeys(digests, now))
    if not digests:
        return 0
    at = timezone.now()
    stale = Q(last_used=None) | Q(last_used__lt=at - timedelta(seconds=EVERY))  # other processes write too
    return Token.objects.filter(stale, digest__in=digests).update(last_used=at)
