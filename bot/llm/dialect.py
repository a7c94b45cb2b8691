"""What both dialects of the model API have in common: an answer is read event by event, or whole. Pure."""

from abc import ABC, abstractmethod
from typing import NamedTuple

from .errors import ModelError
from .failures import ServerReported, parse_error
from .tool_calls import ToolCall, ToolCallCollector
from .written_calls import WrittenCall

MAX_TOKENS = 10_000_000  # of one answer


class TokenUsage(NamedTuple):
    """What a server says it counted."""

    read: int
    written: int  # thoughts too
    cached: int = 0  # of those read: from its cache


class Dialect(ABC):
    """Reads one answer. `read(event)` returns its piece of text; the rest is gathered in the attributes."""

    def __init__(self) -> None:
        self.ended = False  # the model said that it is done
        self.stream_complete = False  # and nothing follows, not even a count
        self.truncated = False  # it was, because of a limit
        self.tool_calls = ToolCallCollector()
        self.is_call_in_words = False
        self.tokens: TokenUsage | None = None
        self._thoughts: list[str] = []
        self._summary: list[str] = []

    @abstractmethod
    def said(self, text: str) -> list[dict]:
        """The answer as it can be sent back. text: its text."""

    def add_written_calls(self, calls: list[WrittenCall]) -> None:
        """The text of the answer was these calls."""
        for number, call in enumerate(calls, 1):
            self._add_written_call(f"written_{number}", call)
        self.is_call_in_words = True

    def _add_written_call(self, id: str, call: WrittenCall) -> ToolCall:
        return self.tool_calls.add(id, call.name, call.arguments)

    @abstractmethod
    def _read(self, event: dict) -> str | None:
        """The text of one event."""

    @abstractmethod
    def _read_whole(self, body: dict) -> str | None:
        """The text of an answer that is one object."""

    def read(self, event: dict) -> str:
        """Raises ServerReported for an error, ModelError for what is no event."""
        if event.get("error"):
            raise ServerReported(parse_error(event))
        return self._parsed(self._read, event)

    def read_whole(self, body: dict) -> str:
        """An answer that came as one object."""
        if body.get("error"):
            raise ServerReported(parse_error(body))
        self.ended = self.stream_complete = True
        return self._parsed(self._read_whole, body)

    def take_thoughts(self) -> str:
        """What came of the model's thoughts since the last call."""
        if not self._thoughts:
            return ""
        thoughts, self._thoughts = "".join(self._thoughts), []
        return thoughts

    def take_summary(self) -> str:
        """What came since the last call of what the model says of its thoughts, for people to read."""
        summary, self._summary = "".join(self._summary), []
        return summary

    @staticmethod
    def _parsed(parse, event: dict) -> str:
        try:
            return parse(event) or ""
        except (AttributeError, KeyError, TypeError, IndexError, ValueError, RecursionError):
            raise ModelError("model_invalid_response") from None

    def _think(self, text: object) -> None:
        if isinstance(text, str) and text:
            self._thoughts.append(text)

    def _record_usage(self, usage, read: str, written: str) -> None:
        """Take what the server says it counted; what cannot be is as good as nothing."""
        if not isinstance(usage, dict) or not (_is_count(usage.get(read)) and _is_count(usage.get(written))):
            return
        tokens_in, tokens_out = usage[read], usage[written]
        # Some servers leave thoughts out of what was written, and have them in the total alone.
        if _is_count(total := usage.get("total_tokens")):
            tokens_out = max(tokens_out, total - tokens_in)
        details = usage.get(f"{read}_details")
        cached = details.get("cached_tokens") if isinstance(details, dict) else usage.get("prompt_cache_hit_tokens")
        self.tokens = TokenUsage(tokens_in, tokens_out, min(cached, tokens_in) if _is_count(cached) else 0)


def _is_count(number) -> bool:
    return type(number) is int and 0 <= number <= MAX_TOKENS
