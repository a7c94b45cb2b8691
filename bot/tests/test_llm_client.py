"""The stream of a model, in both dialects, as the real ones send it and as they should not."""

import asyncio

import pytest

from bot.llm import client
from bot.llm.chat_dialect import ChatDialect
from bot.llm.endpoint import ModelEndpoint
from bot.llm.errors import ModelError
from bot.llm.prompt import build_body
from bot.llm.responses_dialect import ResponsesDialect
from e2e.model_server import Reply

from .model_stream import PROMPT, Heard, ask, stream

TEXT = "Grüße 👩‍👩‍👧 an alle, 你好!\n\n```python\nprint('é')\n```\n"


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


async def test_what_is_sent_is_what_the_dialect_wants(model):
    await ask(ModelEndpoint("m", model.base_url, "chat", "key", temperature=0.5, max_tokens=99))
    await ask(ModelEndpoint("m", model.base_url, "responses", "key", max_tokens=99))
    chat, responses = (request.body for request in model.requests)
    assert chat["messages"][0] == {"role": "system", "content": "Be brief."}
    assert (chat["temperature"], chat["max_tokens"]) == (0.5, 99)
    assert responses["instructions"] == "Be brief."
    assert responses["input"] == [{"type": "message", "role": "user", "content": "hi"}]
    assert responses["max_output_tokens"] == 99 and responses["store"] is False and "temperature" not in responses


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
