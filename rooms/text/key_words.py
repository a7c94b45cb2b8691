"""Finds words that somebody has chosen in what others write: whole words and phrases, in capitals or not. Pure."""

import re
import unicodedata

from accounts.plain_text import BIDI_CONTROLS, clean_line, nfc

from .search_terms import UNSPACED

_UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}]")


def tidy(words: str) -> str:
    """A word or phrase as it is shown to who has chosen it."""
    return nfc(BIDI_CONTROLS.sub("", clean_line(words)))


def fold(text: str) -> str:
    """What words are looked for in, and what of them is looked for: without capitals, with single spaces."""
    return nfc(clean_line(text).casefold())


def contains(text: str, word: str) -> bool:
    """Both folded. What stands beside the word is no part of it, except in scripts that put no spaces between words."""
    start = text.find(word) if word else -1
    while start >= 0:
        end = start + len(word)
        if not _belong_together(text[start - 1 : start], word[0]) and not _belong_together(
            word[-1], text[end : end + 1]
        ):
            return True
        start = text.find(word, start + 1)
    return False


def _belong_together(left: str, right: str) -> bool:
    return bool(left and right) and all(
        _is_of_word(each) and not _UNSPACED_CHARACTER.match(each) for each in (left, right)
    )


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")
