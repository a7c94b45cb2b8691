"""`manage.py say`: a real message, from outside."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rooms.models import Message, Room
from rooms.services import direct_messages, membership

pytestmark = pytest.mark.django_db


def say(*arguments) -> str:
    out = StringIO()
    call_command("say", *arguments, stdout=out)
    return out.getvalue()


def test_somebody_says_something_in_a_room(alice):
    room = membership.get_or_create_and_join(alice, "Lobby")
    said = say("lobby", "The **build** is green.", "--as", "ALICE")
    message = Message.objects.get(room=room)
    assert (message.sender, message.kind, message.seq) == (alice, "human", 1)
    assert "<strong>build</strong>" in message.html
    assert said == f"Posted as message {message.pk}.\n"


def test_without_a_name_a_bot_says_it_in_a_room_made_for_it(db):
    say("News of the day", "Hello")
    say("news-of-the-day", "again")
    first, second = Message.objects.order_by("pk")
    assert first.sender == second.sender
    assert (first.sender.username, first.sender.is_bot, first.kind) == ("announcer", True, "bot")
    assert not first.sender.has_usable_password()
    assert first.room == second.room == Room.objects.get(name="news-of-the-day")


def test_a_person_called_like_the_announcer_is_not_spoken_for(make_user):
    make_user("announcer")
    with pytest.raises(CommandError, match="announcer is a person here; say who speaks with --as."):
        say("lobby", "I did not say this")
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("lobby", "Hello", "--as", "nobody"), "There is no user called nobody."),
        (("../x/..", "", "--as", "alice"), "."),
        (("lobby", "x" * 8001, "--as", "alice"), "the limit is 8000"),
        (("🎉", "Hello", "--as", "alice"), "Use at least one letter or digit"),
    ],
)
def test_what_cannot_be_said_is_one_sentence(alice, arguments, sentence):
    with pytest.raises(CommandError) as caught:
        say(*arguments)
    assert sentence in str(caught.value)
    assert not Message.objects.exists()


def test_a_direct_message_of_others_is_no_place_to_speak_in(alice, bob, charlie):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    with pytest.raises(CommandError, match="no such room"):
        say(direct.name, "psst", "--as", "charlie")
    assert not Message.objects.exists()
    assert list(Room.objects.all()) == [direct]
