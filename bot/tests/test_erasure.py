"""What bots keep of somebody who is erased: figures, and nothing that says whose they are."""

import threading

import pytest

from bot.models import Run, RunState, Usage
from e2e.model_server import Reply as Model
from rooms.kernel.db_executor import run_db
from rooms.models import Message, MessageState
from rooms.privacy import erasure
from rooms.services import bot_replies, direct_messages

from .conftest import until, working

pytestmark = pytest.mark.django_db


def erase(user, keep_messages=False) -> None:
    erasure.begin(user, keep_messages)
    while not erasure.is_done(user.pk):
        erasure.run_next_batch(user.pk)


def test_a_question_that_waits_is_answered_to_nobody(say, bob, alice):
    question = say(bob, "@bot hi")
    erase(bob, keep_messages=True)
    run = Run.objects.get(question=question)
    assert run.state == RunState.STOPPED and run.message.note == "The account that asked was deleted."


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("keep_messages", [False, True])
async def test_an_answer_that_is_being_written_is_stopped_and_counts(model, say, bob, keep_messages):
    held = threading.Event()
    model.next(Model("An answer", hold=held))
    try:
        async with working():
            question = await run_db(say, bob, "@bot hi")
            await until(lambda: len(model.requests) == 1)
            await run_db(erase, bob, keep_messages)
            run = await until(Run.objects.filter(question=question).exclude(state__in=["waiting", "running"]).first)
    finally:
        held.set()
    assert run.state == RunState.STOPPED and run.spent > 0
    assert (await until(Usage.objects.first)).tokens == run.spent


def test_who_stopped_an_answer_is_named_in_no_note(say, alice, bob, room):
    question = say(alice, "@bot hi")
    reply = Run.objects.get(question=question).message
    bot_replies.stop(bob, room.name, reply.pk)
    versions = [{"text": "a", "note": "Angehalten von bob."}, {"text": "b", "note": "Stopped by bobby."}]
    Run.objects.filter(message=reply).update(versions=[*versions, {"text": "c"}])
    before = Message.objects.get(pk=reply.pk)
    assert before.note == "Stopped by bob."
    erase(bob)
    after, run = Message.objects.get(pk=reply.pk), Run.objects.get(message=reply)
    neutral = f"Stopped by deleted-account-{bob.pk}."
    assert after.note == neutral and after.seq > before.seq and after.state == MessageState.STOPPED
    assert [version.get("note") for version in run.versions] == [neutral, "Stopped by bobby.", None]
    now = {"reason": "stopped_by", "params": {"name": f"deleted-account-{bob.pk}"}}
    assert after.note_data["reasons"] == run.versions[0]["note_data"]["reasons"] == [now]


def test_what_a_bot_said_to_them_alone_goes_and_what_it_cost_stays(say, bot, bob, alice):
    direct = direct_messages.get_or_create_direct_message(bob, bot.user.username)
    question = say(bob, "a secret", where=direct)
    reply = Run.objects.get(question=question).message
    bot_replies.update(reply.pk, text="your secret is safe", state=MessageState.COMPLETE)
    Usage.objects.create(day="2026-01-02", bot=bot, room=direct, asker=bob, tokens=70)
    Run.objects.filter(question=question).update(cost=0.5)
    erase(bob, keep_messages=True)
    assert not Message.objects.filter(room=direct, deleted=False).exists()
    assert list(Usage.objects.values_list("tokens", "asker")) == [(70, None)]
    assert Run.objects.get(question=question).cost == 0.5
