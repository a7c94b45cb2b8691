"""Makes a user name of what an issuer calls somebody."""

import re
import secrets
import unicodedata
from collections.abc import Iterator

from django.core.exceptions import ValidationError

from ..display_names import check_display_name
from ..models import MAX_DISPLAY_NAME, User
from ..usernames import USERNAME_MAX

_COUNTED = 20  # names with a number that are tried
_MIN = 2


def candidates(handle: str, name: str) -> Iterator[str]:
    """User names, the best first; the last is always free. handle: perhaps an address."""
    base = _plain(handle.partition("@")[0]) or _plain(name) or "person"
    yield base
    for number in range(2, _COUNTED):
        yield f"{base[: USERNAME_MAX - 3]}{'-' if base[-1].isdigit() else ''}{number}"
    yield f"person-{secrets.token_hex(6)}"


def display_name(name: str, user: User) -> str:
    """As far as it may be used: "" otherwise."""
    try:
        return check_display_name(name[:MAX_DISPLAY_NAME], user)
    except ValidationError:
        return ""


def _plain(text: str) -> str:
    text = text.replace("ß", "ss")
    for umlaut in "äöüÄÖÜ":
        text = text.replace(umlaut, unicodedata.normalize("NFKD", umlaut)[0] + "e")
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    plain = re.sub(r"[^A-Za-z0-9_.-]", "-", plain)
    plain = re.sub(r"-{2,}", "-", plain)[:USERNAME_MAX].strip(".-")
    return plain if len(plain) >= _MIN else ""
