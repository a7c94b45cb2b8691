"""What the room is told of an answer before its first word: its place in the line, what goes on, thoughts."""

import asyncio
import threading

import pytest

from bot.answering import progress, thought_stream
from bot.models import Run
from bot.queue import runs
from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db
from rooms.models import Message

from .conftest import answered, events, until, working

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_line_that_waits_is_told_its_positions(model, say, alice, bob, sent):
    go_on = threading.Event()
    model.next(Model("one two", hold=go_on, hold_after=1))
    async with working():
        first = await run_db(say, alice, "@bot one")
        await asyncio.to_thread(model.wait_for_request)
        await run_db(say, bob, "@bot two")
        last = await run_db(say, bob, "@bot three")
        reply = await run_db(Message.objects.get, reply_to=last)
        await until(lambda: {"type": "queue", "id": reply.id, "position": 2} in events(sent, "queue"))
        assert len(model.requests) == 1
        go_on.set()
        await answered(first)
        await answered(last)
    assert {"type": "queue", "id": reply.id, "position": 1} in events(sent, "queue")


async def test_the_room_is_told_what_goes_on_before_the_first_word(model, say, alice, sent, monkeypatch):
    monkeypatch.setattr(progress, "SILENT_FOR", 0.05)
    monkeypatch.setattr(progress, "INTERVAL", 0.05)
    gate = threading.Event()
    model.next(Model("<think>Hm. Hm.</think>Yes.", hold=gate, hold_after=1))
    async with working():
        question = await run_db(say, alice, "@bot hi")
        told = await until(lambda: events(sent, "progress")[3:])
        gate.set()
        run = await answered(question)
    assert {event["id"] for event in told} == {run.message_id}
    shown = events(sent, "progress")
    assert {event["doing"] for event in shown} <= {"reading", "thinking"}
    assert all(event["tokens"] > 100 for event in shown if event["doing"] == "reading")
    count = len(shown)
    await asyncio.sleep(0.3)
    assert len(events(sent, "progress")) == count  # it has words now


async def test_a_quick_answer_tells_no_progress(model, say, alice, sent):
    async with working():
        await answered(await run_db(say, alice, "@bot hi"))
    assert not events(sent, "progress")


async def test_what_a_model_says_of_its_thoughts_is_told_and_not_kept(model, say, alice, room, sent, client):
    go_on = threading.Event()
    parts = ["**Looking** for the day\x00.", "It was Friday 👍."]
    model.next(Model("On Friday.", summary=parts, hold=go_on, hold_after=0))
    async with working():
        question = await run_db(say, alice, "@bot when?")
        await until(lambda: events(sent, "thought"))
        assert not events(sent, "delta")
        go_on.set()
        run = await answered(question)
    told = events(sent, "thought")
    assert "".join(event["text"] for event in told) == "**Looking** for the day.\n\nIt was Friday 👍."
    assert told[0]["at"] == 0 and {event["id"] for event in told} == {run.message_id}
    assert [event["seconds"] >= 0 for event in told]
    await run_db(client.force_login, alice)
    receipt = await run_db(client.get, f"/api/rooms/{room.name}/messages/{run.message_id}/receipt")
    assert "Looking" not in receipt.content.decode() + run.message.text + str(run.__dict__)
    assert not [event for event in events(sent, "message") if "Looking" in str(event)]


async def test_thoughts_without_end_are_cut(alice, say, sent, monkeypatch):
    monkeypatch.setattr(thought_stream, "MAX_LENGTH", 10)
    question = await run_db(say, alice, "@bot hi")
    stream = thought_stream.ThoughtStream(await run_db(lambda: runs.load(Run.objects.get(question=question).pk)))
    for _ in range(5):
        stream.add("abcd")
        stream.flush()
    assert [event["text"] for event in events(sent, "thought")] == ["abcd", "abcd", "ab"]
