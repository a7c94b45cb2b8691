"""Tells a model's thoughts from its answer where both come as one text, however that is cut. Pure.

Servers that do not separate them leave the marks of the model's template in the text: `<think>…</think>` at its
beginning, with the first mark missing where the template itself opens it, or channels as gpt-oss writes them.
"""

import re
from typing import NamedTuple

_CLOSING = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "[THINK]": "[/THINK]",
    "◁think▷": "◁/think▷",
}
_OPENING = re.compile("|".join(map(re.escape, _CLOSING)))
_STRAY = "</think>"
_CHANNEL = re.compile(
    r"<\|start\|>(?:assistant)?(?=<\|)|<\|channel\|>(?P<name>\w+)[^<]{0,80}<\|message\|>|<\|(?:end|return|call)\|>"
)
# The beginning of a mark at the end of a text.
_PARTIAL = re.compile(
    r"<(?:/t?h?i?n?k?"
    r"|\|(?:channel\|>[^<]{0,90}(?:<\|?[a-z]{0,7}\|?)?|start\|>[a-z]{0,9}(?:<\|?)?|[a-z]{0,9}\|?))?\Z"
)
_MAX_STRAY = 200_000  # characters of text in which a closing mark that nothing opened is looked for


class Piece(NamedTuple):
    """text: of the answer. thought: of what the model thinks. retracted: all text before it was thought, too."""

    text: str = ""
    thought: str = ""
    retracted: bool = False


class ThoughtFilter:
    """`feed(piece)` for each piece of one answer, then `flush()` once."""

    def __init__(self) -> None:
        self._held = ""  # may be the beginning of a mark
        self._closing = ""  # what ends the thought that is being read
        self._in_channel = False  # the same for a channel other than the final one
        self._at_start = True  # nothing of the answer came yet, or only thoughts
        self._length = 0  # of the answer so far
        self._ticks = 0  # backticks in it: between an odd number of them stands code

    def feed(self, piece: str) -> Piece:
        """Take the next piece, cut anywhere.

        Returns what is answer and what is thought; what may be a mark is held back.
        """
        if not (self._held or self._at_start or self._closing or self._in_channel or "<" in piece):
            return self._say(piece)  # nearly always
        return self._read(self._held + piece, final=False)

    def flush(self) -> Piece:
        """The answer is over: what was held back."""
        return self._read(self._held, final=True)

    def _read(self, rest: str, final: bool) -> Piece:
        texts: list[str] = []
        thoughts: list[str] = []
        retracted = False
        self._held = ""
        while rest:
            if self._closing:
                rest = self._read_thought(rest, thoughts, final)
            elif self._at_start and not self._in_channel and (found := self._read_start(rest, final)) is not None:
                rest = found
            else:
                rest, stray = self._read_text(rest, texts, thoughts, final)
                if stray:
                    thoughts = [*texts, *thoughts]
                    texts, retracted = [], True
        return Piece("".join(texts), "".join(thoughts), retracted)

    def _read_thought(self, rest: str, thoughts: list[str], final: bool) -> str:
        before, closing, behind = rest.partition(self._closing)
        if closing:
            self._closing = ""
            thoughts.append(before)
            return behind
        keep = 0 if final else _overlap(before, self._closing)
        self._held = before[len(before) - keep :]
        thoughts.append(before[: len(before) - keep])
        return ""

    def _read_start(self, rest: str, final: bool) -> str | None:
        """What is left behind a mark that opens a thought; None when there is none."""
        bare = rest.lstrip()
        if opened := _OPENING.match(bare):
            self._closing = _CLOSING[opened[0]]
            return bare[opened.end() :]
        if not final and (not bare or any(mark.startswith(bare) for mark in _CLOSING)):
            self._held = rest
            return ""
        return None

    def _read_text(self, rest: str, texts: list[str], thoughts: list[str], final: bool) -> tuple[str, bool]:
        """Read up to the next mark. Returns what is left, and whether that was a closing mark that nothing opened."""
        mark = _CHANNEL.search(rest) if "<|" in rest else None
        end = mark.start() if mark else len(rest)
        stray = rest.find(_STRAY, 0, end) if self._looks_for_stray(rest) else -1
        if stray >= 0:
            self._take(rest[:stray], texts, thoughts)
            self._length, self._ticks, self._at_start = 0, 0, True
            return rest[stray + len(_STRAY) :], True
        keep = 0 if final or mark else _held_length(rest)
        self._take(rest[: end - keep], texts, thoughts)
        if not mark:
            self._held = rest[len(rest) - keep :] if keep else ""
            return "", False
        if name := mark["name"]:
            self._in_channel = name != "final"
        elif "end" in mark[0]:
            self._in_channel = False
        return rest[mark.end() :], False

    def _looks_for_stray(self, rest: str) -> bool:
        return _STRAY in rest and not self._in_channel and self._length < _MAX_STRAY and not self._in_code(rest)

    def _in_code(self, rest: str) -> bool:
        return (self._ticks + rest[: rest.find(_STRAY)].count("`")) % 2 == 1

    def _take(self, text: str, texts: list[str], thoughts: list[str]) -> None:
        if self._in_channel:
            thoughts.append(text)
        elif said := self._say(text).text:
            texts.append(said)

    def _say(self, text: str) -> Piece:
        if self._at_start:
            text = text.lstrip()
            if not text:
                return Piece()
        self._at_start = False
        self._length += len(text)
        self._ticks += text.count("`")
        return Piece(text)


def _held_length(text: str) -> int:
    """How much of the end of a text may be the beginning of a mark."""
    found = _PARTIAL.search(text, max(0, len(text) - 130))
    return len(text) - found.start() if found else 0


def _overlap(text: str, mark: str) -> int:
    """The length of the longest end of a text that a mark begins with."""
    return next((size for size in range(min(len(text), len(mark) - 1), 0, -1) if text.endswith(mark[:size])), 0)
