"""Finding messages: nobody finds what they may not read."""

import pytest

from rooms.kernel.errors import ChatError
from rooms.models import Membership
from rooms.search import message_search as searching
from rooms.search.message_search import search
from rooms.services import direct_messages, membership, moderation

from .found import texts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unpublished")]


@pytest.fixture
def everywhere(alice, bob, lobby, say):
    """alice says "teapot" in a public room, in a private one, and to bob."""
    private, direct = (
        membership.create_room(alice, "Secret", "private"),
        direct_messages.get_or_create_direct_message(alice, "bob"),
    )
    for room in (lobby, private, direct):
        say(alice, room, f"teapot in {room.kind}")
    return private, direct


def test_everyone_finds_what_they_may_read_and_nothing_else(alice, bob, charlie, everywhere):
    assert texts(alice, "teapot") == ["teapot in direct", "teapot in private", "teapot in public"]
    assert texts(bob, "teapot") == ["teapot in direct", "teapot in public"]
    assert texts(charlie, "teapot") == ["teapot in public"]
    assert texts(charlie, "", sender="alice") == ["teapot in public"]


def test_a_room_that_is_not_for_me_looks_like_none(bob, charlie, everywhere):
    private, direct = everywhere
    for user, room in ((bob, private.name), (charlie, direct.name), (charlie, "no-such-room"), (charlie, "../\x00")):
        with pytest.raises(ChatError) as refused:
            search(user.id, "teapot", room=room)
        assert refused.value.code == "not_found"


def test_the_right_ends_with_the_place_in_the_room(alice, bob, charlie, lobby, everywhere):
    private, _direct_message = everywhere
    membership.add_member(private, charlie)
    assert "teapot in private" in texts(charlie, "teapot")
    moderation.remove(alice, private.name, charlie.id)
    moderation.remove(alice, lobby.name, bob.id, ban=True)
    assert texts(charlie, "teapot") == ["teapot in public"]
    assert texts(bob, "teapot") == ["teapot in direct"]
    with pytest.raises(ChatError):
        search(bob.id, "teapot", room=lobby.name)


def test_the_rights_hold_with_more_rooms_than_are_named_to_the_index(alice, bob, charlie, everywhere, monkeypatch):
    monkeypatch.setattr(searching, "MAX_LISTED_ROOMS", 0)
    test_everyone_finds_what_they_may_read_and_nothing_else(alice, bob, charlie, everywhere)


def test_who_is_in_no_room_and_sees_none_finds_nothing(charlie, alice, say):
    private = membership.create_room(alice, "Secret", "private")
    say(alice, private, "teapot")
    assert texts(charlie, "teapot") == []


def test_a_muted_or_banned_place_of_others_changes_nothing_for_me(alice, bob, lobby, say):
    say(alice, lobby, "calm")
    Membership.objects.filter(user=bob).update(banned=True)
    assert texts(alice, "calm") == ["calm"] and texts(bob, "calm") == []
