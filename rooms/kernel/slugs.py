"""Names of rooms: titles as people type them, slugs in addresses, groups on the channel layer."""

import re
import secrets
import unicodedata

from slugify import slugify

from accounts.plain_text import BIDI_CONTROLS, clean_line, nfc

from .errors import ChatError
from .unicode_classes import INVISIBLE, INVISIBLE_AND_USELESS

MAX_TITLE = MAX_SLUG = 80
SLUG = re.compile(r"[a-z0-9_-]{1,80}\Z")
RESERVED = frozenset({"invite"})  # addresses that new rooms do not get: pages stand below them
# No title gives a double hyphen, so these can neither be made by typing nor be guessed: they end in 100 random bits.
_DIRECT, _PRIVATE = "dm--", "private--"
_NO_SIGNS = ("Cc", "Cs", "Co", "Cn")


def check_title(text: str) -> str:
    """A room's title as it is shown, cleaned of what no one sees. Raises ChatError when no room can be called so."""
    title = clean_line(nfc(INVISIBLE_AND_USELESS.sub("", check_direction(text))))
    if not title:
        raise ChatError("room_title_empty")
    if len(title) > MAX_TITLE:
        raise ChatError("room_title_too_long", count=len(title), limit=MAX_TITLE)
    if any(unicodedata.category(char) in _NO_SIGNS for char in title) or not slug_of(title):
        raise ChatError("room_title_unusable")
    return title


def check_direction(text: str) -> str:
    """A name, or a text about a room, that reads in its own direction and leaves what stands beside it as it is."""
    if BIDI_CONTROLS.search(text):
        raise ChatError("hidden_characters")
    return text


def slug_of(title: str) -> str:
    """The address of a title: "Café Döner" → "cafe-doner". Empty when nothing of it can stand in an address.

    Titles that differ only in signs that nobody sees have the same one.
    """
    return slugify(INVISIBLE.sub("", title), max_length=MAX_SLUG, regex_pattern=r"[^a-z0-9_-]+")


def same_name(one: str, other: str) -> bool:
    """Whether two names are one, but for capitals, accents, and what stands between the words."""
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", INVISIBLE.sub("", text)).casefold()
    return "".join(char for char in folded if not (char.isspace() or char in "-_" or unicodedata.combining(char)))


def random_slug(kind: str) -> str:
    return (_DIRECT if kind == "direct" else _PRIVATE) + secrets.token_hex(13)


def is_random_slug(name: str) -> bool:
    """Whether this has the form of a private room's or direct message's address. No title gives one."""
    return name.startswith((_DIRECT, _PRIVATE))


def group_name(slug: str) -> str:
    """The channel-layer group of a room. The only place where one is made."""
    if not SLUG.match(slug):
        raise ValueError(f"no room can be called {slug!r}")
    return f"chat_{slug}"


def user_group(user_id: int) -> str:
    """The group of one person's sockets, in every room."""
    return f"user_{int(user_id)}"


EVERYONE = "broadcast"
