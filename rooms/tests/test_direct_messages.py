"""Direct messages: each pair of people has one room, which nobody else can read."""

import threading

import pytest
from django.db import connection

from rooms.models import Membership, Room
from rooms.services import direct_messages, membership, messages, moderation, personal_invitations

from .refusals import refused

pytestmark = pytest.mark.django_db


def test_a_direct_message_is_of_exactly_two_and_the_same_from_both_sides(alice, bob, charlie):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    assert direct_messages.get_or_create_direct_message(bob, "ALICE") == direct
    assert direct_messages.other_member(direct, alice.id) == bob
    assert Membership.objects.filter(room=direct).count() == 2
    missing = refused("not_found", membership.get_visible_room, charlie.id, "dm--00")
    assert refused("not_found", membership.get_visible_room, charlie.id, direct.name) == missing
    assert refused("not_found", membership.get_or_join, charlie, direct.name) == missing


def test_pairs_never_share_a_direct_message(make_user):
    people = [make_user(f"p{number}") for number in range(6)]
    names = {direct_messages.get_or_create_direct_message(a, b.username).name for a in people for b in people if a != b}
    assert len(names) == 15


def test_nobody_joins_leaves_or_is_removed_from_a_direct_message(alice, bob, charlie):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    refused("forbidden", personal_invitations.invite, alice, direct.name, "charlie")
    refused("forbidden", membership.leave, alice, direct.name)
    refused("forbidden", moderation.remove, alice, direct.name, bob.id)
    refused("forbidden", messages.set_topic_and_description, alice, direct.name, topic="x")
    assert set(Membership.objects.filter(room=direct).values_list("user", flat=True)) == {alice.id, bob.id}


@pytest.mark.parametrize(("username", "code"), [("nobody", "not_found"), ("alice", "invalid"), ("a\x00", "not_found")])
def test_a_direct_message_needs_somebody_else(alice, username, code):
    refused(code, direct_messages.get_or_create_direct_message, alice, username)


def test_a_direct_message_with_somebody_gone_can_be_read_but_not_begun(alice, make_user):
    dora, erin = make_user("dora"), make_user("erin", is_active=False)
    direct = direct_messages.get_or_create_direct_message(alice, "dora")
    dora.is_active = False
    dora.save()
    assert direct_messages.get_or_create_direct_message(alice, "dora") == direct
    refused("not_found", direct_messages.get_or_create_direct_message, alice, erin.username)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "make", [lambda user: membership.get_or_create_and_join(user, "Race"), None], ids=["room", "direct"]
)
def test_two_who_open_the_same_at_once_meet_in_one(alice, bob, make):
    calls = {
        alice: make or (lambda user: direct_messages.get_or_create_direct_message(user, "bob")),
        bob: make or (lambda user: direct_messages.get_or_create_direct_message(user, "alice")),
    }
    start, found = threading.Barrier(2), []

    def run(user):
        start.wait()
        found.append(calls[user](user).pk)
        connection.close()

    threads = [threading.Thread(target=run, args=[user]) for user in calls]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    assert len(found) == 2
    assert len(set(found)) == 1
    assert Room.objects.count() == 1
    assert Membership.objects.count() == 2
