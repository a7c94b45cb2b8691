"""The mail that tells somebody of a sign-in on a device on which they had not signed in before (known_devices.py)."""

import hashlib
from datetime import timedelta

from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from .mail.links import absolute_url
from .mail.security_notices import send_security_notice
from .models import User
from .security.client_addresses import request_address_block
from .security.known_devices import find_device

_FIRST_MINUTES = timedelta(minutes=10)  # of an account: whoever has just made it knows where
_ONCE_IN = 24 * 3600  # seconds, for one browser that keeps no cookies in one network


@receiver(user_logged_in)
def _signed_in(sender, request: HttpRequest | None, user: User, **kwargs) -> None:
    if request is None or user.is_bot or user.date_joined > timezone.now() - _FIRST_MINUTES:
        return
    if find_device(request, user) is None and cache.add(_cache_key(request, user), True, _ONCE_IN):
        address = absolute_url(reverse("devices"))
        send_security_notice(request, user, "account/email/new_device", devices_address=address)


def _cache_key(request: HttpRequest, user: User) -> str:
    where = f"{request_address_block(request)}|{request.headers.get('User-Agent', '')}"
    return f"new-device:{user.pk}:{hashlib.sha256(where.encode(errors='replace')).hexdigest()[:32]}"
