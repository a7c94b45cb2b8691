"""A bot gets along with servers that take less than the API has it."""

from dataclasses import replace

import pytest
from django.db import OperationalError

from bot import endpoint_traits
from bot.llm import client
from bot.llm.endpoint import ModelEndpoint
from bot.llm.prompt import Prompt
from bot.models import Bot, EndpointTrait, Run
from e2e.model_server import Reply
from rooms.kernel.db_executor import run_db

from .conftest import answered, working
from .model_stream import PROMPT, Heard, ask, stream

TOOL = {"name": "search_room", "description": "", "parameters": {"type": "object", "properties": {}}}


def refusing(*features, status=400):
    """A server that takes no request with one of these fields, one complaint at a time."""

    def answer(request):
        named = next((name for name in features if name in request.body), None)
        return Reply.error(status, f"{named} is not supported") if named else Reply("Yes.")

    return answer


@pytest.mark.parametrize(
    "features", [["tools"], ["stream_options", "max_tokens", "max_completion_tokens", "temperature"]]
)
async def test_what_a_server_refuses_is_left_out(model, features):
    model.answer_with(refusing(*features))
    heard = Heard()
    chat = ModelEndpoint("m", model.base_url, "chat", "key", temperature=0.5, max_tokens=99)
    await client.stream_response(chat, Prompt("", PROMPT.turns, [TOOL]), heard)
    assert heard.text == "Yes." and sorted(heard.refused) == sorted(features)
    assert len(model.requests) == len(features) + 1


async def test_what_does_not_help_is_not_remembered(model):
    model.answer_with(Reply.error(400, "temperature and tools are not the matter"))
    heard = Heard()
    chat = ModelEndpoint("m", model.base_url, "chat", "key", temperature=0.5)
    with pytest.raises(client.ModelError):
        await client.stream_response(chat, Prompt("", PROMPT.turns, [TOOL]), heard)
    assert not heard.refused and len(model.requests) <= 1 + client.LIMITS.max_left_out


async def test_without_a_system_role_its_text_goes_before_the_first_turn(model, endpoint):  # noqa: F811
    endpoint = replace(endpoint, refused=frozenset({"system"}))
    await ask(endpoint)
    [first] = model.requests[0].body.get("messages") or model.requests[0].body["input"]
    assert (first["role"], first["content"]) == ("user", "Be brief.\n\nhi")
    assert "instructions" not in model.requests[0].body


async def test_the_message_of_a_round_goes_back_as_it_came(model):
    call = {"index": 0, "id": "a", "type": "function", "function": {"name": "search_room", "arguments": "{}"},
            "extra_content": {"google": {"thought_signature": "sig"}}}  # fmt: skip
    details = [{"index": 0, "type": "reasoning.text", "text": "Hm"}]
    model.next(stream(
        {"choices": [{"delta": {"reasoning_content": "First "}}]},
        {"choices": [{"delta": {"reasoning_content": "thought.", "reasoning_details": details}}]},
        {"choices": [{"delta": {"reasoning_details": [{"index": 0, "text": "m.", "signature": "s"}]}}]},
        {"choices": [{"delta": {"content": "Let me see.", "tool_calls": [call]}, "finish_reason": "tool_calls"}]},
    ))  # fmt: skip
    chat = ModelEndpoint("m", model.base_url, "chat")
    _text, said = await ask(chat)
    await ask(chat, Prompt("", [*PROMPT.turns, {"said": said.said}, {"result": said.tool_calls[0], "output": "[]"}]))
    back = model.requests[1].body["messages"][2]
    assert back["reasoning_content"] == "First thought." and back["content"] == "Let me see."
    assert back["reasoning_details"] == [{"index": 0, "type": "reasoning.text", "text": "Hmm.", "signature": "s"}]
    assert back["tool_calls"][0]["extra_content"] == {"google": {"thought_signature": "sig"}}
    refusing = replace(chat, refused=frozenset({"reasoning"}))
    await ask(
        refusing, Prompt("", [*PROMPT.turns, {"said": said.said}, {"result": said.tool_calls[0], "output": "[]"}])
    )
    assert not [name for name in model.requests[2].body["messages"][2] if name.startswith("reasoning")]


