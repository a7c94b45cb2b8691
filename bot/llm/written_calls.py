"""Finds calls of tools that a model writes as its answer, and keeps them from being read as one. Pure.

Small models do so, and others whose server does not know the form in which they call: the text is then an object with
the name of a tool, at times between the marks of the model's template.
"""

import json
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

MAX_HELD = 20_000  # characters of a text that is read as calls

_MARKS = ("", "<tool_call>", "[TOOL_CALLS]", "<|python_tag|>", "```json", "```")
_OBJECTS = (
    '{"name":"',
    '{"type":"function","name":"',
    '{"function":{"name":"',
    '{"type":"function","function":{"name":"',
)
_LONGEST = 400  # characters within which a beginning is told; the model may put spaces into it


class WrittenCall(NamedTuple):
    name: str
    arguments: Any  # JSON, or what was read from it


class WrittenCallFilter:
    """`feed(piece)` for each piece of one answer, then `flush()` once. names: of the tools that may be called."""

    def __init__(self, names: Collection[str]):
        self._names = names
        self._beginnings = [
            f'{mark}{bracket}{start}{name}"'
            for name in names
            for mark in _MARKS
            for bracket in ("", "[")
            for start in _OBJECTS
        ]
        self._held: list[str] = []
        self._length = 0
        self._begun = ""  # the first of what is held, without spaces
        self._plain = not names  # the answer is no call: nothing is held any more

    def feed(self, piece: str) -> str:
        """What can be shown."""
        if self._plain:
            return piece
        if self._length < _LONGEST:
            self._begun += "".join(piece.split())
        self._held.append(piece)
        self._length += len(piece)
        if self._length <= MAX_HELD and self._may_be_call():
            return ""
        self._plain = True
        return self._take()

    def flush(self) -> tuple[str, list[WrittenCall]]:
        """The rest of the text; or else the calls that it is."""
        text = self._take()
        calls = [] if self._plain else list(self._read(text))
        self._plain = True
        return ("", calls) if calls else (text, [])

    def _may_be_call(self) -> bool:
        begun = self._begun
        return any(each.startswith(begun) or begun.startswith(each) for each in self._beginnings)

    def _take(self) -> str:
        text, self._held = "".join(self._held), []
        return text

    def _read(self, text: str) -> Iterator[WrittenCall]:
        """The calls at its beginning. What follows them is what the model thinks that it will find."""
        decoder, at = json.JSONDecoder(), text.find("{")
        while at >= 0:
            try:
                found, end = decoder.raw_decode(text, at)
            except (ValueError, RecursionError):
                return
            inner = found.get("function")
            call = inner if isinstance(inner, dict) else found
            if not isinstance(call.get("name"), str) or call["name"] not in self._names:
                return
            yield WrittenCall(call["name"], call.get("arguments", call.get("parameters")))
            at = text.find("{", end)
