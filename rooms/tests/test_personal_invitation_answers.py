"""Who has said no to an invitation is not asked or added again, by anybody."""

import pytest

from rooms.services import archiving, blocks, membership, moderation
from rooms.services.personal_invitations import VALID_FOR, accept, asked_into, decline, invite, pending_for

from .invitations import age, belongs, titles

pytestmark = pytest.mark.django_db


def test_whoever_left_is_asked_before_they_are_put_back(alice, bob, charlie, plans, lobby):
    membership.get_or_join(charlie, "lobby")
    for user in (bob, charlie):
        invite(alice, plans.name, user.username)
    membership.leave(bob, plans.name)
    for inviter in (alice, charlie):
        assert not invite(inviter, plans.name, "bob").is_member
    assert not belongs(bob, plans)
    accept(bob, pending_for(bob.id)[0].id)
    moderation.remove(alice, plans.name, bob.id)  # not by themselves
    assert invite(charlie, plans.name, "bob").is_member


def test_a_room_that_is_opened_again_takes_nobody_back(alice, bob, plans, lobby):
    invite(alice, plans.name, "bob")
    membership.leave(bob, plans.name)
    archiving.archive(alice, plans.name)
    archiving.unarchive(alice, plans.name)
    assert not belongs(bob, plans)


def test_a_declined_invitation_looks_unanswered_and_is_not_repeated(alice, bob, charlie, plans):
    invite(alice, plans.name, "bob")
    decline(bob, pending_for(bob.id)[0].id)
    assert not invite(alice, plans.name, "bob").is_member
    assert pending_for(bob.id) == []
    assert [each.user for each in asked_into(plans)] == [bob]
    membership.add_member(plans, charlie)
    invite(charlie, plans.name, "bob")
    assert titles(bob) == ["Plans"]
    age(VALID_FOR.days)
    assert asked_into(plans) == pending_for(bob.id) == []
    invite(alice, plans.name, "bob")
    assert titles(bob) == ["Plans"]


def test_who_declined_is_not_added_by_others_either(alice, bob, charlie, plans, lobby):
    invite(alice, plans.name, "charlie")
    decline(charlie, pending_for(charlie.id)[0].id)
    membership.get_or_join(charlie, "lobby")
    assert not invite(alice, plans.name, "charlie").is_member
    assert not belongs(charlie, plans)


def test_one_answer_is_for_all_who_asked_into_a_room(alice, bob, charlie, plans):
    membership.add_member(plans, charlie)
    for inviter in (alice, charlie):
        invite(inviter, plans.name, "bob")
    [shown] = pending_for(bob.id)
    assert shown.inviter == alice
    assert len(asked_into(plans)) == 1
    decline(bob, shown.id)
    assert pending_for(bob.id) == []


def test_a_blocked_person_invites_in_vain(alice, bob, plans, lobby):
    blocks.block(bob, "alice")
    assert not invite(alice, plans.name, "bob").is_member
    assert pending_for(bob.id) == []
    assert [each.user for each in asked_into(plans)] == [bob]
    blocks.unblock(bob, "alice")
    invite(alice, plans.name, "bob")
    assert pending_for(bob.id) == [] or belongs(bob, plans)


def test_blocking_takes_invitations_away(alice, bob, plans, sent, django_capture_on_commit_callbacks):
    invite(alice, plans.name, "bob")
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        blocks.block(bob, "alice")
    assert pending_for(bob.id) == []
    assert '{"type":"invitations","invitations":[]}' in [payload.get("text") for _group, payload in sent]
    assert [each.user for each in asked_into(plans)] == [bob]
