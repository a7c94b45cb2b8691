"""The stream of a model, in both dialects, as the real ones send it and as they should not."""

import asyncio
import json
import re
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.llm import client
from bot.llm.dialects import ChatDialect, ResponsesDialect
from bot.llm.endpoint import ModelEndpoint
from bot.llm.errors import ModelError
from bot.llm.listener import Listener
from bot.llm.prompt import Prompt, build_body
from bot.llm.tool_calls import ToolCall
from e2e.model_server import Reply
from mysite.tests.waiting import PATIENCE

PROMPT = Prompt("Be brief.", [{"role": "user", "text": "hi"}])
TEXT = "Grüße 👩‍👩‍👧 an alle, 你好!\n\n```python\nprint('é')\n```\n"


@pytest.fixture(params=["chat", "responses"])
def endpoint(request, model):
    return ModelEndpoint("gpt-5-mini", model.base_url, request.param, "key")


class Heard(Listener):
    def __init__(self):
        self.text, self.thoughts, self.refused = "", "", {}

    def on_text(self, piece):
        self.text += piece

    def on_thought(self, piece):
        self.thoughts += piece

    def on_retract(self):
        self.text = ""

    def on_refused(self, feature, detail):
        self.refused[feature] = detail


async def ask(endpoint, prompt=PROMPT):
    heard = Heard()
    said = await client.stream_response(endpoint, prompt, heard)
    return heard.text, said


def stream(*events) -> Reply:
    """Exactly these events: what is no bytes, as JSON."""
    data = [event if isinstance(event, bytes) else json.dumps(event).encode() for event in events]
    return Reply(raw=b"".join(b"data: %b\n\n" % event for event in data), raw_type="text/event-stream")


@pytest.mark.parametrize("size", [None, 1, 3, 7, 1000])
async def test_bytes_may_be_cut_anywhere(model, endpoint, size):
    model.say(TEXT, chunk_size=size, comments=True)
    text, said = await ask(endpoint)
    assert text == TEXT and said.tokens and said.tokens[1] == len(Reply(TEXT).pieces)


async def test_a_server_that_does_not_count_is_fine(model, endpoint):
    model.say("Yes.", usage=False)
    text, said = await ask(endpoint)
    assert (text, said.tokens) == ("Yes.", None)


@pytest.mark.parametrize(
    "usage", [None, [], {"total_tokens": 5}, *({"in": n, "out": 1} for n in (None, -5000, 10**21))]
)
async def test_a_count_that_cannot_be_is_none(model, endpoint, usage):
    chat = endpoint.api == "chat"
    names = (
        {"in": "prompt_tokens", "out": "completion_tokens"} if chat else {"in": "input_tokens", "out": "output_tokens"}
    )
    usage = {names.get(name, name): n for name, n in usage.items()} if usage else usage
    if chat:
        model.next(stream({"choices": [{"delta": {"content": "Yes."}, "finish_reason": "stop"}], "usage": usage}))
    else:
        end = {"type": "response.completed", "response": {"usage": usage}}
        model.next(stream({"type": "response.output_text.delta", "delta": "Yes."}, end))
    text, said = await ask(endpoint)
    assert (text, said.tokens) == ("Yes.", None)


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


async def test_what_is_sent_is_what_the_dialect_wants(model):
    await ask(ModelEndpoint("m", model.base_url, "chat", "key", temperature=0.5, max_tokens=99))
    await ask(ModelEndpoint("m", model.base_url, "responses", "key", max_tokens=99))
    chat, responses = (request.body for request in model.requests)
    assert chat["messages"][0] == {"role": "system", "content": "Be brief."}
    assert (chat["temperature"], chat["max_tokens"]) == (0.5, 99)
    assert responses["instructions"] == "Be brief."
    assert responses["input"] == [{"type": "message", "role": "user", "content": "hi"}]
    assert responses["max_output_tokens"] == 99 and responses["store"] is False and "temperature" not in responses


