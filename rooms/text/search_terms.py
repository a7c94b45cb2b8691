"""Folds a text into the words of the search index, the same for both databases and for what is searched. Pure.

Case and accents make no difference, in any script: É is e, ё is е, ά is α, ß is ss, Ａ is a, أ is ا. Vowel signs of
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

VERSION = 1  # increase it when a text folds into other words than before: the index is made anew
MAX_WORD = 200  # characters; longer words are cut

_NON_JOINER = "\u200c"  # parts words in Arabic script; elsewhere it only shapes letters
_ZERO_WIDTH_SPACE = "\u200b"
_LETTERS = {
    "latin": "a-z\u0080-\u02ff\u1d00-\u1dbf\u1e00-\u1eff\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f",
    "greek": "\u0370-\u03ff\u1f00-\u1fff",
    "cyrillic": "\u0400-\u052f\u1c80-\u1c8f\ua640-\ua69f",
    "hebrew": "\u0590-\u05ff",
    "arabic": "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff",
}
# Thai, Lao, Burmese, Khmer; Chinese, Japanese, Korean.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\uaa60-\uaa7f"
    "\u1100-\u11ff\u3000-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_KNOWN = "".join(_LETTERS.values()) + _UNSPACED
# Possessive, so that no run of digits is looked at more than once for each script.
_WORD = re.compile(
    f"([{_UNSPACED}]+)"
    + "".join(
        f"|[0-9]*+[{letters}][{letters}0-9{'' if script == 'arabic' else _NON_JOINER}]*+"
        for script, letters in _LETTERS.items()
    )
    + f"|[0-9]*+[^ 0-9{_KNOWN}][^ {_KNOWN}]*+|[0-9]+"
)
_HALF_WIDTH = re.compile("[\uff66-\uff9f]+")

# Canonical combining classes of marks that do not make another word: overlays, nuktas, the points of Hebrew and of
# Arabic, accents. Vowel signs and tones of other scripts have different ones.
_IGNORED_MARKS = {1, 7, *range(10, 37), *range(202, 241)}
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]")
_TATWEEL = "\u0640"
_SKIN_TONES = "\U0001f3fb-\U0001f3ff"
_APOSTROPHES = re.compile("[\u02b9-\u02bf]")  # letters in name; people type ' or ’ instead
_ALSO = str.maketrans(
    {"ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا"}
)
_WITH = re.compile("((?:LATIN|CYRILLIC) SMALL LETTER .+?) WITH ")  # ø is O WITH STROKE, қ is KA WITH DESCENDER


class Word(NamedTuple):
    text: str
    start: int  # its place in the text, which is in normal form
    end: int
    is_part: bool  # a pair of characters of an unspaced script, or the last of them alone


def normal(text: str) -> str:
    """A text as `places` takes it: NFC, and Japanese in full width, where sound marks are part of their letters."""
    text = nfc(text)
    if not text.isascii():
        text = _HALF_WIDTH.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return text


def index_text(text: str) -> str | None:
    """The words of a text, with a blank between two; None when a database finds just these in the text by itself.

    It does in ASCII, where words are letters and digits, and case makes no difference.
    """
    if text.isascii() and (len(text) <= MAX_WORD or max(map(len, text.split()), default=0) <= MAX_WORD):
        return None
    return " ".join([word for word, _start, _end, _is_part in words_of(normal(text).translate(_fold))])


def fold(text: str) -> tuple[str, Callable[[int], int]]:
    """A text in normal form with its letters folded and blanks for all signs, and the way back: place there → in the
    text. The way back leads behind the marks of a letter, which are not there."""
    pieces = [_fold[ord(char)] for char in text]

    @cache
    def origins() -> list[int]:
        return [*(place for place, piece in enumerate(pieces) for _char in piece), len(text)]

    return "".join(pieces), lambda place: origins()[place]


def words_of(folded: str) -> Iterator[tuple[str, int, int, bool]]:
    """The words of a folded text, and where they are: the fields of Word."""
    for match in _WORD.finditer(folded):
        start, end = match.span()
        if match[1]:
            for at in range(start, end - 1):
                yield folded[at : at + 2], at, at + 2, True
            yield folded[end - 1], end - 1, end, True
        elif word := match[0].replace(_NON_JOINER, ""):
            yield word[:MAX_WORD], start, end, False


def places(text: str) -> list[Word]:
    """The words of a text in normal form, and where they are."""
    folded, origin = fold(text)
    return [Word(word, origin(start), end_of(origin, end), is_part) for word, start, end, is_part in words_of(folded)]


def end_of(origin: Callable[[int], int], end: int) -> int:
    """Where in the text a folded word ends: an emoji is there with blanks around it."""
    return origin(end) if origin(end) > origin(end - 1) else origin(end + 1)


class _Folding(dict):
    """Code point → what it is in a folded text: letters, nothing, or a blank where words end. For str.translate."""

    LARGEST = 20_000  # entries; few people use more characters than that

    def __missing__(self, code: int) -> str:
        if len(self) >= self.LARGEST:
            self.clear()
        self[code] = folded = _folded(chr(code))
        return folded


_fold = _Folding()


def _folded(char: str) -> str:
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
        return _letter(like) if len(like) == 1 and like.isalpha() else f" {char} "
    return _letter(char) if category[0] in "LN" and not _APOSTROPHES.match(char) else " "


def _letter(char: str) -> str:
    if _HANGUL.match(char):
        return char
    parts = unicodedata.normalize("NFKD", char)
    bare = "".join(part for part in parts if unicodedata.combining(part) not in _IGNORED_MARKS)
    plain = "".join(map(_without_stroke, unicodedata.normalize("NFC", bare).casefold())).translate(_ALSO)
    whole = plain and all(unicodedata.category(part)[0] in "LNM" for part in plain)
    return plain if whole else char.casefold()  # ½ is not 12


def _without_stroke(letter: str) -> str:
    """ø → o, ł → l: letters that Unicode does not take apart."""
    found = _WITH.match(unicodedata.name(letter, ""))
    try:
        return unicodedata.lookup(found[1]) if found else letter
    except KeyError:
        return letter
