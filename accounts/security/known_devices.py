"""Which accounts have signed in on a device before, so that strangers' failures lock nobody out of their own.

A cookie holds, for each account, a random number, the day it was given, and a MAC over both, the account and its
password. It names nobody: only with the account at hand can it be checked. A new password makes all of them void,
except on the device where it was set. A device has a limit of its own for failures; it opens nothing by itself.
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
MAX_ENTRIES = 4  # accounts of one browser
VALID_DAYS, RENEW_AFTER_DAYS = 365, 30
_SEPARATOR, _FIELD_SEPARATOR = "~", "."
_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Entry:
    number: str  # names the device to the rate limits
    day: int  # when it was given, in days since 1970
    mac: str

    def __str__(self):
        return _FIELD_SEPARATOR.join((self.number, str(self.day), self.mac))


def device_of(request: HttpRequest, user: User | None) -> str | None:
    """The number of this device when `user` has signed in on it before with the password they have now; else None."""
    entry = _entry_of(request, user) if user else None
    return entry.number if entry else None


def remember(request: HttpRequest, user: User) -> None:
    """This device is known from now on: the person has just proved that the account is theirs, say by a mail."""
    request.known_device_user = user  # type: ignore[attr-defined]  # ours, on Django's object


@receiver(password_reset)
def _password_was_reset(request: HttpRequest, user: User, **kwargs):
    """Whoever has the mail, or the administrator's link, can sign in here whatever strangers do."""
    remember(request, user)


@sync_and_async_middleware
def known_device_middleware(get_response):
    """Gives the cookie to whoever is signed in, and renews it."""
    if iscoroutinefunction(get_response):

        async def answer(request: HttpRequest) -> HttpResponse:
            return _with_cookie(request, await get_response(request))

        return answer

    def answer_at_once(request: HttpRequest) -> HttpResponse:
        return _with_cookie(request, get_response(request))

    return answer_at_once


def _with_cookie(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if (user := _user_known_by_now(request)) and _needs_entry(request, user):
        _set_entry(request, response, user)
    return response


def _user_known_by_now(request: HttpRequest) -> User | None:
    """The person signed in, if the view has asked for them: a query only for this would be too much."""
    if remembered := getattr(request, "known_device_user", None):
        return remembered
    user = getattr(request, "user", None)
    if user is None or (isinstance(user, LazyObject) and user._wrapped is empty):
        return None
    return user if user.is_authenticated else None


def _needs_entry(request: HttpRequest, user: User) -> bool:
    entry = _entry_of(request, user)
    return entry is None or entry.day + RENEW_AFTER_DAYS < _today()


def _set_entry(request: HttpRequest, response: HttpResponse, user: User) -> None:
    old = _entry_of(request, user)
    number, day = secrets.token_urlsafe(9), _today()
    entries = [Entry(number, day, _mac(user, number, day, settings.SECRET_KEY))]
    entries += [entry for entry in _entries(request) if entry != old]
    response.set_cookie(
        COOKIE,
        _SEPARATOR.join(map(str, entries[:MAX_ENTRIES])),
        max_age=VALID_DAYS * _DAY,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )


def _entry_of(request: HttpRequest, user: User) -> Entry | None:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    for entry in _entries(request):
        if any(constant_time_compare(entry.mac, _mac(user, entry.number, entry.day, key)) for key in keys):
            return entry
    return None


def _entries(request: HttpRequest) -> list[Entry]:
    """What the cookie holds and may still be valid; nothing of it is checked."""
    found = []
    for text in request.COOKIES.get(COOKIE, "").split(_SEPARATOR)[:MAX_ENTRIES]:
        number, _, rest = text.partition(_FIELD_SEPARATOR)
        day, _, mac = rest.partition(_FIELD_SEPARATOR)
        if number and mac and day.isascii() and day.isdigit() and len(day) < 7 and int(day) + VALID_DAYS >= _today():
            found.append(Entry(number, int(day), mac))
    return found


def _mac(user: User, number: str, day: int, key: str) -> str:
    value = f"{user.pk}|{number}|{day}|{user.password}"
    # The salt is part of what is stored: it stays, whatever this module is called.
    return salted_hmac("accounts.known_devices", value, secret=key, algorithm="sha256").hexdigest()[:32]


def _today() -> int:
    return int(time.time() // _DAY)
