"""How an answer reaches the room while it is written."""

import asyncio
import json
import threading

import pytest
from django.core.exceptions import ObjectDoesNotExist

from bot.answering import answer as answer_module
from bot.answering import job_runner
from bot.answering import reply_stream as reply_module
from bot.answering.reply_stream import ReplyStream
from bot.models import Run, RunState
from bot.queue import leases, runs
from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db
from rooms.models import Message, MessageState, Room

from .conftest import answered, events, screen, until, working

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Grüße an **alle**, 👋 wie geht es euch heute? " * 8


async def test_deltas_say_each_piece_once_and_the_end_says_all(model, say, alice, sent):
    model.say(TEXT, token_delay=0.004)
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    deltas = events(sent, "delta")
    text = ""
    for delta in deltas:
        assert delta["at"] == len(text)
        text += delta["text"]
    assert TEXT.startswith(text) and len(text) > len(TEXT) / 2
    states = [event for event in events(sent, "message") if event["id"] == run.message_id]
    assert [event["state"] for event in states] == ["queued", "streaming", "complete"]
    assert screen(sent, run.message_id) == states[-1]["message"] == TEXT
    assert "<strong>alle</strong>" in states[-1]["html"]


async def test_at_most_twenty_deltas_a_second(model, say, alice, sent):
    model.say("word " * 400, token_delay=0.001)
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert len(events(sent, "delta")) <= run.total_ms / 1000 * 20 + 1


async def test_the_text_so_far_is_saved_while_it_is_written(model, say, alice):
    go_on = threading.Event()
    model.say("one two three", hold=go_on, hold_after=2)
    async with working():
        question = await run_db(say, alice, "@bot hi")
        reply = await until(
            Message.objects.filter(reply_to=question, text="one two", state=MessageState.STREAMING).first
        )
        assert not reply.html
        go_on.set()
        assert (await answered(question)).message.text == "one two three"


async def test_control_characters_and_lone_halves_of_characters_are_removed(model, say, alice, settings):
    settings.OPENAI_API = "chat"
    pieces = ["a\x00b\x1b[0m", "\ud83d", "\udc4b", "c\ud83d"]
    body = "".join(f"data: {json.dumps({'choices': [{'delta': {'content': piece}}]})}\n\n" for piece in pieces)
    model.next(Model(raw=body.encode() + b"data: [DONE]\n\n", raw_type="text/event-stream"))
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert run.message.text == "ab[0m👋c"


async def test_an_answer_without_end_is_cut(model, say, alice, monkeypatch):
    monkeypatch.setattr(reply_module, "MAX_LENGTH", 500)
    model.say("word " * 5000, token_delay=0.0001)
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert (run.message.state, len(run.message.text)) == (MessageState.COMPLETE, 500)
    assert "length limit" in run.message.note
    assert model.requests[0].wait_closed()


async def test_nothing_said_is_a_failure(model, say, alice):
    model.say("")
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert (run.message.state, run.message.note) == (MessageState.FAILED, "The model did not reply.")


async def test_a_failure_keeps_what_was_said_and_says_why(model, say, alice):
    model.say("one two three", cut_after=2)
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    assert (run.state, run.message.state, run.message.text) == ("failed", MessageState.FAILED, "one two")
    assert "connection to the model was lost" in run.message.note and run.error == run.message.note


async def test_html_and_scripts_of_a_model_are_inert(model, say, alice):
    model.say("<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://evil.example/p.png)")
    async with working():
        html = (await answered(await run_db(say, alice, "@bot hi"))).message.html
    assert "<script" not in html and "javascript:" not in html.replace("[x](javascript:", "") and "<img" not in html


async def test_bots_named_together_see_each_others_answers(model, say, alice, bot):
    from bot.provisioning import create_bot

    await run_db(create_bot, "helper", model="m", base_url=model.base_url, api="chat")
    model.answer_with(lambda request: Model("From helper." if request.body["model"] == "m" else "From bot."))
    async with working():
        question = await run_db(say, alice, "@helper and @bot: hi")
        runs = Run.objects.filter(question=question, state="done")
        await until(lambda: runs.count() == 2)
    assert "From helper." in model.requests[1].said and "From bot." not in model.requests[0].said


async def test_work_grows_with_the_length_not_its_square(monkeypatch):
    """Twice the text is twice the bytes on their way."""

    async def bytes_for(length):
        sent = []
        monkeypatch.setattr("rooms.publishing.events.delta", lambda _room, _id, _at, text: sent.append(len(text)))
        run = Run(pk=1, message=Message(id=1, state=MessageState.STREAMING), room=Room(name="lobby"))
        reply = ReplyStream(run)
        for _ in range(length):
            reply.add("x")
            if len(reply._unsent) > 10:
                reply._send(0)
        return sum(sent)

    assert await bytes_for(2000) <= 2 * await bytes_for(1000) + 20


async def test_a_room_that_is_gone_ends_the_answer(model, say, alice, room):
    model.say("word " * 500, token_delay=0.02)
    async with working():
        question = await run_db(say, alice, "@bot hi")
        request = await asyncio.to_thread(model.wait_for_request)

        def remove():
            Run.objects.all().delete()
            Message.objects.filter(reply_to=question).delete()
            Message.objects.all().delete()
            room.delete()

        await run_db(remove)
        assert await asyncio.to_thread(request.wait_closed)
    with pytest.raises(ObjectDoesNotExist):
        await run_db(Run.objects.get)


async def test_an_answer_that_takes_too_long_in_all_is_ended_in_words(model, say, alice, monkeypatch):
    monkeypatch.setattr(answer_module, "TIMEOUT", 0.5)
    model.say("word " * 2000, token_delay=0.02)
    async with working():
        run = await answered(await run_db(say, alice, "@bot go on for ever"))
    assert run.message.state == MessageState.FAILED and run.message.text.startswith("word")
    assert run.message.note == "The model took longer than 0.5 seconds, so the answer was cut off here."
    assert await asyncio.to_thread(model.requests[0].wait_closed, 5)


async def test_the_key_is_in_no_text_that_a_model_reads(model, say, alice):
    async with working():
        await answered(await run_db(say, alice, "@bot what is your key?"))
    [request] = model.requests
    assert request.headers["authorization"] == "Bearer test-key" and "test-key" not in request.said


async def test_no_piece_is_sent_behind_the_end_of_an_answer(say, alice, monkeypatch):
    await run_db(say, alice, "@bot hi")
    [run_id] = await run_db(leases.claim, "w", 10)
    job = job_runner.JobRunner(await run_db(runs.load, run_id))

    async def two_pieces(_run, reply):
        reply.add("one ")
        reply.add("two")
        assert reply._timer  # they are about to be sent
        return answer_module.Outcome(RunState.DONE)

    async def save(_outcome):
        ended.append((job.reply.text, job.reply._timer))
        job.reply.add(" three")
        ended.append(job.reply._timer)

    ended = []
    monkeypatch.setattr(job_runner, "answer", two_pieces)
    monkeypatch.setattr(job, "_save_outcome", save)
    await job.execute()
    assert ended == [("one two", None), None]
