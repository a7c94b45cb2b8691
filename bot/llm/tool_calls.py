"""The tools that a model wants used, gathered from its stream. Pure.

Servers that speak the same API number calls in many ways, or in none, so each is told apart by all that is known.
"""

import json
from dataclasses import dataclass, field

from .assistant_message import MAX_SIZE, merge, size_of

MAX_CALLS = 8  # in one answer; it may ask for the others when it has read the results of these
_OWN_FIELDS = frozenset({"index", "id", "type", "function"})
MAX_ARGUMENTS_LENGTH = 20_000  # characters of arguments; what is longer is cut, and then no JSON


@dataclass(slots=True)
class ToolCall:
    """A tool that the model wants used. `arguments` is JSON, as the model wrote it; `extra` has the other fields that
    its server sent, such as signatures, and wants back."""

    id: str
    name: str
    arguments: str = ""
    extra: dict = field(default_factory=dict)

    def to_chat(self) -> dict:
        """As it is sent back in Chat Completions."""
        return {
            "id": self.id, "type": "function", "function": {"name": self.name, "arguments": self.arguments or "{}"},
            **self.extra,
        }  # fmt: skip


class ToolCallCollector:
    """The calls of one answer."""

    def __init__(self):
        self._calls: list[ToolCall] = []
        self._by_index: dict[object, ToolCall] = {}
        self._extra_size = 0  # characters of the other fields of all calls

    def add(self, id, name, arguments) -> ToolCall:
        """A call, or the beginning of one."""
        call = ToolCall(require_text(id), require_text(name), _to_json(arguments)[:MAX_ARGUMENTS_LENGTH])
        self._calls.append(call)
        return call

    def add_part(self, part: dict) -> None:
        """A part as Chat Completions sends it, of a call that may be new."""
        function = part.get("function") or {}
        place, id, name = part.get("index"), require_text(part.get("id")), require_text(function.get("name"))
        call = self._by_index.get(place) if place is not None else next(reversed(self._calls), None)
        if not call or (id and call.id and id != call.id) or (name and call.name and place is None and not id):
            call = self._by_index[place] = self.add(id, name, None)
        call.id, call.name = call.id or id, call.name or name
        if extra := {name: value for name, value in part.items() if name not in _OWN_FIELDS}:
            self._extra_size += size_of(extra)
            if self._extra_size <= MAX_SIZE:
                merge(call.extra, extra)
        if len(call.arguments) < MAX_ARGUMENTS_LENGTH:
            call.arguments += _to_json(function.get("arguments"))[:MAX_ARGUMENTS_LENGTH]

    def usable(self) -> list[ToolCall]:
        """As they may be sent back: not too many, each with an id of its own, in characters that exist."""
        calls, ids = self._calls[:MAX_CALLS], set()
        for number, call in enumerate(calls, 1):
            call.id, call.name, call.arguments = (
                _join_surrogates(call.id),
                _join_surrogates(call.name),
                _join_surrogates(call.arguments),
            )
            if not call.id or call.id in ids:
                call.id = f"call_{number}"
            ids.add(call.id)
        return calls


def require_text(value) -> str:
    """The text, or empty for None. Raises TypeError for anything else that a server sends."""
    if value is not None and not isinstance(value, str):
        raise TypeError("text expected")
    return value or ""


def _to_json(arguments) -> str:
    """Arguments as JSON: some servers send the object itself."""
    return arguments or "" if isinstance(arguments, str | None) else json.dumps(arguments)


def _join_surrogates(text: str) -> str:
    """Without halves of characters: those of one that came in two pieces are put together."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
