"""In which time zone somebody lives: what their browser said last."""

from datetime import tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .models import User


@lru_cache(maxsize=1000)
def find_time_zone(name: str) -> tzinfo | None:
    """By its IANA name; None when there is no such zone."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def remember_time_zone(user: User, name: str) -> None:
    """Write it down when it is another than before."""
    if name != user.time_zone and len(name) <= 64 and find_time_zone(name):
        User.objects.filter(pk=user.pk).update(time_zone=name)
        user.time_zone = name
