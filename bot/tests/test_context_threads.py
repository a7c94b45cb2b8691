"""What a bot reads of the thread of replies that it is asked in."""

import pytest

from bot.context import prompt_builder
from bot.context.prompt_builder import context_budget
from bot.models import Run
from bot.queue import runs
from rooms.models import MessageState
from rooms.services import bot_replies, messages

from .contexts import all_of, built, messages_of

pytestmark = pytest.mark.django_db


def test_a_long_answer_is_read_in_part_when_somebody_replies_to_it(say, alice, bot):
    question = say(alice, "@bot tell me everything")
    reply = Run.objects.get().message_id
    bot_replies.update(reply, text="BEGIN " + "tell " * 6400 + "END", state=MessageState.COMPLETE)
    small_talk = say(alice, "small talk")
    found = built(say(alice, "shorter, please", reply_to=reply))
    assert {question.id, reply, small_talk.id} <= set(found.read)
    [answer] = [line[3] for line in messages_of(found) if line[2] == "bot (you)"]
    assert answer.startswith("BEGIN") and answer.endswith("END") and "[…]" in answer and len(answer) > 8_000


def test_the_thread_is_read_however_old(say, alice, settings):
    settings.BOT_CONTEXT_TOKENS, settings.RATE_MESSAGES = 500, 1000
    old = say(alice, "the root")
    for number in range(40):
        say(alice, f"noise {number} " + "x" * 60)
    assert old.id in built(say(alice, "@bot and this?", reply_to=old.id)).read


@pytest.fixture
def crowded(say, alice, settings):
    """crowded(): so much is said that little of what was said before is read."""
    settings.BOT_CONTEXT_TOKENS, settings.RATE_MESSAGES = 1000, 1000

    def crowd():
        for number in range(40):
            say(alice, f"noise {number} " + "x" * 90)

    return crowd


def test_a_deleted_or_failed_message_does_not_cut_the_thread(say, alice, bob, room, crowded, bot):
    root = say(alice, "@bot the root")
    failed = Run.objects.get().message_id
    bot_replies.update(failed, text="CANARY half", state=MessageState.FAILED)
    deleted = say(bob, "CANARY gone", reply_to=failed)
    leaf = say(alice, "leaf", reply_to=deleted.id)
    messages.delete(bob, room.name, deleted.id)
    crowded()
    found = built(say(bob, "@bot and this?", reply_to=leaf.id))
    assert {root.id, leaf.id} <= set(found.read) and "CANARY" not in all_of(found)


def test_what_else_was_answered_in_the_thread_is_read(say, alice, bob, room, crowded):
    root = say(alice, "the root")
    beside = say(bob, "an answer to the root", reply_to=root.id)
    leaf = say(alice, "another", reply_to=root.id)
    gone = say(bob, "CANARY", reply_to=leaf.id)
    messages.delete(bob, room.name, gone.id)
    crowded()
    question = say(alice, "@bot summarise this", reply_to=leaf.id)
    later = say(bob, "later", reply_to=root.id)
    found = built(question)
    assert {root.id, beside.id, leaf.id} <= set(found.read) and not {gone.id, later.id} & set(found.read)


def test_ten_messages_up_are_read_in_as_many_queries_as_one(say, alice, crowded, django_assert_num_queries):
    chain = [say(alice, "the root").id]
    for number in range(11):
        chain.append(say(alice, f"step {number}", reply_to=chain[-1]).id)
    crowded()
    one, ten = (say(alice, "@bot and this?", reply_to=id) for id in (chain[0], chain[-1]))
    found = built(ten)
    assert set(chain) & set(found.read) == set(chain[2:])
    for question in (one, ten):
        run = runs.load(Run.objects.get(question=question).pk)
        with django_assert_num_queries(8):
            prompt_builder.build(run, context_budget(run))
