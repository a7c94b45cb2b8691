"""What somebody missed, told by rules: since when, by whom, for whom, what is open, what was liked."""

import re

import pytest

from accounts.models import User
from bot.context import digest
from bot.context.message_queries import missed_messages
from rooms.models import Message
from rooms.services import messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(say, room):
    """told(user) → {heading: ids of the messages under it} of all that they missed."""

    def tell(user):
        parts = digest.full(room, user, say(user, "@bot catch me up").id).split("\n\n")
        heads = zip(parts, parts[1:], strict=False)
        return {head: list(map(int, re.findall(r"\[#(\d+)\]", items))) for head, items in heads if items[:2] == "- "}

    return tell


def test_ones_own_words_are_not_missed(say, alice, bob, room):
    news = say(bob, "Cake at 3!")
    say(alice, "Bye!")
    question = say(alice, "@bot what did I miss?")
    assert list(missed_messages(room, alice, question.id)) == [news]
    text = digest.full(room, alice, question.id)
    assert "1 message by 1 person" in text and "Bye" not in text


def test_what_one_has_read_or_came_before_what_one_said_is_not_missed(say, alice, bob, room):
    say(bob, "old")
    messages.mark_read(alice, room.name, say(bob, "read").first_seq)
    new = say(bob, "new")
    assert list(missed_messages(room, alice, new.id + 1)) == [new]
    said = say(alice, "I am here")
    newer = say(bob, "newer")
    assert list(missed_messages(room, alice, newer.id + 1)) == [newer] and said.id < newer.id


def test_for_you_is_what_mentions_you(told, say, alice, bob, charlie):
    for_her = say(bob, "@alice cake?")
    say(bob, "@charlie tea?")
    say(bob, "coffee?")
    assert told(alice)["For you:"] == [for_her.id]
    say(bob, "@charlie only")
    assert "For you:" not in told(alice)


def test_an_answered_question_is_not_open(told, say, alice, bob, charlie, room):
    answered, still_open = say(bob, "when?"), say(bob, "who brings cake?")
    say(charlie, "At 3.", reply_to=answered.id)
    in_japanese = say(bob, "何時ですか？")
    say(bob, "? is a sign")
    assert told(alice)["Unanswered questions:"] == [in_japanese.id, still_open.id]


def test_most_liked_come_first_and_only_they(told, say, alice, bob, charlie, room):
    once, twice, _never = say(bob, "one"), say(bob, "two"), say(bob, "three")
    for user, message in ((bob, once), (bob, twice), (charlie, twice)):
        messages.react(user, room.name, message.id, "👍")
    assert told(alice)["Most liked:"] == [twice.id, once.id]
    assert "Most liked:" not in told(bob)


def test_the_latest_are_told_in_the_order_in_which_they_were_said(told, say, alice, bob):
    said = [say(bob, f"number {n}").id for n in range(digest.MAX_PER_SECTION + 2)]
    assert told(alice)["The latest:"] == said[2:]


def test_who_said_how_much(say, alice, bob, charlie, room):
    for user in (bob, charlie, bob):
        say(user, "hm")
    assert "bob 2, charlie 1" in digest.full(room, alice, say(alice, "@bot catch me up").id)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x" * digest.EXCERPT_LENGTH, "x" * digest.EXCERPT_LENGTH),
        ("x" * (digest.EXCERPT_LENGTH + 1), "x" * (digest.EXCERPT_LENGTH - 1) + "…"),
        ("x" * (digest.EXCERPT_LENGTH - 2) + " and so on", "x" * (digest.EXCERPT_LENGTH - 2) + "…"),
        ("one\n\n two", "one two"),
    ],
)
def test_of_a_long_message_the_beginning_is_shown(text, shown):
    message = Message(id=5, sender=User(username="alice"), text=text)
    assert digest.list_item(message) == f"- **alice**: {shown} [#5]"
