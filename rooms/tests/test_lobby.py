"""The room of a new server, and `manage.py createroom`."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from rooms.models import Membership, Message, Role, Room, RoomKind
from rooms.services import direct_messages, membership
from rooms.services.lobby import ensure_first_room

pytestmark = pytest.mark.django_db


def createroom(*arguments) -> tuple[str, str]:
    out, problems = StringIO(), StringIO()
    call_command("createroom", *arguments, stdout=out, stderr=problems)
    return out.getvalue().strip(), problems.getvalue().strip()


@pytest.mark.parametrize(("language", "begins"), [("en", "Say hello"), ("de", "Sag Hallo")])
def test_the_lobby_is_public_and_says_what_it_is_for_in_the_servers_language(settings, language, begins):
    settings.LANGUAGE_CODE = language
    room = ensure_first_room()
    assert (room.name, room.title, room.kind) == ("lobby", "Lobby", RoomKind.PUBLIC)
    assert room.topic.startswith(begins)
    assert not Membership.objects.exists()


def test_the_first_person_in_the_lobby_owns_it(alice, bob, bot_user):
    room = ensure_first_room()
    for user in (bot_user, alice, bob):
        membership.get_or_join(user, "lobby")
    roles = dict(Membership.objects.filter(room=room).values_list("user__username", "role"))
    assert roles == {bot_user.username: Role.MEMBER, "alice": Role.OWNER, "bob": Role.MEMBER}


@pytest.mark.parametrize("existing", ["public", "private", "direct"])
def test_a_server_with_any_room_gets_no_lobby(alice, bob, existing):
    if existing == "direct":
        direct_messages.get_or_create_direct_message(alice, "bob")
    else:
        membership.create_room(alice, "Kitchen", existing)
    assert ensure_first_room() is None
    assert Room.objects.count() == 1


def test_a_room_is_created_and_its_address_printed(alice, bob):
    assert createroom("Café Döner", "--topic", "  Lunch\nat noon") == ("/chat/cafe-doner/", "")
    room = Room.objects.get()
    assert (room.title, room.kind, room.topic, room.created_by) == ("Café Döner", "public", "Lunch at noon", None)
    assert not Message.objects.exists()
    assert membership.get_or_join(bob, room.name)[1].role == Role.OWNER


def test_a_room_may_have_an_owner_from_the_start(alice, bob):
    createroom("Kitchen", "--owner", "ALICE")
    assert membership.get_or_join(bob, "kitchen")[1].role == Role.MEMBER
    assert membership.get_or_join(alice, "kitchen")[1].role == Role.OWNER


def test_a_public_room_that_exists_is_left_as_it_is(alice):
    room = membership.get_or_create_and_join(alice, "C#")
    assert createroom("c#", "--topic", "x") == ("/chat/c/", "The room “C#” exists already.")
    room.refresh_from_db()
    assert room.topic == ""
    assert createroom("C++")[0] == "/chat/c-2/"


def test_a_private_room_needs_an_owner_and_is_new_each_time(alice):
    addresses = {createroom("Plans", "--private", "--owner", "alice", "--topic", "Tea")[0] for _ in range(2)}
    assert len(addresses) == 2
    for address in addresses:
        assert re.fullmatch(r"/chat/private--[0-9a-f]{26}/", address)
    assert set(Membership.objects.values_list("user__username", "role", "room__topic")) == {("alice", "owner", "Tea")}
    with pytest.raises(CommandError, match="--owner"):
        createroom("Plans", "--private")


@pytest.mark.parametrize(
    "arguments",
    [["👍"], ["x" * 81], ["Kitchen", "--topic", "x" * 201], ["Kitchen", "--topic", "a\u202eb"],
     ["Kitchen", "--owner", "nobody"], ["Kitchen", "--owner", "bot"]],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_created(bot_user, arguments):
    with pytest.raises(CommandError):
        createroom(*arguments)
    assert not Room.objects.exists()
