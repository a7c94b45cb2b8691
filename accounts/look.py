"""What <html> says of the look of a page, so that it is right when it is painted first: what the person chose
(preferences.py), and what this browser keeps in cookies, because it suits one screen alone."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from .models import User
from .preferences import CHOICES, Preferences, preferences_of

THEMES = ("system", "light", "dark")
TEXT_SIZES = ("90", "100", "110", "120", "130")  # percent
SIDE_WIDTHS = ("256", *map(str, range(220, 341, 10)))  # pixels of the sidebar: static/js/sidebar/side_width.js
_COOKIES = {"theme": THEMES, "text-size": TEXT_SIZES, "side": SIDE_WIDTHS}
_DEFAULTS = {"theme": "system", "text-size": "100", "side": "256"}
_YEAR = 365 * 24 * 3600


def look_context(request: HttpRequest) -> dict:
    """A context processor."""
    return {"look": Look(request)}


class Look:
    """Reads each part when a template shows it. A part is empty where it is as usual."""

    def __init__(self, request: HttpRequest):
        self._request = request

    def theme(self) -> str:
        return read_cookie(self._request, "theme").replace("system", "")

    def text_size(self) -> str:
        return read_cookie(self._request, "text-size").replace("100", "")

    def side(self) -> str:
        return read_cookie(self._request, "side")

    def density(self) -> str:
        return self._preferences().density.replace("comfortable", "")

    def time_format(self) -> str:
        return self._preferences().time_format

    def keys(self) -> str:
        return "" if self._preferences().single_keys else "off"

    def zone(self) -> str | None:
        """Where the account is thought to be; None: nobody has signed in."""
        user = self._user()
        return user.time_zone if user and user.is_authenticated else None

    def _preferences(self) -> Preferences:
        user = self._user()
        return preferences_of(user) if user else Preferences()

    def _user(self) -> User | AnonymousUser | None:
        return getattr(self._request, "user", None)  # of a page that another middleware has answered


def read_cookie(request: HttpRequest, name: str) -> str:
    """name: one of _COOKIES."""
    value = request.COOKIES.get(name, "")
    return value if value in _COOKIES[name] else _DEFAULTS[name]


def read_language(request: HttpRequest) -> str:
    """What was chosen in this browser, by somebody who had not signed in or before accounts kept it."""
    value = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return value if value in CHOICES["language"] else ""


def write_cookie(response: HttpResponse, name: str, value: str, usual: str) -> None:
    """Keep a choice in the browser for a year; the usual one needs no cookie."""
    if value == usual:
        response.delete_cookie(name, samesite="Lax")
    else:
        response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=settings.HTTPS)


def write_cookies(response: HttpResponse, theme: str, text_size: str, language: str) -> None:
    """language: also for the pages before somebody signs in."""
    write_cookie(response, "theme", theme, _DEFAULTS["theme"])
    write_cookie(response, "text-size", text_size, _DEFAULTS["text-size"])
    write_cookie(response, settings.LANGUAGE_COOKIE_NAME, language, "")
