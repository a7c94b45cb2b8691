"""What somebody typed into a search field, taken apart, and where a text holds it. Pure.

All words must be there; those in quotation marks side by side; the last one, from three letters on, may be the
beginning of a word. Which words are the same: see search_words. Signs between words mean nothing, so nothing that can
be typed is wrong.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..text.search_terms import Word, end_of, fold, normal, places, words_of

MAX_QUERY = 200  # characters
OPEN_FROM = 3  # letters: too many words begin with fewer, and all of them would be gathered
BEFORE, LENGTH = 70, 240  # characters of an excerpt: before the first hit, and in all
_LOOKED_AT = 10_000  # characters of a text in which hits are marked

Excerpt = list[tuple[str, bool]]  # pieces of a text, and whether each is a hit

_QUOTES = str.maketrans("“”„‟«»", '""""""')
_CHUNK = re.compile(r'"([^"]*)("?)|([^"\s]+)')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side. open: the last one may go on. is_part: the last one is a character of an unspaced script."""

    words: tuple[str, ...]
    open: bool = False
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All of the phrases are wanted; false when there is nothing to look for."""

    phrases: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.phrases)


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
    chunks = [(quoted or bare, not end) for quoted, end, bare in _CHUNK.findall(normal(text).translate(_QUOTES))]
    phrases = [_phrase(words, may_go_on) for chunk, may_go_on in chunks if (words := places(chunk))]
    closed = [Phrase(each.words, each.is_part, each.is_part) for each in phrases[:-1]]
    return Query(tuple(dict.fromkeys((*closed, *phrases[-1:]))))


def _phrase(words: list[Word], may_go_on: bool) -> Phrase:
    *_, last = words
    if not last.is_part:
        return Phrase(tuple(word.text for word in words), may_go_on and len(last.text) >= OPEN_FROM)
    # A sentence may go on behind what was typed of it: its last character is the end of a pair, or begins one.
    if len(words) > 1 and words[-2].is_part and words[-2].end == last.end:
        return Phrase(tuple(word.text for word in words[:-1]))
    return Phrase(tuple(word.text for word in words), open=True, is_part=True)


def excerpt(text: str, query: Query) -> Excerpt:
    """The surroundings of the first hit on one line, in pieces, with every hit a piece of its own."""
    text = normal(" ".join(text[:_LOOKED_AT].split()))
    hits = list(find_hits(text, query))
    start = _start(text, hits[0][0] if hits else 0)
    end = _end(text, start)
    pieces, at = [("…", False)] if start else [], start
    for first, last in hits:
        if at <= first < end:
            pieces += [(text[at:first], False), (text[first : min(last, end)], True)]
            at = min(last, end)
    pieces.append((text[at:end] + ("…" if end < len(text) else ""), False))
    return [(piece, hit) for piece, hit in pieces if piece]


def find_hits(text: str, query: Query) -> Iterator[tuple[int, int]]:
    """Where the phrases are in a text in normal form, as (start, end), in order; none within another."""
    if text.isascii():  # most texts are, and a pattern takes a third of the time
        yield from _hits_in_ascii(text, query)
        return
    folded, origin = fold(text)
    words, phrases, done = list(words_of(folded)), _by_first_letter(query), 0
    for at, (word, start, _end, _is_part) in enumerate(words):
        wanted = phrases.get(word[0])
        if wanted and start >= done:
            done = max(_end_of(words, at, phrase) for phrase in wanted) or done
            if done > start:
                yield origin(start), end_of(origin, done)


def _hits_in_ascii(text: str, query: Query) -> Iterator[tuple[int, int]]:
    patterns = [
        "[^a-z0-9]+".join(phrase.words) + ("[a-z0-9]*" if phrase.open else "(?![a-z0-9])")
        for phrase in sorted(query.phrases, key=lambda phrase: -len(phrase.words))
        if all(map(str.isascii, phrase.words))
    ]
    if patterns:
        for match in re.finditer(f"(?<![a-z0-9])(?:{'|'.join(patterns)})", text.lower()):
            yield match.span()


def _by_first_letter(query: Query) -> dict[str, list[Phrase]]:
    found: dict[str, list[Phrase]] = {}
    for phrase in query.phrases:
        found.setdefault(phrase.words[0][0], []).append(phrase)
    return found


def _end_of(words: list[tuple[str, int, int, bool]], at: int, phrase: Phrase) -> int:
    """Where a phrase ends that begins with the word `at`; 0 when it does not stand there."""
    last = at + len(phrase.words) - 1
    if last >= len(words):
        return 0
    for wanted, (word, _start, _end, _is_part) in zip(phrase.words[:-1], words[at:last], strict=True):
        if word != wanted:
            return 0
    word, start, end, _is_part = words[last]
    if not (word.startswith(phrase.words[-1]) if phrase.open else word == phrase.words[-1]):
        return 0
    return start + 1 if phrase.is_part else end


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
