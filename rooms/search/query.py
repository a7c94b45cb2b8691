"""Parses search queries, and finds their matches in a text. Pure.

A message must contain all words; words in quotation marks must be adjacent; the last word, from three letters on, may
be the beginning of a word. text/search_terms.py says which words are equal. Punctuation is ignored, so no query is
invalid.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..text.search_terms import Word, find_words, fold, iter_words, normalize, word_end

MAX_QUERY = 200  # characters
MIN_PREFIX_LENGTH = 3  # letters; a shorter prefix would match too many words
EXCERPT_BEFORE, EXCERPT_LENGTH = 70, 240  # characters of an excerpt: before the first hit, and in total
_MAX_SCANNED = 10_000  # characters of a text that are searched for hits

Excerpt = list[tuple[str, bool]]  # (piece of text, whether it is a hit)

_QUOTES = str.maketrans("“”„‟«»", '""""""')
_CHUNK = re.compile(r'"([^"]*)("?)|([^"\s]+)')


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent words. is_prefix: the last may be longer. is_part: it is one character of a script without spaces."""

    words: tuple[str, ...]
    is_prefix: bool = False
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A message must contain all phrases. False when there are none."""

    phrases: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.phrases)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What a backend searches for: messages `m` that match the query and all conditions."""

    query: Query
    rooms: list[int] | None  # only a hint for the index, if they are few; `where` checks the rights
    sender_id: int | None
    low: int  # lowest id
    high: int  # id after the highest
    where: str  # SQL
    values: list  # parameters of `where`
    limit: int


def parse(text: str) -> Query:
    """What somebody typed, as phrases. The last word may be the beginning of one, unless it is quoted and closed."""
    chunks = [(quoted or bare, not end) for quoted, end, bare in _CHUNK.findall(normalize(text).translate(_QUOTES))]
    phrases = [_phrase(words, may_be_prefix) for chunk, may_be_prefix in chunks if (words := find_words(chunk))]
    complete = [Phrase(each.words, each.is_part, each.is_part) for each in phrases[:-1]]
    return Query(tuple(dict.fromkeys((*complete, *phrases[-1:]))))


def _phrase(words: list[Word], may_be_prefix: bool) -> Phrase:
    *_, last = words
    if not last.is_part:
        return Phrase(tuple(word.text for word in words), may_be_prefix and len(last.text) >= MIN_PREFIX_LENGTH)
    # The text may continue after the query: the last character is the end of a pair, or begins one.
    if len(words) > 1 and words[-2].is_part and words[-2].end == last.end:
        return Phrase(tuple(word.text for word in words[:-1]))
    return Phrase(tuple(word.text for word in words), is_prefix=True, is_part=True)


def excerpt(text: str, query: Query) -> Excerpt:
    """The text around the first hit, on one line, split so that each hit is a separate piece."""
    text = normalize(" ".join(text[:_MAX_SCANNED].split()))
    hits = list(find_hits(text, query))
    start = _excerpt_start(text, hits[0][0] if hits else 0)
    end = _excerpt_end(text, start)
    pieces, at = [("…", False)] if start else [], start
    for first, last in hits:
        if at <= first < end:
            pieces += [(text[at:first], False), (text[first : min(last, end)], True)]
            at = min(last, end)
    pieces.append((text[at:end] + ("…" if end < len(text) else ""), False))
    return [(piece, hit) for piece, hit in pieces if piece]


def has_all(text: str, query: Query) -> bool:
    """Whether a text has all phrases of a query, which has some."""
    text = normalize(text)
    return bool(query) and all(any(find_hits(text, Query((phrase,)))) for phrase in query.phrases)


def find_hits(text: str, query: Query) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the matches in a normalized text, in order and without overlaps."""
    if text.isascii():  # most texts are, and a pattern is three times as fast
        yield from _hits_in_ascii(text, query)
        return
    folded, origin = fold(text)
    words, phrases, done = list(iter_words(folded)), _by_first_letter(query), 0
    for at, (word, start, _end, _is_part) in enumerate(words):
        candidates = phrases.get(word[0])
        if candidates and start >= done:
            done = max(_match_phrase(words, at, phrase) for phrase in candidates) or done
            if done > start:
                yield origin(start), word_end(origin, done)


def _hits_in_ascii(text: str, query: Query) -> Iterator[tuple[int, int]]:
    patterns = [
        "[^a-z0-9]+".join(phrase.words) + ("[a-z0-9]*" if phrase.is_prefix else "(?![a-z0-9])")
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


def _match_phrase(words: list[tuple[str, int, int, bool]], at: int, phrase: Phrase) -> int:
    """Where the match of a phrase ends that begins with word number `at`; 0 when it does not match there."""
    last = at + len(phrase.words) - 1
    if last >= len(words):
        return 0
    for expected, (word, _start, _end, _is_part) in zip(phrase.words[:-1], words[at:last], strict=True):
        if word != expected:
            return 0
    word, start, end, _is_part = words[last]
    if not (word.startswith(phrase.words[-1]) if phrase.is_prefix else word == phrase.words[-1]):
        return 0
    return start + 1 if phrase.is_part else end


def _excerpt_start(text: str, hit: int) -> int:
    """Where the excerpt begins: at a word shortly before the first hit."""
    if hit <= EXCERPT_BEFORE:
        return 0
    space = text.find(" ", hit - EXCERPT_BEFORE, hit)
    return space + 1 if space >= 0 else hit - EXCERPT_BEFORE


def _excerpt_end(text: str, start: int) -> int:
    """Where the excerpt ends: after a word."""
    if len(text) <= start + EXCERPT_LENGTH:
        return len(text)
    space = text.rfind(" ", start + EXCERPT_LENGTH // 2, start + EXCERPT_LENGTH)
    return space if space >= 0 else start + EXCERPT_LENGTH
