"""What a model said in one answer, put together again from its pieces, to be sent back to it as it was. Pure.

Models that think want their thoughts, signatures and encrypted items back with the results of the tools they called;
each provider has its own fields, so all are kept.
"""

from typing import Any

MAX_SIZE = 400_000  # characters of one message; of one that is longer only text and calls are kept

_NUMBERED_AT_ONCE = 64  # items of a list that may be growing: without a bound a long list costs its square
_NOT_GROWING = frozenset({"id", "type", "role", "name", "format", "index", "object", "status", "model"})
_OWN = frozenset({"role", "content", "tool_calls", "refusal", "function_call", "audio"})


class ExtraFields:
    """The fields of a Chat Completions message besides its text and calls."""

    def __init__(self) -> None:
        self._fields: dict[str, Any] = {}
        self._size = 0

    def add(self, delta: dict) -> None:
        """Add those of one piece of the message."""
        if delta.keys() <= _OWN:
            return  # nearly always
        extra = {name: value for name, value in delta.items() if name not in _OWN and value is not None}
        self._size += size_of(extra)
        if self._size <= MAX_SIZE:
            merge(self._fields, extra)

    def fields(self) -> dict:
        """None of them, once they are too large: half of a thought is worse than none."""
        return self._fields if self._size <= MAX_SIZE else {}


def merge(into: dict, delta: dict) -> None:
    """Add a piece: texts grow, lists get longer or, where their items are numbered, the same item grows."""
    for name, value in delta.items():
        old = into.get(name)
        if isinstance(old, str) and isinstance(value, str) and name not in _NOT_GROWING:
            into[name] = old + value
        elif isinstance(old, dict) and isinstance(value, dict):
            merge(old, value)
        elif isinstance(value, list):
            into[name] = _merge_items(old if isinstance(old, list) else [], value)
        elif value is not None:
            into[name] = value


def _merge_items(old: list, new: list) -> list:
    for item in new:
        index = item.get("index") if isinstance(item, dict) else None
        recent = reversed(old[-_NUMBERED_AT_ONCE:])
        numbered = (known for known in recent if isinstance(known, dict) and known.get("index") == index)
        if index is not None and (same := next(numbered, None)) is not None:
            merge(same, item)
        else:
            old.append(item)
    return old


class Items:
    """The items of a Responses answer. Beyond MAX_SIZE no more thoughts are kept."""

    def __init__(self) -> None:
        self._items: list[dict] = []
        self._size = 0

    def __bool__(self) -> bool:
        return bool(self._items)

    def add(self, item: dict) -> None:
        """What is too large is left out, but not calls, whose results would have no call then."""
        self._size += size_of(item)
        if self._size <= MAX_SIZE or item["type"] == "function_call":
            self._items.append(item)

    def to_send_back(self, kept_calls: set[str]) -> list[dict]:
        """Those calls that are carried out, and thoughts that can be read again by who wrote them."""
        return [
            item
            for item in self._items
            if (item["type"] != "function_call" or item.get("call_id") in kept_calls)
            and (item["type"] != "reasoning" or item.get("encrypted_content"))
        ]


def size_of(value: Any) -> int:
    """Characters of a value, about; recursion is bounded by what orjson reads, 255 deep."""
    if isinstance(value, dict):
        return sum(len(name) + size_of(part) for name, part in value.items())
    if isinstance(value, list):
        return sum(map(size_of, value)) + len(value)
    return len(value) if isinstance(value, str) else 8
