"""Chat Completions: choices with deltas. What the events of a stream, and whole answers, mean. Pure."""

from .assistant_message import ExtraFields
from .dialect import Dialect
from .errors import ModelError
from .failures import ServerReported, parse_error
from .tool_calls import require_text


class ChatDialect(Dialect):
    def __init__(self) -> None:
        super().__init__()
        self._extra = ExtraFields()

    def said(self, text: str) -> list[dict]:
        """The messages that repeat this answer to the server, with its calls. text: without thoughts."""
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
