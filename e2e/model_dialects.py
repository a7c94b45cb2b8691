"""The two dialects of the model API, as server-sent events and as whole answers. Pure: data in, text out."""

import itertools
import json
import time

_numbers = itertools.count(1)
_ARGUMENTS_PIECE = 7  # characters: arguments of a tool come in pieces that mean nothing by themselves


def models(names: tuple[str, ...] | None) -> dict:
    found = [{"id": name, "object": "model", "created": 0, "owned_by": "test"} for name in names or ("gpt-5-mini",)]
    return {"object": "list", "data": found}


class Chat:
    """Chat Completions, which most compatible servers speak."""

    def __init__(self, body: dict, usage: bool):
        self._model = body.get("model", "")
        # Real servers tell the usage of a stream only when they are asked to.
        self._usage = usage and bool((body.get("stream_options") or {}).get("include_usage"))
        self._read = _tokens(body.get("messages"))
        self._id = f"chatcmpl-{next(_numbers)}"
        self._pieces, self._called = 0, False

    def begin(self) -> list[str]:
        return [self._chunk({"role": "assistant", "content": ""})]

    def piece(self, text: str) -> list[str]:
        self._pieces += 1
        return [self._chunk({"content": text})]

    def calls(self, calls: list[tuple[str, dict]]) -> list[str]:
        self._called = bool(calls)
        return [event for index, (name, arguments) in enumerate(calls) for event in self._call(index, name, arguments)]

    def end(self) -> list[str]:
        events = [self._chunk({}, "tool_calls" if self._called else "stop")]
        if self._usage:
            events.append(_data(self._base("chat.completion.chunk", [], usage=self._counts())))
        return [*events, "data: [DONE]\n\n"]

    def error(self, message: str) -> list[str]:
        return [_data({"error": {"message": message, "type": "server_error", "param": None, "code": None}})]

    def whole(self, pieces: list[str], calls: list[tuple[str, dict]]) -> dict:
        self._pieces = len(pieces)
        message = {"role": "assistant", "content": "".join(pieces) or None, "refusal": None}
        if calls:
            message["tool_calls"] = [_chat_call(None, name, json.dumps(arguments)) for name, arguments in calls]
        choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop", "logprobs": None}
        return self._base("chat.completion", [choice], usage=self._counts())

    def _call(self, index: int, name: str, arguments: dict) -> list[str]:
        events = [self._chunk({"tool_calls": [_chat_call(index, name, "")]})]
        for part in _parts(json.dumps(arguments, ensure_ascii=False)):
            events.append(self._chunk({"tool_calls": [{"index": index, "function": {"arguments": part}}]}))
        return events

    def _chunk(self, delta: dict, finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _data(self._base("chat.completion.chunk", [choice]))

    def _base(self, kind: str, choices: list, **more) -> dict:
        made = {"id": self._id, "object": kind, "created": int(time.time()), "model": self._model}
        return {**made, "choices": choices, **more}

    def _counts(self) -> dict:
        total = self._read + self._pieces
        return {"prompt_tokens": self._read, "completion_tokens": self._pieces, "total_tokens": total}


class Responses:
    """The Responses API: typed events, numbered, and no [DONE]."""

    def __init__(self, body: dict, usage: bool):
        self._model, self._tell_usage = body.get("model", ""), usage
        self._read = _tokens([body.get("instructions"), body.get("input")])
        self._number = itertools.count()
        self._id, self._item = f"resp_{next(_numbers)}", f"msg_{next(_numbers)}"
        self._text: list[str] = []
        self._output: list[dict] = []
        self._index = 0  # of the message among the items

    def begin(self) -> list[str]:
        return [self._event(f"response.{name}", response=self._response("in_progress"))
                for name in ("created", "in_progress")]  # fmt: skip

    def summarize(self, parts: list[str]) -> list[str]:
        """An item of thoughts with a summary, each part in pieces."""
        item = {"id": f"rs_{next(_numbers)}", "type": "reasoning", "summary": []}
        index, place = len(self._output), {"item_id": item["id"], "output_index": len(self._output)}
        events = [self._event("response.output_item.added", output_index=index, item=item)]
        for number, text in enumerate(parts):
            at = {**place, "summary_index": number}
            events += [
                self._event("response.reasoning_summary_part.added", **at, part={"type": "summary_text", "text": ""}),
                *(self._event("response.reasoning_summary_text.delta", **at, delta=piece) for piece in _parts(text)),
                self._event("response.reasoning_summary_text.done", **at, text=text),
                self._event("response.reasoning_summary_part.done", **at, part={"type": "summary_text", "text": text}),
            ]
        done = {**item, "summary": [{"type": "summary_text", "text": text} for text in parts]}
        self._output.append(done)
        return [*events, self._event("response.output_item.done", output_index=index, item=done)]

    def piece(self, text: str) -> list[str]:
        events = [] if self._text else self._open_text()
        self._text.append(text)
        return [*events, self._event("response.output_text.delta", **self._place(), delta=text, logprobs=[])]

    def calls(self, calls: list[tuple[str, dict]]) -> list[str]:
        events = self._close_text() if self._text else []
        for name, arguments in calls:
            events += self._call(name, json.dumps(arguments, ensure_ascii=False))
        return events

    def end(self) -> list[str]:
        return [self._event("response.completed", response=self._response("completed"))]

    def error(self, message: str) -> list[str]:
        error = {"code": "server_error", "message": message}
        return [self._event("response.failed", response=self._response("failed", error))]

    def whole(self, pieces: list[str], calls: list[tuple[str, dict]]) -> dict:
        for piece in pieces:
            self.piece(piece)
        self.calls(calls)
        return self._response("completed")

    def _open_text(self) -> list[str]:
        item = {"id": self._item, "type": "message", "status": "in_progress", "role": "assistant", "content": []}
        part = {"type": "output_text", "text": "", "annotations": []}
        self._index = len(self._output)
        return [
            self._event("response.output_item.added", output_index=self._index, item=item),
            self._event("response.content_part.added", **self._place(), part=part),
        ]

    def _close_text(self) -> list[str]:
        text = "".join(self._text)
        part = {"type": "output_text", "text": text, "annotations": []}
        item = {"id": self._item, "type": "message", "status": "completed", "role": "assistant", "content": [part]}
        self._output.append(item)
        return [
            self._event("response.output_text.done", **self._place(), text=text, logprobs=[]),
            self._event("response.content_part.done", **self._place(), part=part),
            self._event("response.output_item.done", output_index=self._index, item=item),
        ]

    def _call(self, name: str, arguments: str) -> list[str]:
        index, number = len(self._output), next(_numbers)
        item = {"id": f"fc_{number}", "type": "function_call", "call_id": f"call_{number}", "name": name}
        place = {"item_id": item["id"], "output_index": index}
        done = {**item, "arguments": arguments, "status": "completed"}
        self._output.append(done)
        added = {**item, "arguments": "", "status": "in_progress"}
        return [
            self._event("response.output_item.added", output_index=index, item=added),
            *(self._event("response.function_call_arguments.delta", **place, delta=part) for part in _parts(arguments)),
            self._event("response.function_call_arguments.done", **place, name=name, arguments=arguments),
            self._event("response.output_item.done", output_index=index, item=done),
        ]

    def _place(self) -> dict:
        return {"item_id": self._item, "output_index": self._index, "content_index": 0}

    def _event(self, kind: str, **fields) -> str:
        return f"event: {kind}\n" + _data({"type": kind, "sequence_number": next(self._number), **fields})

    def _response(self, status: str, error: dict | None = None) -> dict:
        return {
            "id": self._id, "object": "response", "created_at": int(time.time()), "status": status, "error": error,
            "incomplete_details": None, "instructions": None, "metadata": {}, "model": self._model,
            "output": self._output if status == "completed" else [], "parallel_tool_calls": True,
            "temperature": 1.0, "tool_choice": "auto", "tools": [], "top_p": 1.0,
            "usage": self._counts() if status == "completed" and self._tell_usage else None,
        }  # fmt: skip

    def _counts(self) -> dict:
        return {
            "input_tokens": self._read, "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": len(self._text), "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": self._read + len(self._text),
        }  # fmt: skip


def _chat_call(index: int | None, name: str, arguments: str) -> dict:
    call = {"id": f"call_{next(_numbers)}", "type": "function", "function": {"name": name, "arguments": arguments}}
    return call if index is None else {"index": index, **call}


def _parts(text: str) -> list[str]:
    return [text[at : at + _ARGUMENTS_PIECE] for at in range(0, len(text), _ARGUMENTS_PIECE)]


def _tokens(read) -> int:
    return len(json.dumps(read or "")) // 4


def _data(body: dict) -> str:
    # Real servers send UTF-8 as it is, so that a character may be cut in two on its way.
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"
