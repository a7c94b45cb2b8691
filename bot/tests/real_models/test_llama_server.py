"""llama.cpp's server: its answers, and how it refuses."""

import asyncio
from dataclasses import replace

import pytest

from bot.llm import client
from bot.llm.errors import ModelError
from bot.llm.listener import Listener
from bot.llm.prompt import Prompt
from bot.llm.tool_calls import ToolCall
from mysite.tests.waiting import until
from testing.real_models.servers import LlamaServer, RealServer

from ..test_llm_client import Heard
from .conftest import PATIENCE, endpoint

TOOL = {
    "name": "search_room",
    "description": "Search messages.",
    "parameters": {"type": "object", "properties": {"words": {"type": "string"}}, "required": ["words"]},
}
PROMPT = Prompt("Be brief.", [{"role": "user", "text": "Say hello to Alice."}])


async def ask(where, prompt: Prompt = PROMPT) -> tuple[Heard, client.ModelResponse]:
    heard = Heard()
    return heard, await client.stream_response(where, prompt, heard)


async def refused(where, prompt: Prompt = PROMPT) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await ask(where, prompt)
    return caught.value


class Pieces(Heard):
    def __init__(self):
        super().__init__()
        self.count = 0

    def on_text(self, piece):
        super().on_text(piece)
        self.count += 1


@pytest.mark.parametrize("jinja", [True, False])
async def test_an_answer_is_streamed_and_counted(request, api, jinja):
    server = request.getfixturevalue("llama" if jinja else "small")
    heard = Pieces()
    response = await client.stream_response(endpoint(server, api, max_tokens=40), PROMPT, heard)
    assert heard.text and not heard.refused and not heard.thoughts
    assert heard.count > 1 or response.tokens.written < 5
    assert response.tokens.read > 10 and 0 < response.tokens.written <= 40


async def test_an_answer_that_reaches_its_longest_is_truncated(llama):
    _heard, response = await ask(endpoint(llama, max_tokens=2))
    assert response.truncated and response.tokens.written == 2


async def test_a_temperature_and_several_turns_are_taken(llama, api):
    turns = [{"role": role, "text": "Hello."} for role in ("user", "assistant", "user")]
    heard, response = await ask(endpoint(llama, api, temperature=0.5), Prompt("Be brief.", turns))
    assert heard.text and response.tokens and not heard.refused


async def test_tools_are_refused_without_a_template_that_knows_them(small, api):
    heard, response = await ask(endpoint(small, api), Prompt(PROMPT.system, PROMPT.turns, [TOOL]))
    assert heard.text and response.tokens
    assert list(heard.refused) == ["tools"] and "jinja" in heard.refused["tools"]


@pytest.mark.parametrize("may_call", [True, False])
async def test_tools_are_taken_with_one(llama, api, may_call):
    heard, response = await ask(endpoint(llama, api), Prompt(PROMPT.system, PROMPT.turns, [TOOL], may_call=may_call))
    assert (heard.text or response.tool_calls) and not heard.refused


def tool_round(api: str) -> Prompt:
    """The last round of an answer, after a tool was called."""
    call = ToolCall("call_1", "search_room", '{"words": "release"}')
    item = {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments}
    said = [{"role": "assistant", "content": None, "tool_calls": [call.to_chat()]}] if api == "chat" else [item]
    turns = [*PROMPT.turns, {"said": said}, {"result": call, "output": '{"messages": []}'}]
    return Prompt(PROMPT.system, turns, [TOOL], may_call=False)


async def test_the_results_of_tools_go_back(llama, api):
    heard, response = await ask(endpoint(llama, api), tool_round(api))
    assert heard.text and response.tokens and not heard.refused


async def test_what_was_said_goes_back_as_it_came(llama, api):
    _heard, first = await ask(endpoint(llama, api))
    turns = [*PROMPT.turns, {"said": first.said}, {"role": "user", "text": "And to Bob."}]
    heard, second = await ask(endpoint(llama, api), Prompt(PROMPT.system, turns))
    assert heard.text and second.tokens.read > first.tokens.read + first.tokens.written


async def test_what_is_too_long_is_refused_with_the_size(small, api):
    error = await refused(endpoint(small, api), Prompt("", [{"role": "user", "text": "word " * 2000}]))
    assert (error.reason, error.context_tokens) == ("model_context_exceeded", small.context)
    assert not error.is_outage and not error.retryable


async def test_a_key_or_an_address_that_is_wrong_is_told_apart(llama, api):
    assert (await refused(endpoint(llama, api, key="sk-another"))).reason == "model_key_rejected"
    answered = endpoint(llama, api)
    wrong = replace(answered, base_url=f"{answered.base_url}/v2")
    assert (await refused(wrong)).reason == "model_not_server"


@pytest.mark.usefixtures("llama")
async def test_a_server_that_was_stopped_is_unreachable():
    """Also where a connection to it was kept."""
    with LlamaServer(context=256) as server:
        await ask(endpoint(server))
        server.stop()
        errors = [await refused(endpoint(server, api)) for api in ("chat", "responses")]
    assert [error.reason for error in errors] == ["model_unreachable"] * 2
    assert all(error.is_outage for error in errors)


class Stopping(Heard):
    """Stops the server at the first word."""

    def __init__(self, server: RealServer):
        super().__init__()
        self._server = server

    def on_text(self, piece):
        super().on_text(piece)
        self._server.stop()


async def break_off(server: RealServer, where) -> tuple[Heard, ModelError]:
    """Ask for a long answer, and stop the server while it is written."""
    heard = Stopping(server)
    with pytest.raises(ModelError) as caught:
        await client.stream_response(replace(where, max_tokens=5000), PROMPT, heard)
    return heard, caught.value


@pytest.mark.usefixtures("llama")
async def test_a_server_that_dies_while_it_answers_is_lost(api):
    with LlamaServer() as server:
        heard, error = await break_off(server, endpoint(server, api))
    assert heard.text and error.reason == "model_connection_lost" and error.is_outage


class Cancelling(Listener):
    """Cancels the task that asks at the first word."""

    def on_text(self, piece):
        asyncio.current_task().cancel()


async def test_a_question_that_is_cancelled_frees_the_server(llama, api):
    never_ending = endpoint(llama, api, max_tokens=100_000)
    task = asyncio.create_task(client.stream_response(never_ending, PROMPT, Cancelling()))
    with pytest.raises(asyncio.CancelledError):
        await task
    # It writes one answer at a time: the next one would wait for thousands of words.
    await until(lambda: not llama.get("/slots")[0]["is_processing"], PATIENCE)
    assert (await ask(endpoint(llama, api)))[0].text
