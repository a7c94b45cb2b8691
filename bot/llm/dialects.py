"""The two dialects of the model API: what is sent, and what the events of its stream mean. Pure.

A prompt's turns are {"role": "user" | "assistant", "text"}, {"call": Call} and {"result": Call, "output"}.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from .endpoint import ModelApi, ModelEndpoint
from .errors import FILTERED, INVALID_RESPONSE, ModelError, stream_error
from .tool_calls import ToolCallCollector, require_text

MAX_TOKENS = 10_000_000  # of one answer


class TokenUsage(NamedTuple):
    """What a server says it counted."""

    read: int
    written: int  # thoughts too
    cached: int = 0  # of those read: from its cache


@dataclass(slots=True)
class Prompt:
    system: str
    turns: list[dict]
    tools: list[dict] = field(default_factory=list)  # {"name", "description", "parameters"}


class Dialect:
    """Reads one stream. `read(event)` returns its piece of text; the rest is gathered in the attributes."""

    def __init__(self):
        self.ended = False  # the model said that it is done
        self.stream_complete = False  # and nothing follows, not even a count
        self.truncated = False  # it was, because of a limit
        self.tool_calls = ToolCallCollector()
        self.activity = 0  # grows with what comes of an answer besides its text: thoughts, and calls of tools
        self.tokens: TokenUsage | None = None

    @staticmethod
    def body(endpoint: ModelEndpoint, prompt: Prompt) -> dict:
        """What is sent."""
        raise NotImplementedError

    def _read(self, event: dict) -> str | None:
        raise NotImplementedError

    def read(self, event: dict) -> str:
        try:
            return self._read(event) or ""
        except (AttributeError, KeyError, TypeError, IndexError, ValueError, RecursionError):
            raise ModelError(INVALID_RESPONSE, is_outage=True) from None

    def _record_usage(self, usage, read: str, written: str) -> None:
        """Take what the server says it counted; what cannot be is as good as nothing."""
        if not isinstance(usage, dict) or not (_is_count(usage.get(read)) and _is_count(usage.get(written))):
            return
        tokens_in, tokens_out = usage[read], usage[written]
        # Some servers leave thoughts out of what was written, and have them in the total alone.
        if _is_count(total := usage.get("total_tokens")):
            tokens_out = max(tokens_out, total - tokens_in)
        details = usage.get(f"{read}_details")
        cached = details.get("cached_tokens") if isinstance(details, dict) else None
        self.tokens = TokenUsage(tokens_in, tokens_out, min(cached, tokens_in) if _is_count(cached) else 0)


def _is_count(number) -> bool:
    return type(number) is int and 0 <= number <= MAX_TOKENS


class ChatDialect(Dialect):
    @staticmethod
    def body(endpoint: ModelEndpoint, prompt: Prompt) -> dict:
        messages = [{"role": "system", "content": prompt.system}]
        for turn in prompt.turns:
            messages += _to_chat_messages(turn)
        body = {
            "model": endpoint.model,
            "messages": messages,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if prompt.tools:
            body["tools"] = [{"type": "function", "function": tool} for tool in prompt.tools]
        if endpoint.max_tokens:
            # Compatible servers know the older name; OpenAI's newer models only the newer one.
            body["max_tokens" if endpoint.base_url else "max_completion_tokens"] = endpoint.max_tokens
        return body

    def _read(self, event: dict) -> str | None:
        if event.get("error"):
            raise stream_error(event["error"])
        self._record_usage(event.get("usage"), "prompt_tokens", "completion_tokens")
        if not event.get("choices"):
            return None
        choice = event["choices"][0]
        if reason := choice.get("finish_reason"):
            if reason == "content_filter":
                raise ModelError(FILTERED)
            self.ended, self.truncated = True, reason == "length"
        delta = choice.get("delta") or {}
        self.activity += bool(delta.get("reasoning_content") or delta.get("reasoning"))
        for part in delta.get("tool_calls") or ():
            self.activity += 1
            self.tool_calls.add_part(part)
        return require_text(delta.get("content") or delta.get("refusal"))


class ResponsesDialect(Dialect):
    @staticmethod
    def body(endpoint: ModelEndpoint, prompt: Prompt) -> dict:
        body = {
            "model": endpoint.model,
            "instructions": prompt.system,
            "input": [_to_response_item(turn) for turn in prompt.turns],
            "stream": True,
            "store": False,  # what people write here is kept here
        }
        if prompt.tools:
            body["tools"] = [{"type": "function", "strict": False, **tool} for tool in prompt.tools]
        if endpoint.max_tokens:
            body["max_output_tokens"] = endpoint.max_tokens
        return body

    def _read(self, event: dict) -> str | None:
        kind = event["type"]
        if kind in ("response.output_text.delta", "response.refusal.delta"):
            return require_text(event["delta"])
        self.activity += kind.startswith(("response.function_call", "response.reasoning"))
        if kind == "response.output_item.done" and event["item"]["type"] == "function_call":
            item = event["item"]
            self.tool_calls.add(item["call_id"], item["name"], item["arguments"])
        elif kind in ("response.completed", "response.incomplete"):
            self._end(event["response"])
        elif kind in ("response.failed", "error"):
            raise stream_error(event)
        return None

    def _end(self, response: dict) -> None:
        self._record_usage(response.get("usage"), "input_tokens", "output_tokens")
        reason = (response.get("incomplete_details") or {}).get("reason")
        if reason == "content_filter":
            raise ModelError(FILTERED)
        self.ended = self.stream_complete = True
        self.truncated = reason == "max_output_tokens"


DIALECTS: dict[str, type[ChatDialect] | type[ResponsesDialect]] = {
    ModelApi.CHAT: ChatDialect,
    ModelApi.RESPONSES: ResponsesDialect,
}


def _to_chat_messages(turn: dict) -> list[dict]:
    if call := turn.get("call"):
        function = {"name": call.name, "arguments": call.arguments}
        return [{"role": "assistant", "content": None,
                 "tool_calls": [{"id": call.id, "type": "function", "function": function}]}]  # fmt: skip
    if call := turn.get("result"):
        return [{"role": "tool", "tool_call_id": call.id, "content": turn["output"]}]
    return [{"role": turn["role"], "content": turn["text"]}]


def _to_response_item(turn: dict) -> dict:
    if call := turn.get("call"):
        return {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments}
    if call := turn.get("result"):
        return {"type": "function_call_output", "call_id": call.id, "output": turn["output"]}
    return {"role": turn["role"], "content": turn["text"]}
