"""Folds texts and queries into the words of the search index, the same for both databases. Pure.

Case and accents are ignored in all scripts: É is e, ё is е, ά is α, ß is ss, Ａ is a, أ is ا. Vowel signs of
Indic scripts and of Thai belong to their words. Words end where the script changes (`Redis服务器`). Scripts that put no
spaces between words, or join words as Korean does, are indexed as overlapping pairs of characters, so that any part of
a sentence is found. Each emoji is a word.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from accounts.plain_text import nfc

from ..kernel.unicode_classes import EMOJI, INVISIBLE

VERSION = 1  # increase it when texts fold into different words: the index is rebuilt
MAX_WORD = 200  # characters; longer words are cut

_NON_JOINER = "\u200c"  # separates words in Arabic script; elsewhere it only shapes letters
_ZERO_WIDTH_SPACE = "\u200b"
_LETTERS = {
    "latin": "a-z\u0080-\u02ff\u1d00-\u1dbf\u1e00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "cyrillic": "\u0400-\u052f\u1c80-\u1c8f\ua640-\ua69f",
    "hebrew": "\u0590-\u05ff",
    "arabic": "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff",
}
# Thai, Lao, Burmese, Khmer; Chinese, Japanese, Korean.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\uaa60-\uaa7f"
    "\u1100-\u11ff\u3000-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_KNOWN = "".join(_LETTERS.values()) + UNSPACED
# Possessive quantifiers, so that each run of digits is scanned only once per script.
_WORD = re.compile(
    f"([{UNSPACED}]+)"
    + "".join(
        f"|[0-9]*+[{letters}][{letters}0-9{'' if script == 'arabic' else _NON_JOINER}]*+"
        for script, letters in _LETTERS.items()
    )
    + f"|[0-9]*+[^ 0-9{_KNOWN}][^ {_KNOWN}]*+|[0-9]+"
)
_HALF_WIDTH = re.compile("[\uff66-\uff9f]+")

# Canonical combining classes of ignored marks: overlays, nuktas, Hebrew and Arabic points, accents. Vowel signs and
# tones of other scripts have different classes.
_IGNORED_MARKS = {1, 7, *range(10, 37), *range(202, 241)}
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_TATWEEL = "\u0640"
_SKIN_TONES = "\U0001f3fb-\U0001f3ff"
_APOSTROPHES = re.compile("[\u02b9-\u02bf]")  # letters in name; people type ' or ’ instead
_EXTRA_FOLDS = str.maketrans(
    {"ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا"}
)
_NAME_OF_MODIFIED_LETTER = re.compile(
    "((?:LATIN|CYRILLIC) SMALL LETTER .+?) WITH "
)  # ø is O WITH STROKE, қ is KA WITH DESCENDER


class Word(NamedTuple):
    text: str
    start: int  # position in the normalized text
    end: int
    is_part: bool  # a pair of characters of an unspaced script, or the last of them alone


def normalize(text: str) -> str:
    """The text as `find_words` needs it: NFC, and full-width Japanese, where sound marks are part of letters."""
    text = nfc(text)
    if not text.isascii():
        text = _HALF_WIDTH.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return text


def index_text(text: str) -> str | None:
    """The folded words of a text, separated by spaces; None if the databases find the same words in the text itself.

    They do in ASCII text, where words consist of letters and digits.
    """
    if text.isascii() and (len(text) <= MAX_WORD or max(map(len, text.split()), default=0) <= MAX_WORD):
        return None
    return " ".join([word for word, _start, _end, _is_part in iter_words(normalize(text).translate(_fold_table))])


def fold(text: str) -> tuple[str, Callable[[int], int]]:
    """A normalized text with letters folded and other characters replaced by spaces; and a function from positions in
    the result to positions in the text. (It skips the marks of a letter, which are removed.)"""
    pieces = [_fold_table[ord(char)] for char in text]

    @cache
    def origins() -> list[int]:
        return [*(place for place, piece in enumerate(pieces) for _char in piece), len(text)]

    return "".join(pieces), lambda place: origins()[place]


def iter_words(folded: str) -> Iterator[tuple[str, int, int, bool]]:
    """Yield the words of a folded text as the fields of Word."""
    for match in _WORD.finditer(folded):
        start, end = match.span()
        if match[1]:
            for at in range(start, end - 1):
                yield folded[at : at + 2], at, at + 2, True
            yield folded[end - 1], end - 1, end, True
        elif word := match[0].replace(_NON_JOINER, ""):
            yield word[:MAX_WORD], start, end, False


def find_words(text: str) -> list[Word]:
    """The words of a normalized text, with their positions."""
    folded, origin = fold(text)
    return [
        Word(word, origin(start), word_end(origin, end), is_part) for word, start, end, is_part in iter_words(folded)
    ]


def word_end(origin: Callable[[int], int], end: int) -> int:
    """Where a folded word ends in the text. (A folded emoji has spaces around it.)"""
    return origin(end) if origin(end) > origin(end - 1) else origin(end + 1)


class _FoldTable(dict):
    """For str.translate: code point → folded letters, "", or a space where words end. A cache of MAX_ENTRIES."""

    MAX_ENTRIES = 20_000  # few servers see more different characters

    def __missing__(self, code: int) -> str:
        if len(self) >= self.MAX_ENTRIES:
            self.clear()
        self[code] = folded = _fold_char(chr(code))
        return folded


_fold_table = _FoldTable()


def _fold_char(char: str) -> str:
    category = unicodedata.category(char)
    if char.isascii():
        return char.lower() if char.isalnum() else " "
    if char == _NON_JOINER:
        return char
    if char == _TATWEEL or re.match(f"[{_SKIN_TONES}]", char) or (INVISIBLE.match(char) and char != _ZERO_WIDTH_SPACE):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category[0] == "M":
        return "" if category == "Me" or unicodedata.combining(char) in _IGNORED_MARKS else char
    if EMOJI.fullmatch(char):
        return f" {char} "
    if category == "So":
        like = unicodedata.normalize("NFKC", char)  # a letter in a circle, a radical of Chinese
        return _fold_letter(like) if len(like) == 1 and like.isalpha() else f" {char} "
    return _fold_letter(char) if category[0] in "LN" and not _APOSTROPHES.match(char) else " "


def _fold_letter(char: str) -> str:
    if _HANGUL.match(char):
        return char
    parts = unicodedata.normalize("NFKD", char)
    bare = "".join(part for part in parts if unicodedata.combining(part) not in _IGNORED_MARKS)
    plain = "".join(map(_without_stroke, unicodedata.normalize("NFC", bare).casefold())).translate(_EXTRA_FOLDS)
    whole = plain and all(unicodedata.category(part)[0] in "LNM" for part in plain)
    return plain if whole else char.casefold()  # ½ is not 12


def _without_stroke(letter: str) -> str:
    """ø → o, ł → l: letters without a decomposition in Unicode."""
    found = _NAME_OF_MODIFIED_LETTER.match(unicodedata.name(letter, ""))
    try:
        return unicodedata.lookup(found[1]) if found else letter
    except KeyError:
        return letter
