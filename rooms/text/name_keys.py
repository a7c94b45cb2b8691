"""Names of rooms and people as they are looked up: folded as words of messages are, from each word on. Pure.

"Release notes" has the keys "release notes" and "notes"; whoever types the beginning of one of them finds it. In
scripts without spaces each character begins a word.
"""

from . import search_terms
from .search_terms import fold, normal, words_of

MAX_KEY = 80  # characters
MAX_KEYS = 20  # of one name
# Increase the last number when names have other keys than before: they are made anew.
VERSION = search_terms.VERSION * 100 + 1
_END = "\U0010ffff"  # sorts behind every key that goes on


def folded(text: str) -> str:
    """A name, or what somebody typed of one, without case, accents and signs."""
    return " ".join(fold(normal(text))[0].split())


def keys_of(name: str) -> list[str]:
    """The keys of a name: first that of the whole name, which may be empty, then those from later words on."""
    whole = folded(name)
    starts = [0, *(start for _word, start, _end, _is_part in words_of(whole))]
    return list(dict.fromkeys(whole[start : start + MAX_KEY] for start in starts))[:MAX_KEYS]


def key_range(typed: str) -> tuple[str, str]:
    """The first and the last key that begin with what was typed, when sorted by code points."""
    key = folded(typed)[:MAX_KEY]
    return key, key + _END
