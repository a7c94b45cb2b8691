"""Reads settings from the environment. An invalid value raises ImproperlyConfigured with one sentence."""

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
GIVEN: set[str] = set()  # the names of all that have been read, and are set
Number = TypeVar("Number", int, float)


def load_file(path: Path) -> None:
    """Load variables that are not set from a file like .env. Errors do not reveal the file's content."""
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
    load_file(BASE_DIR / ".env")


def text(name: str, default: str = "") -> str:
    """Without blanks around it. A variable that is set and empty counts as not set."""
    if found := os.environ.get(name, "").strip():
        GIVEN.add(name)
    return found or default


def texts(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def flag(name: str, default: bool = False) -> bool:
    """yes, true, on, 1 or the opposite, in any case."""
    value = text(name, "yes" if default else "no").lower()
    if value not in _FLAGS:
        raise ImproperlyConfigured(f"{name} is {value!r}; use yes or no.")
    return _FLAGS[value]


def number(name: str, default: Number, low: float = 0, high: float = 1_000_000_000) -> Number:
    """A number from low to high; an int if the default is one."""
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
    """One of these words, in lower case."""
    value = text(name, default).lower()
    if value not in (default, *others):
        raise ImproperlyConfigured(f"{name} is {value!r}; use one of: {', '.join((default, *others))}.")
    return value


def name(variable: str, default: str) -> str:
    """A lower-case name that can be mentioned: letters, digits, `_`, `.` and `-`."""
    value = text(variable, default)
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,31}", value):
        raise ImproperlyConfigured(f"{variable} is {value!r}; use 1 to 32 lower-case letters, digits, '_', '.' or '-'.")
    return value


def database(variable: str, default: Path) -> dict:
    """A Django DATABASES entry from a URL, sqlite:///path or postgres://user:password@host:port/name.

    default: the SQLite file to use without a URL.
    """
    if not text(variable):
        return {"ENGINE": _ENGINES[0], "NAME": str(default)}
    try:
        with warnings.catch_warnings(action="ignore"):
            found = _env.db_url_config(_encode_userinfo(text(variable)))
    except (ValueError, KeyError, ImproperlyConfigured):
        found = {}
    # In memory, each thread would have its own database.
    if found.get("ENGINE") not in _ENGINES or found.get("NAME", "") in ("", ":memory:"):
        raise ImproperlyConfigured(
            f"{variable} cannot be understood; use sqlite:///path/to/file or postgres://user:password@host:5432/name."
        )
    if "pool" in found.get("OPTIONS", {}):
        raise ImproperlyConfigured(f"{variable} cannot set the option pool; DB_THREADS says how large it is.")
    found["HOST"] = unquote(found.get("HOST") or "")  # a socket's folder in libpq's notation: %2Fvar%2Frun
    if found["ENGINE"] == _ENGINES[0]:  # the same file from any working directory
        found["NAME"] = str(BASE_DIR / found["NAME"])
    return found


def origins(variable: str) -> list[str]:
    """A list of origins: scheme, host and optional port; `https://*.host` for all subdomains."""
    found = texts(variable)
    for origin in found:
        if not re.fullmatch(r"https?://[^/?#@\s]+", origin, re.IGNORECASE) or not _is_valid_url(origin):
            raise ImproperlyConfigured(
                f"{variable} must hold origins like https://chat.example.org, separated by commas."
            )
    return found


def origin(variable: str, default: str = "") -> str:
    """One of them."""
    found = text(variable, default).rstrip("/")
    if found and (not re.fullmatch(r"https?://[^/?#@\s*,;]+", found, re.IGNORECASE) or not _is_valid_url(found)):
        raise ImproperlyConfigured(f"{variable} must be an origin like https://files.example.org.")
    return found


def push_hosts(variable: str, default: str) -> list[str]:
    """Host names, or origins."""
    found = [each.lower().rstrip("/") for each in texts(variable, default)]
    for each in found:
        if not re.fullmatch(r"(https?://)?[a-z0-9.-]+(:\d+)?", each) or (":" in each and "://" not in each):
            raise ImproperlyConfigured(
                f"{variable} must hold names of hosts, or origins like https://push.example.org, separated by commas."
            )
    return found


def contact(variable: str) -> str:
    """Where the administrators of this server can be reached."""
    found = text(variable)
    if found and not re.fullmatch(r"mailto:[^\s@]+@[^\s@]+|https://\S+", found):
        raise ImproperlyConfigured(f"{variable} must be like mailto:admin@example.org or https://chat.example.org.")
    return found


def scanner(variable: str) -> str:
    """Where clamd listens."""
    found = text(variable)
    if found and (not re.fullmatch(r"tcp://[^/?#@\s]+|unix:///\S+", found) or not _is_valid_url(found)):
        raise ImproperlyConfigured(f"{variable} must be like tcp://clamd:3310 or unix:///run/clamav/clamd.ctl.")
    return found


def redis_urls(variable: str) -> list[str]:
    """A comma-separated list of URLs. User name and password may contain any character, encoded or not."""
    # Only a comma before another URL separates, so that passwords may contain commas.
    urls = [_encode_userinfo(url.strip()) for url in re.split(r",(?=\s*(?:rediss?|unix)://)", text(variable)) if url]
    for url in urls:
        if not re.match(r"(rediss?|unix)://", url) or not _is_valid_url(url) or "," in (urlsplit(url).hostname or ""):
            raise ImproperlyConfigured(f"{variable} must hold addresses like redis://host:6379/0, separated by commas.")
    return urls


def _encode_userinfo(url: str) -> str:
    """The URL with user name and password percent-encoded, if they contain `#`, `?` or `/`."""
    scheme, separator, rest = url.partition("://")
    userinfo, at, location = rest.rpartition("@")
    whole = "#" not in url and "@" in rest.partition("/")[0].partition("?")[0]
    if not at or whole or scheme in ("unix", "sqlite"):  # a path may contain any character
        return url
    # Keep what is already encoded, but not a lone %.
    encoded = re.sub(r"%(?![0-9A-Fa-f]{2})|[^\w.~%:-]", lambda sign: quote(sign[0], safe=""), userinfo)
    return f"{scheme}{separator}{encoded}@{location}"


def _is_valid_url(url: str) -> bool:
    try:
        urlsplit(url).port  # noqa: B018 - raises ValueError when it is invalid
    except ValueError:
        return False
    return True


_FLAGS = {"1": True, "yes": True, "true": True, "on": True, "0": False, "no": False, "false": False, "off": False}
_ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
