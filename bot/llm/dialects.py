"""The two dialects of the model API: what the events of a stream, and whole answers, mean. Pure."""

from abc import ABC, abstractmethod
from typing import NamedTuple

from .assistant_message import ExtraFields, Items
from .endpoint import ModelApi
from .errors import ModelError
from .failures import ServerReported, parse_error
from .tool_calls import ToolCall, ToolCallCollector, require_text
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


class ChatDialect(Dialect):
    def __init__(self) -> None:
        super().__init__()
        self._extra = ExtraFields()

    def said(self, text: str) -> list[dict]:
        text = "" if self.is_call_in_words else text
        message: dict = {"role": "assistant", "content": text or None, **self._extra.fields()}
        if calls := self.tool_calls.usable():
            message["tool_calls"] = [call.to_chat() for call in calls]
        return [message]

    def _read(self, event: dict) -> str | None:
        self._record_usage(event.get("usage"), "prompt_tokens", "completion_tokens")
        if not event.get("choices"):
            return None
        choice = event["choices"][0]
        if reason := choice.get("finish_reason"):
            self._end(reason, choice)
        return self._read_message(choice.get("delta") or choice.get("message") or {})

    def _read_whole(self, body: dict) -> str | None:
        if not body["choices"]:
            raise ModelError("model_invalid_response")
        return self._read(body)

    def _end(self, reason: str, choice: dict) -> None:
        if reason.startswith("content_filter"):
            raise ModelError("model_filtered")
        if reason == "error":
            raise ServerReported(parse_error(choice))
        if reason == "insufficient_system_resource":
            raise ModelError("model_overloaded", retryable=True)
        self.ended, self.truncated = True, reason == "length"

    def _read_message(self, message: dict) -> str:
        self._extra.add(message)
        self._think(message.get("reasoning_content") or message.get("reasoning"))
        for part in message.get("tool_calls") or ():
            self.tool_calls.add_part(part)
        content = message.get("content")
        if isinstance(content, list):
            return "".join(map(self._read_part, content))
        return require_text(content or message.get("refusal"))

    def _read_part(self, part: dict | str) -> str:
        """A part of a content that is a list: text, or thoughts."""
        if isinstance(part, str):
            return part
        if part.get("type") == "thinking":
            inner = part.get("thinking")
            for thought in inner if isinstance(inner, list) else [{"text": inner}]:
                self._think(thought.get("text"))
            return ""
        return require_text(part.get("text"))


class ResponsesDialect(Dialect):
    def __init__(self) -> None:
        super().__init__()
        self._told: set[tuple] = set()  # (output index, content index) of texts that were passed on
        self._items = Items()
        self._part: object = None  # of the summary of its thoughts

    def said(self, text: str) -> list[dict]:
        return self._items.to_send_back({call.id for call in self.tool_calls.usable()})

    def _read(self, event: dict) -> str | None:
        kind, place = event.get("type", ""), (event.get("output_index", 0), event.get("content_index", 0))
        if kind in ("response.output_text.delta", "response.refusal.delta"):
            self._told.add(place)
            return require_text(event["delta"])
        if kind in ("response.output_text.done", "response.refusal.done"):
            return self._tell(place, event.get("text") or event.get("refusal"))
        if kind.startswith("response.reasoning") and kind.endswith(".delta"):
            self._think(event.get("delta"))
            if kind == "response.reasoning_summary_text.delta":
                self._summarize(event.get("delta"), event.get("summary_index", 0))
        elif kind == "response.output_item.done":
            return self._read_item(event.get("output_index", 0), event["item"])
        elif kind in ("response.completed", "response.incomplete"):
            return self._end(event["response"])
        elif kind in ("response.failed", "error"):
            raise ServerReported(parse_error(event))
        return None

    def _summarize(self, piece: object, part: object) -> None:
        """A summary has parts, which are paragraphs."""
        if isinstance(piece, str) and piece:
            self._summary.append(piece if part == self._part or self._part is None else f"\n\n{piece}")
            self._part = part

    def _add_written_call(self, id: str, call: WrittenCall) -> ToolCall:
        added = super()._add_written_call(id, call)
        item = {"type": "function_call", "call_id": id, "name": added.name, "arguments": added.arguments or "{}"}
        self._items.add(item)
        return added

    def _read_whole(self, body: dict) -> str | None:
        if "output" not in body:
            raise ModelError("model_invalid_response")
        return self._end(body)

    def _end(self, response: dict) -> str:
        if response.get("error") or response.get("status") == "failed":
            raise ServerReported(parse_error(response))
        self._record_usage(response.get("usage"), "input_tokens", "output_tokens")
        text = "" if self._items else self._read_output(response.get("output") or [])
        reason = (response.get("incomplete_details") or {}).get("reason")
        if reason == "content_filter":
            raise ModelError("model_filtered")
        self.ended = self.stream_complete = True
        self.truncated = reason == "max_output_tokens"
        return text

    def _read_output(self, items: list[dict]) -> str:
        """The items of an answer that ends. Returns their text, unless it came piece by piece."""
        had_text = bool(self._told)
        text = "".join(self._read_item(index, item) for index, item in enumerate(items))
        return "" if had_text else text

    def _read_item(self, index: int, item: dict) -> str:
        """A whole item. Returns the text in it that did not come piece by piece."""
        self._items.add(item)
        if item["type"] == "function_call":
            self.tool_calls.add(item["call_id"], item["name"], item["arguments"])
        elif item["type"] == "message":
            parts = enumerate(item.get("content") or ())
            return "".join(self._tell((index, n), part.get("text") or part.get("refusal")) for n, part in parts)
        return ""

    def _tell(self, place: tuple, text: object) -> str:
        if place in self._told:
            return ""
        self._told.add(place)
        return require_text(text)


DIALECTS: dict[str, type[ChatDialect] | type[ResponsesDialect]] = {
    ModelApi.CHAT: ChatDialect,
    ModelApi.RESPONSES: ResponsesDialect,
}
