"""Where the finished blocks of a Markdown text end while it is being written. Pure; reads each line once.

A block is finished when nothing that follows can change it. This says so late rather than wrongly: a list ends with
the first line behind it that cannot belong to it.
"""

import re
from enum import Enum, auto
from typing import NamedTuple

from .markdown import maths

_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)])(?P<gap> +|$)")
_INTERRUPTING_ITEM = re.compile(r"(?:[-*+]|1[.)]) +[^ ]")  # of a paragraph
_FENCE = re.compile(r"`{3,}(?=[^`]*$)|~{3,}")
_HEADING = re.compile(r"#{1,6}(?: |$)")
_UNDERLINE = re.compile(r"(?:-+|=+) *$")  # of the heading above it
_INTERRUPTS = re.compile(f"{_FENCE.pattern}|{_HEADING.pattern}|>")  # a paragraph, wherever it is
_RULE = re.compile(r"([-*_]) *(?:\1 *){2,}$")
# The beginning of a line that may still become an item of a list, or belongs to one.
_UNDECIDED = re.compile(r"(?:[-*+]|\d{1,9}[.)]?)?$|[ \t]|(?:[-*+]|\d{1,9}[.)])[ \t]")
_LONGEST_MARKER = 11  # characters, with the one behind it
_CODE_INDENT = 4  # columns


class _Block(Enum):
    NONE = auto()  # all that was read is finished
    OTHER = auto()  # a paragraph, a quote or a table: a blank line ends it
    LIST = auto()
    INDENTED = auto()


class _Fence(NamedTuple):
    marks: str
    margin: int  # the column at which its item's text begins


