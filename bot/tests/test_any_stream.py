"""A bot reads what servers send otherwise than the API has it."""

import json
from dataclasses import replace

import pytest

from bot.llm import answer_reader, assistant_message, client, tool_calls
from bot.llm.endpoint import ModelEndpoint
from e2e.model_server import Reply
from rooms.kernel.db_executor import run_db

from .conftest import answered, working
from .model_stream import PROMPT, Heard, ask, stream


async def test_an_answer_that_is_not_streamed_is_taken(model, endpoint):  # noqa: F811
    model.next(Reply("Yes.", calls=[("search_room", {"words": "x"})]))
    text, said = await ask(replace(endpoint, refused=frozenset({"stream"})))
    assert (text, said.tool_calls[0].name) == ("Yes.", "search_room") and said.tokens
    assert not model.requests[0].body.get("stream")


@pytest.mark.parametrize("noise", [b"data: null\n\n", b"data:\n\n", b"event: ping\ndata: {}\n\n", b"data: : WAIT\n\n",
                                   b'data: {"type": "ping"}\n\n', b": x\n\n"])  # fmt: skip
async def test_keep_alives_say_nothing(model, endpoint, noise):  # noqa: F811
    if endpoint.api == "chat":
        events = [{"choices": [{"delta": {"content": "Yes."}}]}, {"choices": [{"delta": {}, "finish_reason": "stop"}]}]
    else:
        events = [
            {"type": "response.output_text.delta", "delta": "Yes."},
            {"type": "response.completed", "response": {}},
        ]
    raw = noise.join([b"", *(b"data: %b\n\n" % json.dumps(event).encode() for event in events)])
    model.next(Reply(raw=raw, raw_type="text/event-stream"))
    assert (await ask(endpoint))[0] == "Yes."


async def test_a_content_that_is_a_list_is_read(model):
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}
    model.next(stream(
        {"choices": [{"delta": {"content": [thinking, {"type": "text", "text": "Yes"}]}}]},
        {"choices": [{"delta": {"content": "."}, "finish_reason": "stop"}]},
    ))  # fmt: skip
    heard = Heard()
    await client.stream_response(ModelEndpoint("m", model.base_url, "chat"), PROMPT, heard)
    assert (heard.text, heard.thoughts) == ("Yes.", "Hm.")


async def test_an_answer_that_ends_in_an_error_is_not_whole(model):
    end = {"choices": [{"delta": {}, "finish_reason": "error"}]}
    model.next(stream({"choices": [{"delta": {"content": "Half"}}]}, end))
    with pytest.raises(client.ModelError, match="cut off by a model error"):
        await ask(ModelEndpoint("m", model.base_url, "chat"))


DONE = {"type": "response.output_text.done", "output_index": 0, "content_index": 0, "text": "Yes."}
ITEM = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Yes."}]}
DELTA = {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "Yes."}
ITEM_DONE = {"type": "response.output_item.done", "output_index": 0, "item": ITEM}


@pytest.mark.parametrize(
    "events",
    [
        [DONE, {"type": "response.completed", "response": {}}],
        [ITEM_DONE, {"type": "response.completed", "response": {"output": [ITEM]}}],
        [{"type": "response.completed", "response": {"output": [ITEM]}}],
        [DELTA, DONE, ITEM_DONE, {"type": "response.completed", "response": {"output": [ITEM]}}],
        [DELTA, {"type": "response.completed", "response": {"output": [{"type": "reasoning"}, ITEM]}}],
    ],
)
async def test_a_text_that_comes_whole_is_taken_once(model, events):
    model.next(stream(*events))
    assert (await ask(ModelEndpoint("m", model.base_url, "responses")))[0] == "Yes."


@pytest.mark.django_db(transaction=True)
async def test_thoughts_without_an_opening_mark_are_taken_back(model, say, alice, sent):
    from .conftest import screen

    model.say(["Let me ", "see.", "</think>", "\n\nIt is", " two."])
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert run.message.text == "It is two." and screen(sent, run.message_id) == "It is two."


async def test_what_a_server_sends_besides_the_text_has_an_end(model, monkeypatch):
    monkeypatch.setattr(assistant_message, "MAX_SIZE", 1000)
    monkeypatch.setattr(tool_calls, "MAX_SIZE", 1000)
    monkeypatch.setattr(answer_reader, "MAX_RAW_LENGTH", 5000)
    chat, responses = (ModelEndpoint("m", model.base_url, api) for api in ("chat", "responses"))
    calls = [{"delta": {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "x"}, "more": "y" * 300}]}}] * 20
    model.next(stream(*({"choices": [call]} for call in calls), {"choices": [{"delta": {}, "finish_reason": "stop"}]}))
    assert len(json.dumps((await ask(chat))[1].said)) < 2000
    thought = {"type": "reasoning", "encrypted_content": "y" * 300}
    items = [{"type": "response.output_item.done", "item": thought}] * 20
    model.next(stream(*items, {"type": "response.completed", "response": {}}))
    assert len((await ask(responses))[1].said) == 3
    model.next(stream(*[{"choices": [{"delta": {"content": "<think>" + "y" * 300}}]}] * 30))
    with pytest.raises(client.ModelError, match="invalid response"):
        await ask(chat)
