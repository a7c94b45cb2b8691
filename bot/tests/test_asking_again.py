"""Ask again: the older answer shows until the new one begins, and is kept."""

import asyncio
import threading

import pytest

from bot.models import Run, RunState
from bot.queue import runs
from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db
from rooms.kernel.errors import ChatError
from rooms.kernel.notes import note
from rooms.models import Message, MessageState
from rooms.services import bot_replies

from .conftest import answered, events, screen, until, working

pytestmark = pytest.mark.django_db(transaction=True)


async def test_asked_again_the_older_answer_is_kept(model, say, alice, bob, room):
    model.next(Model("First."), Model("Second."))
    async with working():
        question = await run_db(say, alice, "@bot hi")
        reply = (await answered(question)).message
        with pytest.raises(ChatError, match="Only the person who asked"):
            await run_db(bot_replies.retry, bob, room.name, reply.id)
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        run = await until(Run.objects.filter(question=question, message__text="Second.", state="done").first)
    assert [version["text"] for version in run.versions] == ["First."]
    assert await run_db(Message.objects.filter(reply_to=question).count) == 1


def test_who_waits_in_the_line_is_told_when_somebody_asks_again(say, alice, bob, room, sent):
    again, waits = (Run.objects.get(question=say(user, "@bot hi")) for user in (alice, bob))
    Run.objects.filter(pk=again.pk).update(state="done")
    bot_replies.update(again.message_id, text="First.", state=MessageState.COMPLETE)
    sent.clear()
    bot_replies.retry(alice, room.name, again.message_id)
    assert [(event["id"], event["position"]) for event in events(sent, "queue")] == [
        (waits.message_id, 1),
        (again.message_id, 2),
    ]


@pytest.mark.parametrize(("written", "stays"), [("Friday [#1].", "Friday [#1]."), ("Monday [#1].", "Monday.")])
def test_a_worker_that_dies_before_it_writes_leaves_the_older_answer_alone(say, alice, bob, room, written, stays):
    """What it has written has no citations that nobody can check."""
    run = Run.objects.get(question=say(alice, "@bot hi"))
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, versions=[{"text": "Friday [#1]."}])
    Message.objects.filter(pk=run.message_id).update(text=written)
    with runs.lock_room(room.pk) as locked:
        runs.end(runs.load(run.pk), locked, RunState.STOPPED, note("stopped_by", name="bob"))
    run.refresh_from_db()
    assert (run.state, run.message.text) == (RunState.STOPPED, stays)


async def test_a_moderator_can_ask_again_for_somebody_else(model, say, alice, bob, room):
    async with working():
        question = await run_db(say, bob, "@bot hi")
        reply = (await answered(question)).message
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        await until(Run.objects.filter(question=question, state="done").exclude(versions=[]).first)
    assert len(model.requests) == 2


async def test_the_older_answer_shows_until_the_new_one_begins(model, say, alice, room, sent):
    gate = threading.Event()
    model.next(Model("First."), Model("Second.", hold=gate))
    async with working():
        question = await run_db(say, alice, "@bot hi")
        reply = (await answered(question)).message
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        await asyncio.to_thread(model.wait_for_request, 2)
        assert screen(sent, reply.id) == "First."
        gate.set()
        await until(Run.objects.filter(message__text="Second.", state="done").first)
    older = [event for event in events(sent, "message") if event["message"] == "First."]
    html = "<p>First.</p>\n"
    assert [(event["state"], event["html"]) for event in older] == [("complete", html), ("queued", html)]


async def test_when_asking_again_fails_the_older_answer_is_not_lost(model, say, alice, room):
    model.next(Model("First."), Model.error(401), Model("Third."))
    async with working():
        question = await run_db(say, alice, "@bot hi")
        reply = (await answered(question)).message
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        run = await until(Run.objects.filter(state="failed").select_related("message").first)
        assert (run.message.text, run.message.state) == (
            "First.",
            MessageState.FAILED,
        ) and "rejected the API key" in run.message.note
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        run = await until(Run.objects.filter(message__text="Third.", state="done").first)
    assert [version["text"] for version in run.versions] == ["First."]


async def test_a_failed_answer_can_be_asked_for_again(model, say, alice, room):
    model.next(Model.error(401))
    async with working():
        question = await run_db(say, alice, "@bot hi")
        reply = (await answered(question)).message
        assert reply.state == MessageState.FAILED and "key" in reply.note
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        run = await until(Run.objects.filter(question=question, state="done").select_related("message").first)
    assert (run.message.text, run.message.note, run.versions) == ("Hello.", "", [])