@pytest.mark.parametrize(
    ("reply", "sentence", "asked"),
    [
        (Reply.error(401, "bad key"), "rejected the API key", 1),
        (Reply.error(404, "The model `x` does not exist"), "has no model “gpt-5-mini”", 1),
        (Reply.error(404, "Not Found"), "There is no model server", 1),
        (Reply.error(429, "slow down", retry_after="7"), "Ask again in 7 seconds", 1),
        (Reply.error(429, "slow down", retry_after="inf"), "Ask again in a moment", 3),
        (Reply.error(429, "slow down", retry_after="Fri, 31 Dec 2027 23:59:59 GMT"), "Ask again in a moment", 3),
        (Reply(status=307, raw=b"", headers={"location": "http://a..b/v1"}), "cannot be reached", 3),
        (Reply.error(503, "busy"), "overloaded", 3),
        (Reply.error(429, "no credit", code="insufficient_quota", retry_after="60"), "quota is exhausted", 1),
        (Reply.error(400, "too long", code="context_length_exceeded"), "too long for this model", 1),
        (Reply.error(500), "error 500", 3),
        (Reply.html_error(502), "error 502", 3),
        (Reply.empty_error(503), "error 503", 3),
        (Reply.garbage(), "invalid response", 1),
        (Reply(raw=b"<html>Welcome</html>", raw_type="text/html"), "There is no model server", 1),
        (Reply(raw=b'data: {"choices": [{"delta": 5}], "type": 1}\n\n'), "invalid response", 1),
        (stream(b"[" * 100_000), "invalid response", 1),
        (Reply("", cut_after=0), "connection to the model was lost", 3),
        (Reply("one two three", cut_after=2), "connection to the model was lost", 1),
        (Reply("one two three", fail_after=2), "cut off by a model error", 1),
    ],
)
async def test_each_failure_is_a_sentence(model, endpoint, reply, sentence, asked):
    """… and only what nobody has heard a word of is tried again."""
    model.answer_with(reply)
    with pytest.raises(ModelError) as raised:
        await ask(endpoint)
    assert sentence in raised.value.sentence
    assert len(model.requests) == asked


def test_the_limits_are_those_that_are_documented(settings):
    limits = client.Limits()
    assert (limits.connect, limits.usage_wait, limits.max_attempts) == (5, 2, 3)
    assert settings.BOT_PATIENCE == ModelEndpoint("m").patience == 120


@pytest.mark.parametrize(
    ("error", "pauses"), [(Reply.error(500), [0.4, 0.8]), (Reply.error(429, retry_after="3"), [3, 3])]
)
async def test_between_tries_it_waits_longer_each_time_or_as_long_as_it_was_told(
    model, endpoint, monkeypatch, error, pauses
):
    waited = []

    async def sleep(seconds):
        waited.append(seconds)

    monkeypatch.setattr(client, "LIMITS", client.Limits())
    monkeypatch.setattr(client, "asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": sleep}))
    model.answer_with(error)
    with pytest.raises(ModelError):
        await ask(endpoint)
    assert waited == pauses


@pytest.mark.parametrize("filtered", [False, True])
async def test_an_answer_that_the_server_ended_says_so(model, endpoint, filtered):
    if endpoint.api == "chat":
        end = {"choices": [{"delta": {}, "finish_reason": "content_filter" if filtered else "length"}]}
        model.next(stream({"choices": [{"delta": {"content": "So far"}}]}, end))
    else:
        details = {"reason": "content_filter" if filtered else "max_output_tokens"}
        end = {"type": "response.incomplete", "response": {"incomplete_details": details}}
        model.next(stream({"type": "response.output_text.delta", "delta": "So far"}, end))
    if filtered:
        with pytest.raises(ModelError, match="withheld the answer"):
            await ask(endpoint)
    else:
        text, said = await ask(endpoint)
        assert (text, said.truncated) == ("So far", True)


async def test_an_answer_that_ended_by_itself_is_not_shortened(endpoint):
    assert not (await ask(endpoint))[1].truncated


def test_openai_is_told_the_longest_answer_by_its_newer_name():
    body = build_body(ModelEndpoint("m", api="chat", key="key", max_tokens=99), PROMPT).json
    assert body["max_completion_tokens"] == 99 and "max_tokens" not in body


async def test_a_second_try_may_succeed(model, endpoint):
    model.next(Reply.error(500), Reply.error(429, retry_after="0"), Reply("At last."))
    assert (await ask(endpoint))[0] == "At last."


async def test_a_server_that_is_not_there(endpoint):
    gone = ModelEndpoint("m", "http://127.0.0.1:9/v1", endpoint.api, "key")
    with pytest.raises(ModelError, match="cannot be reached"):
        await ask(gone)


async def test_patience_ends_before_the_first_word_and_between_words(model, endpoint):
    endpoint = replace(endpoint, patience=0.3)
    model.next(Reply("late", first_delay=30))
    with pytest.raises(ModelError, match="did not start"):
        await ask(endpoint)
    model.next(Reply("one two three", stall_after=1, comments=True))
    with pytest.raises(ModelError, match="sent nothing"):
        await ask(endpoint)
    for request in model.requests:
        assert await asyncio.to_thread(request.wait_closed)


