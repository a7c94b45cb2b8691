"""What is deleted is not kept by the bot either: earlier answers, what was searched, prompts."""

import threading

import orjson
import pytest
from django.db import connection

from bot.handlers import deleted_sources
from bot.models import Run
from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db
from rooms.models import Message
from rooms.services import bot_replies, messages

from .conftest import answered, until, working

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "xylophone"
SEARCH = [("search_room", {"words": CANARY})]


def kept(*tables: str) -> str:
    """All that these tables hold."""
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            found += cursor.fetchall()
    return str(found)


async def test_with_a_reply_go_its_earlier_versions(model, say, alice, room):
    model.next(Model(f"First {CANARY}."), Model("Second."))
    async with working():
        question = await run_db(say, alice, "@bot hi")
        reply = (await answered(question)).message
        await run_db(bot_replies.retry, alice, room.name, reply.id)
        await until(Run.objects.filter(message__text="Second.", state="done").first)
        assert CANARY in await run_db(kept, "bot_run")
        await run_db(messages.delete, alice, room.name, reply.id)
    assert CANARY not in await run_db(kept, "bot_run")


async def test_with_a_question_goes_what_was_searched_for_it(model, say, alice, room, client):
    model.next(Model("", calls=SEARCH), Model("I found nothing."))
    async with working():
        question = await run_db(say, alice, f"@bot who plays the {CANARY}?")
        reply = (await answered(question)).message
        assert reply.note == f"searched “{CANARY}”: 0 messages"
        await run_db(messages.delete, alice, room.name, question.id)
        reply = await until(Message.objects.filter(pk=reply.id, note="").first)
    assert reply.text == "I found nothing." and not reply.deleted
    await run_db(client.force_login, alice)
    receipt = await run_db(client.get, f"/api/rooms/{room.name}/messages/{reply.id}/receipt")
    assert CANARY not in receipt.content.decode() + await run_db(kept, "bot_run", "rooms_message")


async def test_what_was_searched_for_a_question_deleted_meanwhile_is_not_kept(model, say, alice, room):
    held = threading.Event()
    model.next(Model("", calls=SEARCH), Model("Nothing.", hold=held))
    try:
        async with working():
            question = await run_db(say, alice, f"@bot who plays the {CANARY}?")
            await until(lambda: len(model.requests) == 2)
            await run_db(messages.delete, alice, room.name, question.id)
            run = await answered(question)
    finally:
        held.set()
    assert run.state == "stopped" and run.tools == []
    assert CANARY not in await run_db(kept, "bot_run", "rooms_message")


async def test_no_prompt_made_afterwards_holds_it(model, say, alice, bob, room):
    said = await run_db(say, bob, f"I play the {CANARY}")
    edited = await run_db(say, bob, f"It is a {CANARY}")
    about = await run_db(say, alice, "Really?", said.id)
    await run_db(messages.delete, bob, room.name, said.id)
    await run_db(messages.edit, bob, room.name, edited.id, "It is an instrument")
    async with working():
        await answered(await run_db(say, alice, "@bot what does bob play?", about.id))
    assert CANARY not in orjson.dumps([request.body for request in model.requests]).decode()


async def test_an_answer_made_from_what_was_deleted_since_says_so(model, say, alice, bob, room, sent):
    model.say("On Friday.")
    async with working():
        before = await answered(await run_db(say, alice, "@bot early?"))
        fact = await run_db(say, bob, f"The {CANARY} concert is on Friday.")
        after = await answered(await run_db(say, alice, "@bot when?"))
        await run_db(messages.delete, bob, room.name, fact.id)
        marked = await until(Message.objects.filter(pk=after.message_id, note__contains="has been deleted").first)
        assert [each["reason"] for each in marked.note_data["reasons"]] == ["source_deleted"]
        assert not await run_db(lambda: Message.objects.get(pk=before.message_id).note)
        other = await run_db(say, bob, "Never mind.")
        await answered(await run_db(say, alice, "@bot and now?"))
        assert CANARY not in str(model.requests[-1].body)  # nor in any later prompt
        await run_db(messages.delete, bob, room.name, other.id)
        await run_db(bot_replies.retry, alice, room.name, after.message_id)
        again = await until(Message.objects.filter(pk=after.message_id, state="complete").first)
    assert again.note == ""  # it was made anew, without that


async def test_what_is_deleted_while_an_answer_is_written_marks_it_at_its_end(model, say, alice, bob, room):
    held = threading.Event()
    model.next(Model("On Friday.", hold=held, hold_after=1))
    async with working():
        fact = await run_db(say, bob, "The concert is on Friday.")
        question = await run_db(say, alice, "@bot when?")
        await until(Message.objects.filter(reply_to=question, state="streaming").first)
        await run_db(messages.delete, bob, room.name, fact.id)
        held.set()
        reply = (await answered(question)).message
    assert [each["reason"] for each in reply.note_data["reasons"]] == ["source_deleted"]


def test_of_many_answers_the_latest_are_marked(say, alice, bob, room, monkeypatch):
    monkeypatch.setattr(deleted_sources, "MAX_MARKED", 2)
    fact = say(bob, "a fact")
    replies = []
    for _ in range(3):
        run = Run.objects.get(question=say(alice, "@bot hi"))
        Run.objects.filter(pk=run.pk).update(state="done", read=[fact.id])
        bot_replies.update(run.message_id, text="Hello.", state="complete")
        replies.append(run.message_id)
    messages.delete(bob, room.name, fact.id)
    assert [bool(Message.objects.get(pk=id).note) for id in replies] == [False, True, True]
