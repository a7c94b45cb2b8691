"""Who may still be answered: rights, questions and bots that are gone meanwhile."""

import pytest

from bot.answering.model_answer import ModelAnswer
from bot.llm.errors import ModelError
from bot.llm.tool_calls import ToolCall
from bot.models import Run
from bot.queue import policy, runs
from rooms.kernel.db_executor import run_db
from rooms.kernel.errors import ChatError
from rooms.models import Membership, MessageState, Room, RoomKind
from rooms.services import bot_replies, direct_messages, membership, messages

from .conftest import answered, working

pytestmark = pytest.mark.django_db(transaction=True)
OUTSIDE = "You are no longer in the room this reply belongs to."


@pytest.fixture
def secret(alice, bob, bot):
    """alice's private room, with bob in it."""
    room = membership.create_room(alice, "Secret", "private")
    membership.add_member(room, bob)
    return room


def leave(room, user):
    Membership.objects.filter(room=room, user=user).delete()


async def test_who_was_removed_is_not_told_what_happened_since(model, say, alice, bob, secret):
    await run_db(say, alice, "hello", None, secret)
    async with working():
        run = await answered(await run_db(say, bob, "@bot catch me up", None, secret))
        await run_db(leave, secret, bob)
        await run_db(say, alice, "CANARY", None, secret)
        direct = await run_db(direct_messages.get_or_create_direct_message, bob, "bot")
        with pytest.raises(ChatError, match=OUTSIDE):
            await run_db(bot_replies.retry, bob, direct.name, run.message_id)
    assert len(model.requests) == 1


async def test_who_was_removed_while_it_waited_is_told_that_alone(model, say, alice, bob, secret):
    await run_db(say, alice, "CANARY", None, secret)
    question = await run_db(say, bob, "@bot catch me up", None, secret)
    await run_db(leave, secret, bob)
    async with working():
        run = await answered(question)
    assert (run.state, run.message.state, run.message.note) == ("failed", MessageState.FAILED, OUTSIDE)
    assert not model.requests and "CANARY" not in run.message.text


def test_who_was_removed_meanwhile_has_nothing_looked_up(say, alice, bob, secret):
    question = say(bob, "@bot catch me up", where=secret)
    direct = direct_messages.get_or_create_direct_message(bob, "bot")
    Run.objects.filter(question=question).update(room=direct)
    run = runs.load(Run.objects.get(question=question).pk)
    call = ToolCall("1", "read_around", f'{{"id": {question.id}}}')
    answer = ModelAnswer(run, None)
    assert not answer._run_tool(call, 1000).error
    leave(secret, bob)
    with pytest.raises(ModelError, match=OUTSIDE):
        answer._run_tool(call, 1000)


async def test_a_question_that_was_deleted_is_not_asked_again(model, say, alice, room):
    async with working():
        question = await run_db(say, alice, "@bot hi")
        run = await answered(question)
        await run_db(messages.delete, alice, room.name, question.id)
        with pytest.raises(ChatError, match="The question was deleted"):
            await run_db(bot_replies.retry, alice, room.name, run.message_id)
    assert len(model.requests) == 1


async def test_a_bot_that_was_switched_off_answers_nothing_more(model, say, alice, room, bot):
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    waiting = await run_db(say, alice, "@bot and now?")
    bot.enabled = False
    await run_db(bot.save)
    with pytest.raises(ChatError, match="This bot is disabled"):
        await run_db(bot_replies.retry, alice, room.name, run.message_id)
    async with working():
        ended = await answered(waiting)
    assert (ended.state, ended.message.note) == ("failed", "This bot is disabled.")
    assert len(model.requests) == 1


async def test_a_bot_that_was_let_into_other_rooms_only_is_not_asked_again_here(model, say, alice, room, bot):
    async with working():
        run = await answered(await run_db(say, alice, "@bot hi"))
    await run_db(bot.rooms.add, await run_db(membership.create_room, alice, "Other"))
    with pytest.raises(ChatError, match="not available in this room"):
        await run_db(bot_replies.retry, alice, room.name, run.message_id)


def test_direct_messages_are_those_of_their_pair_and_a_room_has_none():
    direct = Room(kind=RoomKind.DIRECT, pair="3:14")
    assert policy.direct_message_user_ids(direct) == {3, 14}
    assert policy.direct_message_user_ids(Room(kind=RoomKind.PUBLIC)) == set()
    assert policy.direct_message_user_ids(Room(kind=RoomKind.DIRECT)) == set()  # of a program that made it by hand
