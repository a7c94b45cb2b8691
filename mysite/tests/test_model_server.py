"""The pretended model is believed by the real client: else every test on top of it would prove nothing."""

import asyncio
import threading

import openai
import pytest

from e2e.model_server import Reply

TEXT = "Grüße, **Zoë** 👋 and 日本語."


def client(model, **options):
    return openai.AsyncOpenAI(base_url=model.base_url, api_key="test-key", max_retries=0, **options)


async def chat(model, **more):
    pieces, calls, usage = [], {}, None
    stream = await client(model).chat.completions.create(
        model="m",
        messages=[{"role": "user", "content": "hi"}],
        stream=True,
        stream_options={"include_usage": True},
        **more,
    )
    async with stream:
        async for chunk in stream:
            usage = chunk.usage or usage
            for choice in chunk.choices:
                pieces.append(choice.delta.content or "")
                for call in choice.delta.tool_calls or ():
                    known = calls.setdefault(call.index, ["", ""])
                    known[0] += call.function.name or ""
                    known[1] += call.function.arguments or ""
    return "".join(pieces), [tuple(call) for call in calls.values()], usage and usage.completion_tokens


async def responses(model):
    pieces, calls, usage = [], [], None
    stream = await client(model).responses.create(model="m", input="hi", stream=True)
    async with stream:
        async for event in stream:
            if event.type == "response.output_text.delta":
                pieces.append(event.delta)
            elif event.type == "response.output_item.done" and event.item.type == "function_call":
                calls.append((event.item.name, event.item.arguments))
            elif event.type == "response.completed":
                usage = event.response.usage and event.response.usage.output_tokens
            elif event.type == "response.failed":
                raise openai.APIError(event.response.error.message, request=None, body=None)
    return "".join(pieces), calls, usage


@pytest.mark.parametrize("ask", [chat, responses])
@pytest.mark.parametrize("behaviour", [{}, {"chunk_size": 1}, {"chunk_size": 7}, {"comments": True}])
async def test_a_streamed_answer_arrives_whole_however_it_is_cut(model, ask, behaviour):
    model.say(TEXT, **behaviour)
    text, _calls, usage = await ask(model)
    assert text == TEXT
    assert usage == len(Reply(TEXT).pieces) > 3


@pytest.mark.parametrize("ask", [chat, responses])
async def test_tool_calls_come_in_pieces(model, ask):
    model.say("", calls=[("search", {"words": "dürüm deploy"}), ("online", {})])
    _text, calls, _usage = await ask(model)
    assert calls == [("search", '{"words": "dürüm deploy"}'), ("online", "{}")]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply.error(401, code="invalid_api_key"), openai.AuthenticationError),
        (Reply.error(404, code="model_not_found"), openai.NotFoundError),
        (Reply.error(429, retry_after="7"), openai.RateLimitError),
        (Reply.error(500), openai.InternalServerError),
        (Reply.html_error(502), openai.InternalServerError),
        (Reply.empty_error(500), openai.InternalServerError),
    ],
)
async def test_errors_are_the_real_ones(model, reply, error):
    model.next(reply)
    with pytest.raises(error) as caught:
        await chat(model)
    assert caught.value.response.headers.get("retry-after") == reply.headers.get("retry-after")
    assert (await chat(model))[0] == "Hello."


@pytest.mark.parametrize("ask", [chat, responses])
async def test_a_stream_can_be_cut_or_fail_in_the_middle(model, ask):
    for reply in (Reply("one two three", cut_after=2), Reply("one two three", fail_after=2), Reply.garbage()):
        model.next(reply)
        with pytest.raises((openai.OpenAIError, ValueError)):
            await ask(model)


async def test_a_client_that_hangs_up_is_noticed(model):
    model.say("one two three", stall_after=1)
    asking = asyncio.create_task(chat(model))
    request = await asyncio.to_thread(model.wait_for_request)
    assert not request.closed.is_set()
    asking.cancel()
    assert await asyncio.to_thread(request.wait_closed)
    assert not request.finished.is_set()


async def test_an_answer_waits_for_the_test(model):
    gate = threading.Event()
    model.say("one two", hold=gate, hold_after=1)
    asking = asyncio.create_task(chat(model))
    request = await asyncio.to_thread(model.wait_for_request)
    while request.sent < 1:  # noqa: ASYNC110 (set by another thread)
        await asyncio.sleep(0.01)
    gate.set()
    assert (await asking)[0] == "one two"
    assert await asyncio.to_thread(request.finished.wait, 5)


async def test_answers_that_are_not_streamed_and_the_list_of_models(model):
    model.say(TEXT)
    whole = await client(model).responses.create(model="m", input="hi")
    assert whole.output_text == TEXT
    whole = await client(model).chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}])
    assert whole.choices[0].message.content == TEXT
    assert [found.id async for found in client(model).models.list()] == ["gpt-5-mini"]
