"""Responses: typed events, and items. What they mean, and what whole answers do. Pure."""

from .assistant_message import Items
from .dialect import Dialect
from .errors import ModelError
from .failures import ServerReported, parse_error
from .tool_calls import ToolCall, require_text
from .written_calls import WrittenCall


class ResponsesDialect(Dialect):
    def __init__(self) -> None:
        super().__init__()
        self._told: set[tuple] = set()  # (output index, content index) of texts that were passed on
        self._items = Items()
        self._part: object = None  # of the summary of its thoughts

    def said(self, text: str) -> list[dict]:
        """The items that repeat this answer to the server, with calls that were whole."""
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
