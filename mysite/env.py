"""Settings from the environment: each value is checked where it is read, and a bad one is one sentence."""

import io
import os
import re
import warnings
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from dotenv.parser import parse_stream

BASE_DIR = Path(__file__).resolve().parent.parent
_env = environ.Env()
Number = TypeVar("Number", int, float)


def take_file(path: Path) -> None:
    """Take from a file like .env what the process was not given. What is wrong is told without what stands there."""
    try:
        found = path.read_text("utf-8-sig")
    except FileNotFoundError:
        return
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{path} is not written in UTF-8.") from None
    except OSError as error:
        raise ImproperlyConfigured(f"{path} cannot be read ({error.strerror}).") from None
    for binding in parse_stream(io.StringIO(found)):
        if binding.error or (binding.key and binding.value is None):
            raise ImproperlyConfigured(f"{path}: line {binding.original.line} is not like NAME=value.")
        if binding.key and binding.value is not None:
            os.environ.setdefault(binding.key, binding.value)


if not os.environ.get("ROUNDTABLE_NO_DOTENV"):
    take_file(BASE_DIR / ".env")


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


def number(name: str, default: Number, low: float = 0, high: float = 1_000_000_000) -> Number:
    """A number within [low, high]; whole when the default is whole."""
    value = text(name, str(default))
    found: Number | None
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
            found = _env.db_url_config(_userinfo_encoded(text(variable)))
    except (ValueError, KeyError, ImproperlyConfigured):
        found = {}
    # In memory, each thread would have a database of its own.
    if found.get("ENGINE") not in _ENGINES or found.get("NAME", "") in ("", ":memory:"):
        raise ImproperlyConfigured(
            f"{variable} cannot be understood; use sqlite:///path/to/file or postgres://user:password@host:5432/name."
        )
    if "pool" in found.get("OPTIONS", {}):
        raise ImproperlyConfigured(f"{variable} cannot set the option pool; DB_THREADS says how large it is.")
    found["HOST"] = unquote(found.get("HOST") or "")  # libpq's way to name the folder of a socket: %2Fvar%2Frun
    if found["ENGINE"] == _ENGINES[0]:  # the same file, wherever a command is started
        found["NAME"] = str(BASE_DIR / found["NAME"])
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
    """Addresses, separated by commas. A user name and password may hold any sign, encoded or as it is."""
    # A comma ends an address only where another one begins, so that a password may hold commas.
    urls = [_userinfo_encoded(url.strip()) for url in re.split(r",(?=\s*(?:rediss?|unix)://)", text(variable)) if url]
    for url in urls:
        if not re.match(r"(rediss?|unix)://", url) or not _parses(url) or "," in (urlsplit(url).hostname or ""):
            raise ImproperlyConfigured(f"{variable} must hold addresses like redis://host:6379/0, separated by commas.")
    return urls


def _userinfo_encoded(url: str) -> str:
    """The address with its user name and password percent-encoded, where a `#`, `?` or `/` in them would end them."""
    scheme, separator, rest = url.partition("://")
    userinfo, at, place = rest.rpartition("@")
    whole = "#" not in url and "@" in rest.partition("/")[0].partition("?")[0]
    if not at or whole or scheme in ("unix", "sqlite"):  # a path may hold any sign
        return url
    # What is encoded already stays: a lone % is no code.
    encoded = re.sub(r"%(?![0-9A-Fa-f]{2})|[^\w.~%:-]", lambda sign: quote(sign[0], safe=""), userinfo)
    return f"{scheme}{separator}{encoded}@{place}"


def _parses(url: str) -> bool:
    try:
        urlsplit(url).port  # noqa: B018 - raises when it is none
    except ValueError:
        return False
    return True


_FLAGS = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False, "off": False}
_ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
