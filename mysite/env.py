"""Settings from the environment: each value is checked where it is read, and a bad one is one sentence."""

import os
import re
import warnings
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
_env = environ.Env()

# Read beside the code, never overriding what the process was given.
if not os.environ.get("ROUNDTABLE_NO_DOTENV"):
    environ.Env.read_env(BASE_DIR / ".env", overwrite=False, parse_comments=True)


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def texts(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def flag(name: str, default: bool = False) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value not in _FLAGS:
        raise ImproperlyConfigured(f"{name} is {value!r}; use yes or no.")
    return _FLAGS[value]


def number(name: str, default: float, low: float = 0, high: float = 1_000_000_000) -> float:
    """A number within [low, high]; whole when the default is whole."""
    value = text(name, str(default))
    try:
        found = type(default)(value)
    except ValueError:
        found = None
    if found is None or not low <= found <= high:
        kind = "whole number" if isinstance(default, int) else "number"
        raise ImproperlyConfigured(f"{name} is {value!r}; use a {kind} from {low} to {high}.")
    return found


def choice(name: str, default: str, *others: str) -> str:
    value = text(name, default).lower()
    if value not in (default, *others):
        raise ImproperlyConfigured(f"{name} is {value!r}; use one of: {', '.join((default, *others))}.")
    return value


def name(variable: str, default: str) -> str:
    """A handle that can be mentioned: letters, digits, `_`, `.` and `-`."""
    value = text(variable, default)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,31}", value):
        raise ImproperlyConfigured(f"{variable} is {value!r}; use 1 to 32 lower-case letters, digits, '_', '.' or '-'.")
    return value


def database(variable: str, default: Path) -> dict:
    """A Django DATABASES entry from a URL, sqlite:///path or postgres://user:password@host:port/name.

    default: the SQLite file to use when no URL is given.
    """
    if not text(variable):
        return {"ENGINE": _ENGINES[0], "NAME": str(default)}
    try:
        with warnings.catch_warnings(action="ignore"):
            found = _env.db_url_config(text(variable))
    except (ValueError, KeyError, ImproperlyConfigured):
        found = {}
    # In memory, each thread would have a database of its own.
    if found.get("ENGINE") not in _ENGINES or found.get("NAME", "") in ("", ":memory:"):
        raise ImproperlyConfigured(
            f"{variable} cannot be understood; use sqlite:///path/to/file or postgres://user:password@host:5432/name."
        )
    if "pool" in found.get("OPTIONS", {}):
        raise ImproperlyConfigured(f"{variable} cannot set the option pool; DB_THREADS says how large it is.")
    return found


def origins(variable: str) -> list[str]:
    """Scheme, host and perhaps port of pages; `https://*.host` for all names before a domain."""
    found = texts(variable)
    for origin in found:
        if not re.fullmatch(r"https?://[^/?#@\s]+", origin, re.IGNORECASE) or not _parses(origin):
            raise ImproperlyConfigured(
                f"{variable} must hold origins like https://chat.example.org, separated by commas."
            )
    return found


def redis_urls(variable: str) -> list[str]:
    urls = texts(variable)
    for url in urls:
        if not re.match(r"(rediss?|unix)://", url) or not _parses(url):
            raise ImproperlyConfigured(f"{variable} must hold addresses like redis://host:6379/0, separated by commas.")
    return urls


def _parses(url: str) -> bool:
    try:
        urlsplit(url).port  # noqa: B018 - raises when it is none
    except ValueError:
        return False
    return True


_FLAGS = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False, "off": False}
_ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
