"""When a model server fails, refuses, hangs or breaks off: what is said of it, and how often it is asked again."""

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.llm import client
from bot.llm.endpoint import ModelEndpoint
from bot.llm.errors import ModelError
from e2e.model_server import Reply
from mysite.tests.waiting import PATIENCE, until

from .model_stream import ask, stream


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
async def test_any_byte_is_a_sign_of_life(event, monkeypatch):
    """While its server sends comments a model is waited for; the whole answer has a limit of its own."""
    limits = []

    class Limit(asyncio.Timeout):
        def reschedule(self, when):
            limits.append(when)
            super().reschedule(when)

    own = SimpleNamespace(**vars(asyncio))  # what libraries ask for stays asyncio's
    own.timeout = lambda delay: Limit(asyncio.get_running_loop().time() + delay)
    monkeypatch.setattr(client, "asyncio", own)
    async with broken_off("stall", event) as endpoint:
        asking = asyncio.create_task(ask(replace(endpoint, patience=8)))
        await until(lambda: len(limits) >= 4 or asking.done())
        assert not asking.done()
        asking.cancel()
    assert limits == sorted(set(limits))
