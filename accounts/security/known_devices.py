"""Remembers on which devices an account has signed in, so that strangers' failures do not lock out its owner.

For each account a cookie holds a random number, the day it was issued, and a MAC over both, the account and its
password. It does not reveal the account: it can only be checked for a given one. A new password invalidates all
entries, except on the device where it was set. A known device has its own limit for failures, and no other rights.
"""

import secrets
import time
from dataclasses import dataclass

from allauth.account.signals import password_reset
from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.decorators import sync_and_async_middleware
from django.utils.functional import LazyObject, empty

from ..models import User

COOKIE = "devices"
MAX_ENTRIES = 4  # accounts in one browser
VALID_DAYS, RENEW_AFTER_DAYS = 365, 30
_SEPARATOR, _FIELD_SEPARATOR = "~", "."
_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class DeviceEntry:
    number: str  # identifies the device for rate limits
    day: int  # when it was issued, in days since 1970
    mac: str

    def __str__(self):
        return _FIELD_SEPARATOR.join((self.number, str(self.day), self.mac))


def find_device(request: HttpRequest, user: User | None) -> str | None:
    """The number of this device if `user` has signed in on it with their current password before; else None."""
    entry = _find_entry(request, user) if user else None
    return entry.number if entry else None


def remember_device(request: HttpRequest, user: User) -> None:
    """Make this device known to the account: the user has just proved that it is theirs, by a mail for example."""
    request.known_device_user = user  # type: ignore[attr-defined]  # ours, on Django's object


@receiver(password_reset)
def _password_was_reset(request: HttpRequest, user: User, **kwargs):
    """The mail or the administrator's link proves whose account it is: strangers cannot lock them out here."""
    remember_device(request, user)


@sync_and_async_middleware
def known_device_middleware(get_response):
    """Sets and renews the cookie for users who are signed in."""
    if iscoroutinefunction(get_response):

        async def async_middleware(request: HttpRequest) -> HttpResponse:
            return _with_cookie(request, await get_response(request))

        return async_middleware

    def sync_middleware(request: HttpRequest) -> HttpResponse:
        return _with_cookie(request, get_response(request))

    return sync_middleware


def _with_cookie(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if (user := _loaded_user(request)) and _needs_entry(request, user):
        _set_entry(request, response, user)
    return response


def _loaded_user(request: HttpRequest) -> User | None:
    """The user, if the view has loaded them. (Loading them only for this would be one query more.)"""
    if remembered := getattr(request, "known_device_user", None):
        return remembered
    user = getattr(request, "user", None)
    if user is None or (isinstance(user, LazyObject) and user._wrapped is empty):
        return None
    return user if user.is_authenticated else None


def _needs_entry(request: HttpRequest, user: User) -> bool:
    entry = _find_entry(request, user)
    return entry is None or entry.day + RENEW_AFTER_DAYS < _today()


def _set_entry(request: HttpRequest, response: HttpResponse, user: User) -> None:
    old = _find_entry(request, user)
    number, day = secrets.token_urlsafe(9), _today()
    entries = [DeviceEntry(number, day, _mac(user, number, day, settings.SECRET_KEY))]
    entries += [entry for entry in _parse_entries(request) if entry != old]
    response.set_cookie(
        COOKIE,
        _SEPARATOR.join(map(str, entries[:MAX_ENTRIES])),
        max_age=VALID_DAYS * _DAY,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )


def _find_entry(request: HttpRequest, user: User) -> DeviceEntry | None:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    for entry in _parse_entries(request):
        if any(constant_time_compare(entry.mac, _mac(user, entry.number, entry.day, key)) for key in keys):
            return entry
    return None


def _parse_entries(request: HttpRequest) -> list[DeviceEntry]:
    """The cookie's entries that have not expired. Their MACs are not checked yet."""
    found = []
    for text in request.COOKIES.get(COOKIE, "").split(_SEPARATOR)[:MAX_ENTRIES]:
        number, _, rest = text.partition(_FIELD_SEPARATOR)
        day, _, mac = rest.partition(_FIELD_SEPARATOR)
        if number and mac and day.isascii() and day.isdigit() and len(day) < 7 and int(day) + VALID_DAYS >= _today():
            found.append(DeviceEntry(number, int(day), mac))
    return found


def _mac(user: User, number: str, day: int, key: str) -> str:
    value = f"{user.pk}|{number}|{day}|{user.password}"
    # The salt must not change: cookies in use depend on it.
    return salted_hmac("accounts.known_devices", value, secret=key, algorithm="sha256").hexdigest()[:32]


def _today() -> int:
    return int(time.time() // _DAY)
