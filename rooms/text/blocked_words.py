"""Finds blocked words and links in a text. Pure.

Words are compared whole, without capitals and accents, and whatever stands between them. A blocked host includes all
hosts below it. The time grows with the length of the text times the number of entries, and with nothing else.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable
from html import unescape
from urllib.parse import unquote

from .key_words import contains
from .search_terms import UNSPACED, normalize
from .search_terms import fold as fold_letters

MAX_LABELS = 10  # of a blocked host, and of a host in a text, counted from its end
_APART = re.compile(r"[^\w.-]+")
# Where a word or a host begins, and where one has ended: in scripts that put no spaces between words, beside each
# character.
_BEGINS = re.compile(rf"(?<=\s)|(?<=[{UNSPACED}])|(?=[{UNSPACED}])")
_ENDS = re.compile(rf"(?=[^\w.-])|(?<=[{UNSPACED}])")
_ADDRESS = re.compile(r'href="([^"]*)"')
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?){1,9}")


def fold(text: str) -> str:
    """What phrases are looked for in, and what of them is looked for."""
    return " ".join(fold_letters(normalize(text))[0].split())


def host_of(text: str) -> str | None:
    """The host that somebody has entered, also as an address, as it is compared; None: that is none."""
    entered = text.strip().casefold().partition("://")[2] or text.strip().casefold()
    host = _in_ascii(re.split(r"[/?#:]", entered, maxsplit=1)[0].rpartition("@")[2].strip("."))
    return host if host and _HOST.fullmatch(host) else None


class Matcher:
    """phrases: as people have entered them. hosts: of `host_of`."""

    def __init__(self, phrases: Iterable[str], hosts: Iterable[str]) -> None:
        self._phrases = [(folded, phrase) for phrase in phrases if (folded := fold(phrase))]
        self._hosts = frozenset(hosts)

    def __bool__(self) -> bool:
        return bool(self._phrases or self._hosts)

    def find(self, text: str, marked: str = "") -> str | None:
        """The first entry that the text contains, as it was entered. marked: its HTML, for links that show no host."""
        return self._find_phrase(text) or self._find_host(text, marked)

    def locate(self, text: str, finished: bool) -> tuple[int, str] | None:
        """Where the first entry begins in a text that is being written, and the entry; None: there is none yet.

        finished: the last word is whole.
        """
        ends = [match.start() for match in _ENDS.finditer(text)] + ([len(text)] if finished else [])
        if not ends or self.find(text[: ends[-1]]) is None:
            return None
        # All that reaches beyond its end contains it, and so does all that begins before it: two binary searches.
        end = ends[bisect_left(ends, True, key=lambda each: self.find(text[:each]) is not None)]
        begins = [0, *(match.start() for match in _BEGINS.finditer(text, 0, end))]
        after = bisect_left(begins, True, key=lambda each: self.find(text[each:end]) is None)
        begin = begins[max(after - 1, 0)]
        return begin, self.find(text[begin:end]) or ""

    def _find_phrase(self, text: str) -> str | None:
        if not self._phrases:
            return None
        said = fold(text)
        return next((phrase for folded, phrase in self._phrases if contains(said, folded)), None)

    def _find_host(self, text: str, marked: str) -> str | None:
        if not self._hosts:
            return None
        addresses = [unquote(unescape(each)) for each in _ADDRESS.findall(marked)]
        words = {word for each in (text, *addresses) for word in _APART.split(each.casefold()) if "." in word}
        return next((host for word in words if (host := self._blocked_host(word))), None)

    def _blocked_host(self, word: str) -> str | None:
        labels = word.strip(".").split(".")[-MAX_LABELS:]
        ends = (_in_ascii(".".join(labels[at:])) for at in range(len(labels) - 1))
        return next((end for end in ends if end in self._hosts), None)


def _in_ascii(host: str) -> str | None:
    """As it is looked up (IDNA); None: no host is written so."""
    if host.isascii():
        return host
    try:
        return host[:253].encode("idna").decode("ascii")
    except UnicodeError:
        return None