@asynccontextmanager
async def broken_off(how, *events):
    """An endpoint whose server says these events, and then: "cut", "close" (without the last chunk) or "stall"."""

    async def serve(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(int(re.search(rb"(?i)content-length: (\d+)", head)[1]))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        data = stream(*events).raw
        writer.write(b"%x\r\n%b\r\n" % (len(data), data))
        await writer.drain()
        while how == "stall" and not reader.at_eof():
            writer.write(b"e\r\n: keep-alive\n\n\r\n")
            await asyncio.sleep(0.05)
        writer.transport.abort() if how == "cut" else writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield ModelEndpoint("m", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", "chat")


@pytest.mark.parametrize("how", ["cut", "close", "stall", {"error": {"message": "late"}}, {"choices": ["garbage"]}])
async def test_what_breaks_after_the_end_of_the_answer_breaks_nothing(how, monkeypatch):
    """Only the count is missing then, and it is not waited for as long as for words."""
    monkeypatch.setattr(client, "LIMITS", client.Limits(usage_wait=0.2))
    events = [
        {"choices": [{"delta": {"content": "All of it."}}]},
        {"choices": [{"delta": {}, "finish_reason": "stop"}]},
    ]
    if isinstance(how, dict):
        events, how = [*events, how], "close"
    async with broken_off(how, *events) as endpoint:
        async with asyncio.timeout(PATIENCE):
            text, said = await ask(endpoint)
    assert (text, said.tokens, said.truncated) == ("All of it.", None, False)


CALL = {"index": 0, "id": "a", "function": {"name": "search_room", "arguments": '{"wor'}}


@pytest.mark.parametrize(
    "event", [{"choices": [{"delta": {"tool_calls": [CALL]}}]}, {"choices": [{"delta": {"reasoning": "Hm."}}]}]
)
async def test_any_byte_is_a_sign_of_life(event):
    """While its server sends comments a model is waited for; the whole answer has a limit of its own."""
    async with broken_off("stall", event) as endpoint:
        asking = asyncio.create_task(ask(replace(endpoint, patience=0.5)))
        await asyncio.sleep(1.5)
        assert not asking.done()
        asking.cancel()


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
async def test_thoughts_are_told_apart_from_the_answer(model, name):
    thought, text = {"choices": [{"delta": {name: "Hm."}}]}, {"choices": [{"delta": {"content": "Yes."}}]}
    model.next(stream(thought, text, {"choices": [{"delta": {}, "finish_reason": "stop"}]}))
    heard = Heard()
    await client.stream_response(ModelEndpoint("m", model.base_url, "chat"), PROMPT, heard)
    assert (heard.text, heard.thoughts) == ("Yes.", "Hm.")


def test_thoughts_of_the_responses_dialect_are_told_apart():
    dialect = ResponsesDialect()
    assert not dialect.read({"type": "response.reasoning_summary_text.delta", "delta": "Hm."})
    assert not dialect.read({"type": "response.in_progress"})
    assert dialect.take_thoughts() == "Hm." and not dialect.take_thoughts()


async def test_leaving_closes_the_stream(model, endpoint):
    model.say("word " * 500, token_delay=0.02)
    task = asyncio.create_task(ask(endpoint))
    request = await asyncio.to_thread(model.wait_for_request)
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(request.wait_closed)


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


@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n"])
async def test_the_last_empty_line_may_be_missing(model, end):
    body = b'data: {"choices": [{"delta": {"content": "Yes."}, "finish_reason": "stop"}]}' + end
    model.next(Reply(raw=body, raw_type="text/event-stream"))
    text, _said = await ask(ModelEndpoint("m", model.base_url, "chat"))
    assert text == "Yes."


@pytest.mark.parametrize(
    ("usage", "wanted"),
    [
        ({"prompt_tokens": 100, "completion_tokens": 7}, (100, 7, 0)),
        ({"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107,
          "prompt_tokens_details": {"cached_tokens": 64}}, (100, 7, 64)),
        # thoughts that only the total has
        ({"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 157}, (100, 57, 0)),
        ({"prompt_tokens": 100, "completion_tokens": 7,
          "prompt_tokens_details": {"cached_tokens": 900}}, (100, 7, 100)),
        ({"prompt_tokens": 100, "completion_tokens": 7,
          "prompt_tokens_details": None, "total_tokens": "x"}, (100, 7, 0)),
        ({"prompt_tokens": 100}, None),
        ({"prompt_tokens": -1, "completion_tokens": 7}, None),
    ],
)  # fmt: skip
def test_what_a_server_counted(usage, wanted):
    dialect = ChatDialect()
    dialect.read({"choices": [], "usage": usage})
    assert dialect.tokens == wanted
