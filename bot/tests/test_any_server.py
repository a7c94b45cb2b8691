"""A bot gets along with servers that take less, and send otherwise, than the API has it."""

import json
from dataclasses import replace

import pytest
from django.db import OperationalError

from bot import endpoint_traits
from bot.llm import answer_reader, assistant_message, client, tool_calls
from bot.llm.endpoint import ModelEndpoint
from bot.llm.prompt import Prompt
from bot.models import Bot, EndpointTrait, Run
from e2e.model_server import Reply
from rooms.kernel.db_executor import run_db

from .conftest import answered, working
from .test_llm_client import PROMPT, Heard, ask, endpoint, stream  # noqa: F401 (a fixture)

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


@pytest.mark.django_db(transaction=True)
async def test_thoughts_without_an_opening_mark_are_taken_back(model, say, alice, sent):
    from .conftest import screen

    model.say(["Let me ", "see.", "</think>", "\n\nIt is", " two."])
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert run.message.text == "It is two." and screen(sent, run.message_id) == "It is two."


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


@pytest.mark.django_db(transaction=True)
async def test_a_refusal_that_cannot_be_stored_breaks_no_answer(model, say, alice, monkeypatch):
    def away(*_args):
        raise OperationalError("the database is away")

    monkeypatch.setattr(endpoint_traits, "remember_refused", away)
    model.answer_with(refusing("tools"))
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert (run.state, run.message.text, run.without) == ("done", "Yes.", "tools")
