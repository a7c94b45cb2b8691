"""Calls of tools in a stream: put together however they are cut and numbered, and bounded."""

import json

import pytest

from bot.llm.endpoint import ModelEndpoint
from bot.llm.errors import ModelError
from bot.llm.prompt import Prompt
from bot.llm.tool_calls import ToolCall
from e2e.model_server import Reply

from .model_stream import PROMPT, ask, stream


async def test_tool_calls_come_in_pieces(model, endpoint):
    model.next(Reply("Let me look. ", calls=[("search_room", {"words": "Grüße"}), ("who_is_online", {})]))
    tool = {"name": "search_room", "description": "", "parameters": {"type": "object", "properties": {}}}
    text, said = await ask(endpoint, Prompt("", PROMPT.turns, [tool]))
    assert text == "Let me look. "
    assert [(call.name, call.arguments) for call in said.tool_calls] == [
        ("search_room", '{"words": "Grüße"}'),
        ("who_is_online", "{}"),
    ]
    call = said.tool_calls[0]
    turns = [*PROMPT.turns, {"said": said.said}, *({"result": call, "output": "[]"} for call in said.tool_calls)]
    await ask(endpoint, Prompt("", turns, [tool]))
    assert call.id in model.requests[1].said and "[]" in model.requests[1].said
    assert "Let me look." in model.requests[1].said


async def test_calls_without_arguments_or_ids_are_taken(model):
    """As some small servers send them."""
    body = b"""data: {"choices": [{"delta": {"tool_calls": [{"function": {"name": "who_is_online"}}]}}]}

data: {"choices": [{"delta": {}, "finish_reason": "tool_calls"}]}

data: [DONE]

"""
    model.next(Reply(raw=body, raw_type="text/event-stream"))
    _text, said = await ask(ModelEndpoint("m", model.base_url, "chat"))
    assert said.tool_calls == [ToolCall("call_1", "who_is_online", "")]


def call(id, name, arguments, **place):
    return {**place, **({"id": id} if id else {}), "function": {"name": name, "arguments": arguments}}


LOOK, SAID = ("who_is_online", "{}"), ("said_by", '{"name": "bob"}')
REST = {"function": {"arguments": '"bob"}'}}


@pytest.mark.parametrize(
    "parts",
    [
        [call("a", *LOOK, index=0), call("b", *SAID, index=0)],
        [call("a", *LOOK), call("b", *SAID)],
        [call("", *LOOK), call("", *SAID)],
        [call("a", *LOOK, index=0), call("a", *SAID, index=1)],
        [call("a", *LOOK), call("b", "said_by", '{"name": '), REST],
        [call("a", *LOOK, index=0), call("b", "said_by", '{"name": ', index=0), {"index": 0, **REST}],
        [call("a", "who_is_online", {}, index=0), call("b", "said_by", {"name": "bob"}, index=1)],
    ],
)
async def test_calls_are_told_apart_however_they_are_numbered(model, parts):
    model.next(stream({"choices": [{"delta": {"tool_calls": parts}, "finish_reason": "tool_calls"}]}))
    _text, said = await ask(ModelEndpoint("m", model.base_url, "chat"))
    assert [(call.name, call.arguments) for call in said.tool_calls] == [LOOK, SAID]
    assert len({call.id for call in said.tool_calls}) == 2


async def test_arguments_without_a_bottom_are_no_answer(model):
    """orjson reads more of them than json writes."""
    deep = '{"a":' * 1000 + "1" + "}" * 1000
    body = '{"choices": [{"delta": {"tool_calls": [{"function": {"name": "who_is_online", "arguments": DEEP}}]}}]}'
    model.next(stream(body.replace("DEEP", deep).encode()))
    with pytest.raises(ModelError, match="invalid response"):
        await ask(ModelEndpoint("m", model.base_url, "chat"))


async def test_one_answer_may_call_eight_tools(model, endpoint):
    model.next(Reply("", calls=[("search_room", {"words": str(n)}) for n in range(60)]))
    _text, said = await ask(endpoint)
    assert [json.loads(call.arguments)["words"] for call in said.tool_calls] == [str(n) for n in range(8)]


async def test_arguments_have_an_end(model, endpoint):
    model.next(Reply("", calls=[("search_room", {"words": "w" * 100_000}), ("who_is_online", {})]))
    _text, said = await ask(endpoint)
    assert len(said.tool_calls[0].arguments) < 30_000 and said.tool_calls[1].arguments == "{}"


async def test_halves_of_characters_in_arguments_are_put_together(model):
    """What the model wrote is sent back to it, which a lone half would prevent."""
    parts = [call("a", "search_room", '{"words": "\ud83d', index=0), call("a", "", '\udc4b \ud800"}', index=0)]
    events = [{"choices": [{"delta": {"tool_calls": [part]}}]} for part in parts]
    model.next(stream(*events, {"choices": [{"delta": {}, "finish_reason": "tool_calls"}]}))
    chat = ModelEndpoint("m", model.base_url, "chat")
    response = (await ask(chat))[1]
    [found] = response.tool_calls
    assert found.arguments == '{"words": "👋 \ufffd"}'
    await ask(chat, Prompt("", [*PROMPT.turns, {"said": response.said}, {"result": found, "output": "[]"}]))
    assert found.arguments in [part["function"]["arguments"] for part in _sent_calls(model.requests[1])]


def _sent_calls(request):
    return [call for message in request.body["messages"] for call in message.get("tool_calls") or ()]
