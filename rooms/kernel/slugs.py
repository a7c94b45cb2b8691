"""Titles and names of rooms, and names of groups on the channel layer.

A title is what people see and type. A name identifies a room in URLs, on the wire and in groups, and never changes.
The name of a room that was made as a public one is the slug of its first title, perhaps with a number; others are
random.
"""

import re
import secrets
import unicodedata

from slugify import slugify

from accounts.plain_text import BIDI_CONTROLS, clean_line, nfc

from .errors import ChatError
from .unicode_classes import INVISIBLE, INVISIBLE_AND_USELESS

MAX_TITLE = MAX_NAME = 80
NAME_PATTERN = re.compile(r"[a-z0-9_-]{1,80}\Z")
RESERVED_NAMES = frozenset({"invite"})  # not given to rooms: other pages have these URLs
# No slug has a double hyphen, so no title leads to such a name. It ends in 100 random bits, so nobody can guess it.
_DIRECT_PREFIX, _PRIVATE_PREFIX = "dm--", "private--"
_FORBIDDEN_CATEGORIES = ("Cc", "Cs", "Co", "Cn")


def check_title(text: str) -> str:
    """A room's title without invisible characters.

    Raises ChatError: room_title_empty, room_title_too_long, room_title_unusable, hidden_characters.
    """
    title = clean_line(nfc(INVISIBLE_AND_USELESS.sub("", check_direction(text))))
    if not title:
        raise ChatError("room_title_empty")
    if len(title) > MAX_TITLE:
        raise ChatError("room_title_too_long", count=len(title), limit=MAX_TITLE)
    if any(unicodedata.category(char) in _FORBIDDEN_CATEGORIES for char in title) or not title_to_slug(title):
        raise ChatError("room_title_unusable")
    return title


def check_direction(text: str) -> str:
    """Return the text. Raises ChatError: hidden_characters, if some change the direction of text."""
    if BIDI_CONTROLS.search(text):
        raise ChatError("hidden_characters")
    return text


def title_to_slug(title: str) -> str:
    """The slug of a title: "Café Döner" → "cafe-doner". Empty when no character can be part of a URL.

    Titles that differ only in invisible characters have the same slug.
    """
    return slugify(INVISIBLE.sub("", title), max_length=MAX_NAME, regex_pattern=r"[^a-z0-9_-]+")


def same_name(one: str, other: str) -> bool:
    """Whether two titles are equal, ignoring case, accents, spaces and hyphens."""
    return _normalize(one) == _normalize(other)


def _normalize(text: str) -> str:
    folded = unicodedata.normalize("NFKD", INVISIBLE.sub("", text)).casefold()
    return "".join(char for char in folded if not (char.isspace() or char in "-_" or unicodedata.combining(char)))


def random_name(kind: str) -> str:
    """A name for a room that is not public: a prefix by its kind and 104 random bits, so that nobody can guess it."""
    return (_DIRECT_PREFIX if kind == "direct" else _PRIVATE_PREFIX) + secrets.token_hex(13)


def is_random_name(name: str) -> bool:
    """Whether this has the form of a private room's or direct message's name. No slug has it."""
    return name.startswith((_DIRECT_PREFIX, _PRIVATE_PREFIX))


def group_name(room_name: str) -> str:
    """The channel-layer group of a room."""
    if not NAME_PATTERN.match(room_name):
        raise ValueError(f"no room can be called {room_name!r}")
    return f"chat_{room_name}"


def user_group(user_id: int) -> str:
    """The group of all sockets of one user."""
    return f"user_{int(user_id)}"


EVERYONE = "broadcast"
