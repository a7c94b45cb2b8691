"""The tools that a model wants used, gathered from its stream. Pure.

Servers that speak the same API number calls in many ways, or in none, so each is told apart by all that is known.
"""

import json
from dataclasses import dataclass

MOST = 8  # in one answer; it may ask for the others when it has read the results of these
LONGEST = 20_000  # characters of arguments; what is longer is cut, and then no JSON


@dataclass(slots=True)
class Call:
    """A tool that the model wants used. `arguments` is JSON, as the model wrote it."""

    id: str
    name: str
    arguments: str = ""


class Calls:
    """The calls of one answer."""

    def __init__(self):
        self._calls: list[Call] = []
        self._places: dict[object, Call] = {}

    def add(self, id, name, arguments) -> Call:
        """A call, or the beginning of one."""
        call = Call(text(id), text(name), _written(arguments)[:LONGEST])
        self._calls.append(call)
        return call

    def add_part(self, part: dict) -> None:
        """A part as Chat Completions sends it, of a call that may be new."""
        function = part.get("function") or {}
        place, id, name = part.get("index"), text(part.get("id")), text(function.get("name"))
        call = self._places.get(place) if place is not None else next(reversed(self._calls), None)
        if not call or (id and call.id and id != call.id) or (name and call.name and place is None and not id):
            call = self._places[place] = self.add(id, name, None)
        call.id, call.name = call.id or id, call.name or name
        if len(call.arguments) < LONGEST:
            call.arguments += _written(function.get("arguments"))[:LONGEST]

    def usable(self) -> list[Call]:
        """As they may be sent back: not too many, each with an id of its own, in characters that exist."""
        calls, ids = self._calls[:MOST], set()
        for number, call in enumerate(calls, 1):
            call.id, call.name, call.arguments = _whole(call.id), _whole(call.name), _whole(call.arguments)
            if not call.id or call.id in ids:
                call.id = f"call_{number}"
            ids.add(call.id)
        return calls


def text(value) -> str:
    if value is not None and not isinstance(value, str):
        raise TypeError("text expected")
    return value or ""


def _written(arguments) -> str:
    """Arguments as JSON: some servers send the object itself."""
    return arguments or "" if isinstance(arguments, str | None) else json.dumps(arguments)


def _whole(text: str) -> str:
    """Without halves of characters: those of one that came in two pieces are put together."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
