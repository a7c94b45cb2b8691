"""Search keys of names: the folded name from each of its words on. Pure.

"Release notes" has the keys "release notes" and "notes" and is found by the beginning of either. In scripts without
spaces each character begins a word.
"""

from . import search_terms
from .search_terms import fold, iter_words, normalize

MAX_KEY = 80  # characters
MAX_KEYS = 20  # of one name
# Increase the last number when the keys of names change: they are stored again.
VERSION = search_terms.VERSION * 100 + 1
_AFTER_ANY_KEY = "\U0010ffff"  # sorts after every longer key


def fold_name(text: str) -> str:
    """A name or a query without case, accents and punctuation."""
    return " ".join(fold(normalize(text))[0].split())


def name_keys(name: str) -> list[str]:
    """The keys of a name: first that of the whole name, which may be empty, then those of later words."""
    whole = fold_name(name)
    starts = [0, *(start for _word, start, _end, _is_part in iter_words(whole))]
    return list(dict.fromkeys(whole[start : start + MAX_KEY] for start in starts))[:MAX_KEYS]


def key_range(typed: str) -> tuple[str, str]:
    """The bounds (low, high) of all keys that begin with the query, in code point order: low <= key < high."""
    key = fold_name(typed)[:MAX_KEY]
    return key, key + _AFTER_ANY_KEY
