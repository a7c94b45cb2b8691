"""A bot may not write what is blocked either: its reply is cut before the word, and fails."""

import pytest

from rooms.kernel.db_executor import run_db
from rooms.models import BlockList, MessageState
from rooms.services import block_list_changes, block_lists

from .conftest import answered, working

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def badger_is_blocked(alice, say):
    block_lists._kept.clear()
    say(alice, "first")  # the room is hers
    block_list_changes.set_list(alice, "lobby", ["badger", "two words"], ["example.org"])
    yield
    block_lists._kept.clear()


@pytest.mark.parametrize(
    ("answer", "left", "phrase"),
    [
        ("A fox and a badger and more", "A fox and a ", "badger"),
        ("It ends in Badger", "It ends in ", "badger"),
        ("See https://www.example.org/x for more", "See ", "example.org"),
        ("These two words, then more", "These ", "two words"),
    ],
)
async def test_a_reply_is_cut_before_the_word(model, say, alice, answer, left, phrase):
    model.say(answer)
    async with working():
        run = await answered(await run_db(say, alice, "@bot tell me"))
    assert (run.state, run.message.state, run.message.text.rstrip()) == ("failed", MessageState.FAILED, left.rstrip())
    assert run.message.note == f"The answer was stopped: “{phrase}” cannot be written here."


async def test_what_stands_far_before_the_end_of_one_large_piece_is_found(model, say, alice):
    model.say(["a badger " + "and more " * 200])
    async with working():
        run = await answered(await run_db(say, alice, "@bot tell me"))
    assert (run.state, run.message.text.rstrip()) == ("failed", "a")


async def test_other_replies_are_whole(model, say, alice):
    model.say("Badgers are twowords.")
    async with working():
        run = await answered(await run_db(say, alice, "@bot tell me"))
    assert (run.state, run.message.text) == ("done", "Badgers are twowords.")


def test_a_word_counts_when_it_has_ended():
    room = BlockList.objects.get(phrases__isnull=False).room_id
    block_lists.read_again({room})
    assert block_lists.locate(room, "a badger", finished=False) is None
    assert block_lists.locate(room, "a badger", finished=True) == (2, "badger")
    assert block_lists.locate(room, "a badger s", finished=False) == (2, "badger")
    assert block_lists.locate(room, "a badger, " + "and more " * 1000, finished=False) == (2, "badger")
    assert block_lists.locate(room, "see example.org.evil.test now", finished=True) is None


def test_scripts_without_spaces_are_looked_at_while_they_come(alice):
    block_list_changes.set_list(alice, "lobby", ["服务器"], [])
    room = BlockList.objects.get(phrases__isnull=False).room_id
    block_lists.read_again({room})
    text = "很好" * 300 + "服务器" + "很好" * 300
    assert block_lists.locate(room, text, finished=False) == (600, "服务器")
