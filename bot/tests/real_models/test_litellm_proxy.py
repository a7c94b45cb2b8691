"""LiteLLM's proxy in front of llama.cpp's server: what it makes of answers and of errors."""

import pytest

from bot.llm.prompt import Prompt

from .conftest import endpoint
from .test_llama_server import PROMPT, TOOL, ask, break_off, refused, tool_round


async def test_an_answer_is_streamed_and_counted(proxy, api):
    heard, response = await ask(endpoint(proxy, api, model="llama"))
    assert heard.text and not heard.refused
    assert response.tokens.read > 10 and 0 < response.tokens.written <= 16


async def test_tools_are_taken(proxy, api):
    heard, response = await ask(endpoint(proxy, api, model="llama"), Prompt(PROMPT.system, PROMPT.turns, [TOOL]))
    assert (heard.text or response.tool_calls) and not heard.refused


async def test_what_was_said_and_found_goes_back(proxy, api):
    llama = endpoint(proxy, api, model="llama")
    heard, _response = await ask(llama, tool_round(api))
    assert heard.text and not heard.refused
    _heard, first = await ask(llama)
    turns = [*PROMPT.turns, {"said": first.said}, {"role": "user", "text": "And to Bob."}]
    heard, second = await ask(llama, Prompt(PROMPT.system, turns))
    assert heard.text and not heard.refused
    assert second.tokens.read > first.tokens.read + first.tokens.written and second.tokens.cached


async def test_tools_that_the_server_behind_it_refuses_are_left_out(proxy, api):
    heard, _response = await ask(endpoint(proxy, api, model="small"), Prompt(PROMPT.system, PROMPT.turns, [TOOL]))
    assert heard.text and list(heard.refused) == ["tools"]


async def test_what_is_too_long_is_refused_with_the_size(proxy, small, api):
    error = await refused(endpoint(proxy, api, model="small"), Prompt("", [{"role": "user", "text": "word " * 2000}]))
    assert (error.reason, error.context_tokens) == ("model_context_exceeded", small.context)
    assert not error.is_outage and not error.retryable


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"model": "another"}, "model_unknown"), ({"model": "llama", "key": "sk-another"}, "model_key_rejected")],
)
async def test_what_is_set_wrongly_is_told_apart(proxy, api, fields, reason):
    assert (await refused(endpoint(proxy, api, **fields))).reason == reason


async def test_a_server_behind_it_that_is_down_is_an_outage(proxy, api):
    error = await refused(endpoint(proxy, api, model="down"))
    assert error.is_outage, error.detail


async def test_a_server_behind_it_that_dies_while_it_answers_broke_off(proxy, api):
    with proxy.servers["other"] as server:
        heard, error = await break_off(server, endpoint(proxy, api, model="other"))
    assert heard.text and error.reason == "model_broke_off" and error.is_outage, error.detail
