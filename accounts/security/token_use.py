"""Stores when each token was last used, accurate to a few minutes, without a write in any request.

Authentication records uses in memory. A periodic task of the web process flushes them to the database every minute.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from ..models import Token
from .recent_use import MIN_WRITE_INTERVAL, RecentUse

_used: RecentUse[None] = RecentUse()  # by digest


def record_use(digests: Iterable[str]) -> None:
    """Record that the tokens with these digests were used just now."""
    _used.record(dict.fromkeys(digests))


def flush() -> int:
    """Write the uses recorded since the last call, in one statement. Returns how many tokens were updated."""
    digests = list(_used.take())
    if not digests:
        return 0
    at = timezone.now()
    stale = Q(last_used=None) | Q(last_used__lt=at - timedelta(seconds=MIN_WRITE_INTERVAL))  # other processes write too
    return Token.objects.filter(stale, digest__in=digests).update(last_used=at)