async def test_encrypted_thoughts_go_back_and_others_do_not(model):
    thought = {"type": "reasoning", "id": "rs_1", "encrypted_content": "…", "summary": []}
    call = {"type": "function_call", "id": "fc_1", "call_id": "a", "name": "search_room", "arguments": "{}"}
    items = [thought, {"type": "reasoning", "id": "rs_2"}, call]
    done = [{"type": "response.output_item.done", "output_index": n, "item": item} for n, item in enumerate(items)]
    model.next(stream(*done, {"type": "response.completed", "response": {"output": items}}))
    _text, said = await ask(ModelEndpoint("m", model.base_url, "responses"))
    assert model.requests[0].body["include"] == ["reasoning.encrypted_content"]
    assert said.said == [thought, call]


@pytest.mark.django_db(transaction=True)
async def test_a_refusal_is_remembered_and_shown(model, say, alice):
    model.answer_with(refusing("tools"))
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
        assert (run.message.text, run.without) == ("Yes.", "tools")
        again = await answered(await run_db(say, alice, "@bot hi again"))
    assert again.without == "tools" and len(model.requests) == 3
    trait = await run_db(EndpointTrait.objects.get)
    assert trait.name == "tools" and "tools is not supported" in trait.reason


@pytest.mark.django_db(transaction=True)
async def test_what_is_too_long_is_asked_once_more_with_half_the_window(model, say, alice, room, settings):
    settings.BOT_CONTEXT_TOKENS, settings.RATE_MESSAGES = 4000, 1000

    def answer(request):
        if len(request.said) > 7000:
            return Reply.error(400, "This model's maximum context length is 1500 tokens.")
        return Reply("Yes.")

    model.answer_with(answer)
    for number in range(60):
        await run_db(say, alice, f"{number} " + "words " * 20)
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
        assert run.message.text == "Yes." and len(model.requests) == 2
        await answered(await run_db(say, alice, "@bot hi again"))
    assert len(model.requests) == 3  # it knows by now
    assert (await run_db(EndpointTrait.objects.get)).value == 1500


@pytest.mark.django_db(transaction=True)
async def test_the_servers_words_are_for_staff(model, say, alice, room, client, caplog):
    model.answer_with(Reply.error(400, "the words of the server"))
    async with working():
        question = await run_db(say, alice, "@bot hi")
        run = await answered(question)
    assert run.error_detail == "the words of the server" and "the words of the server" in caplog.text
    address = f"/api/rooms/{room.name}/messages/{run.message_id}/receipt"
    await run_db(client.force_login, alice)
    assert "error_detail" not in (await run_db(client.get, address)).json()
    alice.is_staff = True
    await run_db(alice.save)
    assert (await run_db(client.get, address)).json()["error_detail"] == "the words of the server"


def test_traits_are_forgotten(bot):
    asked = Bot.objects.get().endpoint
    endpoint_traits.remember_refused(asked, "tools", "no")
    endpoint_traits.remember_context_tokens(asked, 4096, "too long")
    known = endpoint_traits.with_traits(asked)
    assert known.refused == {"tools"} and known.context_tokens == 4096
    EndpointTrait.objects.update(learned="2026-01-01T00:00:00Z")
    endpoint_traits.clear_cache()
    assert endpoint_traits.with_traits(asked) == asked
    endpoint_traits.forget(asked)
    assert not EndpointTrait.objects.exists() and not Run.objects.exists()


@pytest.mark.django_db(transaction=True)
async def test_a_refusal_that_cannot_be_stored_breaks_no_answer(model, say, alice, monkeypatch):
    def away(*_args):
        raise OperationalError("the database is away")

    monkeypatch.setattr(endpoint_traits, "remember_refused", away)
    model.answer_with(refusing("tools"))
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert (run.state, run.message.text, run.without) == ("done", "Yes.", "tools")