class BlockScanner:
    """`feed(piece)` for each piece of the text; then `end` says up to which code point its blocks are finished."""

    def __init__(self) -> None:
        self.end = 0
        self._line: list[str] = []  # the pieces of the last one, which is not complete
        self._begin = 0  # where it begins
        self._beginning = ""  # its first characters
        self._block = _Block.NONE
        self._margins: list[int] = []  # at which columns the texts of the open items of lists begin
        self._fence: _Fence | None = None
        self._after_blank = False
        self._after_marker = False  # with nothing behind it
        self._in_paragraph = False  # which may go on however little a line is indented
        self._in_quote = False
        self._has_bars = False  # it may be a table
        self._formula = ""  # what opened one that may be closed yet
        self._held: list[tuple[str, int]] = []  # its lines, and where they begin

    def feed(self, piece: str) -> None:
        """Take the next piece of the text, cut anywhere. Each character is looked at once."""
        *complete, last = piece.split("\n")
        for part in complete:
            self._complete_line("".join([*self._line, part]))
            self._line, self._beginning = [], ""
        self._line.append(last)
        if len(self._beginning) < _LONGEST_MARKER:
            self._beginning += last[:_LONGEST_MARKER]
            self._look_at_beginning()

    def _look_at_beginning(self) -> None:
        """A list may be over before the line behind it is complete."""
        may_end = self._after_blank and self._block in (_Block.LIST, _Block.INDENTED) and not self._fence
        if may_end and not self._formula and not _UNDECIDED.match(self._beginning):
            self._finish(self._begin)

    def _complete_line(self, line: str) -> None:
        begin, self._begin = self._begin, self._begin + len(line) + 1
        if self._formula and maths.closes(line.strip(), self._formula, False) is None:
            self._read_held()
        is_first = not self._formula
        opening = self._formula or self._opens_formula(line)
        is_end = maths.closes(line.strip(), opening, is_first) if opening else None
        if is_end is None:
            self._read_line(line, begin)
        elif is_end:
            self._formula, self._held, self._fence = "", [], None
            self._in_paragraph = self._after_marker = False
            self._finish(self._begin)
        else:
            self._formula = opening
            self._held.append((line, begin))

    def _read_held(self) -> None:
        """The lines that might have been a formula are none."""
        held, self._held, self._formula = self._held, [], ""
        for line, begin in held:
            self._read_line(line, begin)

    def _opens_formula(self, line: str) -> str:
        """What opens a formula that is not a part of a list or of code."""
        opening = maths.OPENS.match(line.strip())
        if not opening:
            return ""
        expanded = line.expandtabs(4)
        indent = len(expanded) - len(expanded.lstrip(" "))
        is_code = indent >= _CODE_INDENT or (self._fence and indent >= self._fence.margin)
        is_in_list = self._margins and (indent >= self._margins[0] or self._in_paragraph)
        return "" if is_code or is_in_list else opening[0]

    def _read_line(self, line: str, begin: int) -> None:
        end = begin + len(line) + 1
        expanded = line.expandtabs(4)
        words = expanded.lstrip(" ")
        indent = len(expanded) - len(words)
        if self._fence and (not words or indent >= self._fence.margin):
            if self._closes_fence(words, indent):
                self._fence = None
                if self._block is not _Block.LIST:
                    self._finish(end)
        elif not words:
            self._after_blank, self._in_paragraph = True, False
            if self._after_marker:
                self._margins.pop()  # an item without words goes no further
            self._after_marker = False
            if self._block is _Block.OTHER:
                self._finish(end)
        else:
            self._fence = None
            self._read_words(words, indent, begin, end)
            self._after_blank = False

    def _closes_fence(self, words: str, indent: int) -> bool:
        assert self._fence
        marks, rest = self._fence.marks, words.rstrip(" ")
        is_closing = len(rest) >= len(marks) and not rest.strip(marks[0])
        return is_closing and indent - self._fence.margin < _CODE_INDENT

    def _read_words(self, words: str, indent: int, begin: int, end: int) -> None:
        is_rule = bool(_RULE.match(words)) or self._underlines(words, indent)
        marker = None if is_rule else self._marker_in(words, indent)
        interrupts = is_rule or bool(_INTERRUPTS.match(words))
        if marker or interrupts or not self._in_paragraph:
            self._leave_items(indent)
        if (self._block is _Block.LIST and not self._margins and not marker) or (
            self._block is _Block.INDENTED and indent < _CODE_INDENT
        ):
            self._finish(begin)
        while marker and indent - self._margin < _CODE_INDENT:
            indent, words = self._open_item(marker, words, indent)
            marker = None if _RULE.match(words) else _MARKER.match(words)
        self._after_marker = not words
        goes_on = self._in_quote and self._in_paragraph and not interrupts and not marker
        self._in_quote = words.startswith(">") or goes_on
        is_text = bool(words) and not (is_rule or _FENCE.match(words) or _HEADING.match(words))
        self._in_paragraph = is_text and (self._in_paragraph or indent - self._margin < _CODE_INDENT)
        self._has_bars |= "|" in words
        if self._block is _Block.NONE:
            self._block = _Block.INDENTED if indent >= _CODE_INDENT else _Block.OTHER
        if indent - self._margin < _CODE_INDENT and self._block is not _Block.INDENTED:
            if fence := _FENCE.match(words):
                self._fence = _Fence(fence[0], self._margin)
            elif self._block is _Block.OTHER and (is_rule or _HEADING.match(words)):
                self._finish(end)

    def _underlines(self, words: str, indent: int) -> bool:
        is_paragraph = self._block is _Block.OTHER and not self._in_quote
        return is_paragraph and indent < _CODE_INDENT and not self._has_bars and bool(_UNDERLINE.match(words))

    def _marker_in(self, words: str, indent: int) -> re.Match[str] | None:
        """The marker of an item that a line begins with."""
        marker = _MARKER.match(words)
        goes_on = self._in_paragraph and not self._in_quote and indent >= self._margin
        return marker if not goes_on or _INTERRUPTING_ITEM.match(words) else None

    @property
    def _margin(self) -> int:
        return self._margins[-1] if self._margins else 0

    def _leave_items(self, indent: int) -> None:
        while self._margins and indent < self._margins[-1]:
            self._margins.pop()

    def _open_item(self, marker: re.Match[str], words: str, indent: int) -> tuple[int, str]:
        """Returns the column of what follows the marker, and that."""
        self._block = _Block.LIST
        gap = len(marker["gap"])
        self._margins.append(indent + marker.end() - gap + (gap if 1 <= gap <= _CODE_INDENT else 1))
        return indent + marker.end(), words[marker.end() :]

    def _finish(self, end: int) -> None:
        self.end, self._block = end, _Block.NONE
        self._margins, self._after_blank, self._in_quote, self._has_bars = [], False, False, False
