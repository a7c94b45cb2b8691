"""What somebody typed into a search field, taken apart, and where a text holds it. Pure.

All words must be there; those in quotation marks side by side; the last one, from three letters on, may be the
beginning of a word. Case and accents make no difference. Signs between words mean nothing, so nothing that can be typed
is wrong.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MAX_QUERY = 200  # characters
OPEN_FROM = 3  # letters: too many words begin with fewer, and all of them would be gathered
BEFORE, LENGTH = 70, 240  # characters of an excerpt: before the first hit, and in all
_LOOKED_AT = 10_000  # characters of a text in which hits are marked

Excerpt = list[tuple[str, bool]]  # pieces of a text, and whether each is a hit

_QUOTES = str.maketrans("“”„‟«»", '""""""')
_CHUNK = re.compile(r'"([^"]*)("?)|([^"\s]+)')
_WORD = r"[^\W_]"
# Scripts that put no spaces between words: a database takes a whole sentence for one word.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True, slots=True)
class Query:
    """phrases: each one or more words, side by side. open: the last one's last word may go on.
    anywhere: pieces that no index of words has: emoji, and words of scripts without spaces."""

    phrases: tuple[str, ...] = ()
    open: bool = False
    anywhere: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.phrases or self.anywhere)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a database is asked for: messages `m` with the words, and all the rest."""

    query: Query
    rooms: list[int] | None  # those in question when they are few, to be quick; the rights are in `where`
    sender_id: int | None
    low: int  # ids, from here …
    high: int  # … to before here
    where: str  # SQL
    values: list  # its parameters
    limit: int


def parse(text: str) -> Query:
    """What was typed as a Query, which is false when there is nothing to look for."""
    phrases, anywhere, is_open = [], [], False
    for quoted, end, bare in _CHUNK.findall(text.translate(_QUOTES)):
        chunk = " ".join("".join(char if char.isprintable() else " " for char in quoted or bare).split())
        words = _words(_folded(chunk)[0])
        if _UNSPACED.search(chunk) or (not words and _is_picture(chunk)):
            anywhere.append(chunk)
            is_open = False
        elif words:
            phrases.append(chunk)
            is_open = not end and len(words[-1]) >= OPEN_FROM
    return Query(tuple(phrases), is_open, tuple(anywhere))


def excerpt(text: str, query: Query) -> Excerpt:
    """The surroundings of the first hit on one line, in pieces, with every hit a piece of its own."""
    text = " ".join(text[:_LOOKED_AT].split())
    hits = list(_hits(text, query))
    start = _start(text, hits[0][0] if hits else 0)
    end = _end(text, start)
    pieces, at = [("…", False)] if start else [], start
    for first, last in hits:
        if at <= first < end:
            pieces += [(text[at:first], False), (text[first : min(last, end)], True)]
            at = min(last, end)
    pieces.append((text[at:end] + ("…" if end < len(text) else ""), False))
    return [(piece, hit) for piece, hit in pieces if piece]


def _is_picture(text: str) -> bool:
    return any(unicodedata.category(char) in ("So", "Sk", "Mn") for char in text)


def _hits(text: str, query: Query) -> Iterator[tuple[int, int]]:
    """Where the words are, as (start, end)."""
    patterns = [re.escape(_folded(piece)[0]) for piece in query.anywhere]
    for number, phrase in enumerate(query.phrases, 1):
        words = r"[\W_]+".join(map(re.escape, _words(_folded(phrase)[0])))
        ends = rf"{_WORD}*" if query.open and number == len(query.phrases) else rf"(?!{_WORD})"
        patterns.append(rf"(?<!{_WORD}){words}{ends}")
    if patterns:
        folded, places = _folded(text)
        for match in re.finditer("|".join(patterns), folded):
            yield places[match.start()], places[match.end()]


def _words(text: str) -> list[str]:
    return re.findall(f"{_WORD}+", text)


def _folded(text: str):
    """A text without case and accents, and for each character of that its place in the text, and the end."""
    if text.isascii():
        return text.lower(), range(len(text) + 1)
    plain, places = [], []
    for place, char in enumerate(text):
        folded = _plain(char)
        plain.append(folded)
        places += [place] * len(folded)
    return "".join(plain), [*places, len(text)]


@lru_cache(4096)
def _plain(char: str) -> str:
    return "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)).lower()


def _start(text: str, hit: int) -> int:
    """Where an excerpt begins: at a word, a little before the first hit."""
    if hit <= BEFORE:
        return 0
    space = text.find(" ", hit - BEFORE, hit)
    return space + 1 if space >= 0 else hit - BEFORE


def _end(text: str, start: int) -> int:
    """Where it ends: after a word."""
    if len(text) <= start + LENGTH:
        return len(text)
    space = text.rfind(" ", start + LENGTH // 2, start + LENGTH)
    return space if space >= 0 else start + LENGTH
