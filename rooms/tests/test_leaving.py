"""Leaving a room, being removed from it, and being banned."""

import pytest

from rooms.models import Membership, Role, Room, RoomKind
from rooms.publishing.payloads import RoomRemoved
from rooms.services import direct_messages, membership, messages, moderation, personal_invitations

from .refusals import refused

pytestmark = pytest.mark.django_db


def test_whoever_leaves_a_private_room_cannot_come_back_by_themselves(
    alice, bob, sent, django_capture_on_commit_callbacks
):
    room = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    membership.add_member(room, bob)
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        membership.leave(bob, room.name)
    assert (f"user_{bob.id}", RoomRemoved(room=room.name).as_dict()) in sent
    refused("not_found", membership.get_or_join, bob, room.name)


def test_only_moderators_remove_and_never_the_owner(alice, bob, charlie):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    membership.get_or_join(charlie, "lobby")
    refused("forbidden", moderation.remove, bob, "lobby", charlie.id)
    refused("forbidden", moderation.remove, bob, "lobby", alice.id)
    Membership.objects.filter(user=bob).update(role=Role.MODERATOR)
    refused("forbidden", moderation.remove, bob, "lobby", alice.id)
    moderation.remove(bob, "lobby", charlie.id)
    assert not Membership.objects.filter(user=charlie).exists()
    refused("not_found", moderation.remove, bob, "lobby", charlie.id)


def test_whoever_is_removed_may_come_back_and_whoever_is_banned_may_not(
    alice, bob, sent, django_capture_on_commit_callbacks
):
    membership.get_or_create_and_join(alice, "Lobby")
    posted = messages.post(bob, "lobby", "hi")
    moderation.remove(alice, "lobby", bob.id)
    membership.get_or_join(bob, "lobby")
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        moderation.remove(alice, "lobby", bob.id, ban=True)
    assert (f"user_{bob.id}", RoomRemoved(room="lobby").as_dict()) in sent
    for call in (
        lambda: membership.get_or_join(bob, "lobby"),
        lambda: membership.get_or_create_and_join(bob, "Lobby"),
        lambda: membership.leave(bob, "lobby"),
        lambda: personal_invitations.invite(bob, "lobby", "bob"),
        lambda: messages.post(bob, "lobby", "still here"),
        lambda: messages.edit(bob, "lobby", posted.message_id, "changed"),
        lambda: messages.delete(bob, "lobby", posted.message_id),
        lambda: messages.react(bob, "lobby", posted.message_id, "👍"),
        lambda: messages.mark_read(bob, "lobby", 1),
    ):
        refused("not_found", call)
    assert list(Room.objects.of(bob.id)) == []


def test_only_a_moderator_lets_somebody_banned_back_in(alice, bob, charlie):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    membership.get_or_join(charlie, "lobby")
    moderation.remove(alice, "lobby", bob.id, ban=True)
    refused("forbidden", personal_invitations.invite, charlie, "lobby", "bob")
    refused("not_found", membership.get_or_join, bob, "lobby")
    personal_invitations.invite(alice, "lobby", "bob")
    assert membership.get_or_join(bob, "lobby")[1].banned is False


def test_leaving_prevents_no_ban(alice, bob, charlie):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    membership.leave(bob, "lobby")
    refused("forbidden", moderation.remove, charlie, "lobby", bob.id, ban=True)
    for _twice in range(2):
        moderation.remove(alice, "lobby", bob.id, ban=True)
    moderation.remove(alice, "lobby", charlie.id, ban=True)  # who was never there
    for person in (bob, charlie):
        refused("not_found", membership.get_or_join, person, "lobby")
        assert list(Room.objects.of(person.id)) == []
    personal_invitations.invite(alice, "lobby", "bob")
    assert membership.get_or_join(bob, "lobby")[1].banned is False


def test_in_a_direct_message_nobody_from_outside_is_banned(alice, bob, charlie):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    refused("forbidden", moderation.remove, alice, direct.name, charlie.id, ban=True)
    assert not Membership.objects.filter(user=charlie).exists()


@pytest.mark.parametrize("name", ["nobody", "a\x00"])
def test_nobody_cannot_be_invited(alice, name):
    membership.get_or_create_and_join(alice, "Lobby")
    refused("not_found", personal_invitations.invite, alice, "lobby", name)


def test_a_removal_that_is_rolled_back_closes_nothing(alice, bob, sent, django_capture_on_commit_callbacks):
    membership.get_or_create_and_join(alice, "Lobby")
    membership.get_or_join(bob, "lobby")
    sent.clear()
    with django_capture_on_commit_callbacks() as callbacks:
        membership.leave(bob, "lobby")
    assert callbacks
    assert sent == []
