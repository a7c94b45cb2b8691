"""In which time zone somebody lives: what their browser said when they last signed in. A page writes nothing."""

from datetime import tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

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


@receiver(user_logged_in)
def _on_sign_in(sender: Any, user: User, request: HttpRequest | None = None, **_signal: Any) -> None:
    if request:
        remember_time_zone(user, request.COOKIES.get("zone", ""))
