"""An answer for which the model looks things up first, and when that ends."""

import json

import pytest

from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db

from .conftest import answered, events, screen, working

pytestmark = pytest.mark.django_db(transaction=True)
SEARCH = [("search_room", {"words": "deploy"})]


@pytest.mark.parametrize("api", ["chat", "responses"])
async def test_what_it_used_is_shown_and_cited(api, settings, model, say, alice, bob, sent):
    settings.OPENAI_API, settings.BOT_CONTEXT_TOKENS, settings.RATE_MESSAGES = api, 300, 1000
    fact = await run_db(say, bob, "The deploy is on Friday.")
    for number in range(10):
        await run_db(say, alice, f"noise {number} " + "x" * 100)
    model.next(Model("I look. ", calls=SEARCH), Model(f"On Friday [#{fact.id}], not Monday [#424242]."))
    async with working():
        run = await answered(await run_db(say, alice, "@bot when is the deploy?"))
    assert run.message.text == f"I look. \n\nOn Friday [#{fact.id}](#m{fact.id}), not Monday."
    assert run.message.note == "searched “deploy”: 1 message" and f'href="#m{fact.id}"' in run.message.html
    assert fact.id in run.read and [entry["found"] for entry in run.tools] == [1]
    shown = [event.get("note") for event in events(sent, "message") if event["id"] == run.message_id]
    assert shown == [None, None, "searched “deploy”: 1 message", "searched “deploy”: 1 message"]
    assert screen(sent, run.message_id) == run.message.text


@pytest.mark.parametrize("api", ["chat", "responses"])
async def test_a_call_that_is_written_as_the_answer_is_carried_out_and_not_shown(
    api, settings, model, say, alice, sent
):
    settings.OPENAI_API = api
    await run_db(say, alice, "The deploy is on Friday.")
    written = '<tool_call>\n{"name": "search_room", "arguments": {"words": "deploy"}}\n</tool_call>\nIt is on Monday.'
    model.next(Model(written, token_delay=0.001), Model("On Friday."))
    async with working():
        run = await answered(await run_db(say, alice, "@bot when is the deploy?"))
    assert (run.message.text, screen(sent, run.message_id)) == ("On Friday.", "On Friday.")
    assert not [event for event in events(sent, "delta") if "search_room" in event["text"]]
    assert [entry["found"] for entry in run.tools] == [1] and "tool_call>" not in json.dumps(chat_turns(model))
    back = json.dumps(model.requests[1].body)
    assert back.count('"written_1"') == 2 and "The deploy is on Friday." in back  # the call, and what it found


def chat_turns(model) -> list:
    """What an assistant said, in the last request of the dialect that has it in messages."""
    return [turn for turn in model.requests[-1].body.get("messages", ()) if turn["role"] == "assistant"]


def search_again(model) -> Model:
    """For other words than before."""
    return Model("", calls=[("search_room", {"words": f"deploy {len(model.requests)}"})])


def may_call(request) -> bool:
    return "tools" in request.body and request.body.get("tool_choice") != "none"


async def test_five_rounds_are_the_most(model, say, alice):
    model.answer_with(lambda request: search_again(model) if may_call(request) else Model("Enough."))
    async with working():
        run = await answered(await run_db(say, alice, "@bot when is the deploy?"))
    assert run.message.text == "Enough." and len(model.requests) == 6 and len(run.tools) == 5
    assert len({json.dumps(request.body["tools"]) for request in model.requests}) == 1  # what is cached still fits


async def test_a_model_that_never_stops_calling_is_asked_without_tools(model, say, alice):
    model.answer_with(lambda request: search_again(model) if "tools" in request.body else Model("Enough."))
    async with working():
        run = await answered(await run_db(say, alice, "@bot when is the deploy?"))
    assert run.message.text == "Enough." and len(model.requests) == 7


async def test_the_same_call_is_not_carried_out_twice(model, say, alice):
    model.next(Model("", calls=SEARCH), Model("", calls=SEARCH), Model("Enough."))
    async with working():
        run = await answered(await run_db(say, alice, "@bot when is the deploy?"))
    assert run.message.text == "Enough." and len(run.tools) == 1 and "before" in model.requests[2].said


async def test_three_failures_end_the_use_of_tools(model, say, alice):
    def wrong():
        return [("no_such_tool", {"number": len(model.requests)})]

    model.answer_with(lambda request: Model("", calls=wrong()) if may_call(request) else Model("Enough."))
    async with working():
        run = await answered(await run_db(say, alice, "@bot when is the deploy?"))
    assert run.message.text == "Enough." and len(model.requests) == 4


async def test_a_bot_without_tools_offers_none(model, say, alice, bot):
    bot.tools = False
    await run_db(bot.save)
    async with working():
        await answered(await run_db(say, alice, "@bot hi"))
    assert "tools" not in model.requests[0].body
