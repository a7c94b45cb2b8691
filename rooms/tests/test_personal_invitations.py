"""Being asked before one is put into a room, and what an inviter sees of the answer: nothing but that somebody came."""

import pytest

from rooms.models import Role, RoomKind
from rooms.services import (
    blocks,
    contact_permissions,
    direct_messages,
    invitation_links,
    membership,
    messages,
    moderation,
    personal_invitations,
)
from rooms.services.contact_permissions import ADDED_A_DAY
from rooms.services.personal_invitations import accept, asked_into, decline, invite, pending_for, withdraw

from .invitations import age, belongs, titles
from .refusals import refused

pytestmark = pytest.mark.django_db


# --- who is added at once ---


def test_whoever_shares_a_room_is_added_at_once(alice, bob, plans, lobby):
    assert invite(alice, plans.name, "bob").is_member
    assert belongs(bob, plans)
    assert pending_for(bob.id) == []


def test_whoever_is_added_finds_it_as_the_first_thing_unread(alice, bob, plans, lobby):
    messages.post(alice, plans.name, "before")
    invite(alice, plans.name, "bob")
    told = plans.messages.latest("pk")
    assert (told.sender, told.text) == (alice, "added bob to the room")
    mine = plans.memberships.get(user=bob)
    assert mine.read_seq == told.seq - 1
    invite(alice, plans.name, "bob")  # who is there is not added again
    assert plans.messages.latest("pk") == told


def test_whoever_has_answered_is_added_at_once(alice, bob, plans):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    messages.post(alice, direct.name, "hello?")
    assert not invite(alice, plans.name, "bob").is_member
    messages.post(bob, direct.name, "hi")
    assert invite(alice, plans.name, "bob").is_member
    assert belongs(bob, plans)


def test_a_stranger_is_asked_and_reads_nothing_before(alice, bob, plans):
    messages.post(alice, plans.name, "secret")
    invited = invite(alice, plans.name, "bob")
    assert (invited.user, invited.is_member) == (bob, False)
    assert titles(bob) == ["Plans"]
    refused("not_found", membership.get_visible_room, bob.id, plans.name)
    refused("not_found", membership.get_or_join, bob, plans.name)
    assert [each.user for each in asked_into(plans)] == [bob]
    accept(bob, pending_for(bob.id)[0].id)
    assert membership.get_visible_room(bob.id, plans.name) == plans
    assert asked_into(plans) == pending_for(bob.id) == []


def test_a_banned_person_shares_no_room(alice, bob, plans, lobby):
    moderation.remove(alice, "lobby", bob.id, ban=True)
    assert not invite(alice, plans.name, "bob").is_member


def test_a_bot_is_added_at_once(alice, bot_user, plans):
    assert invite(alice, plans.name, bot_user.username).is_member


def test_who_wants_to_be_asked_is_asked_by_everybody(alice, bob, plans, lobby):
    contact_permissions.save_settings(bob.id, ask_before_adding=True)
    assert not invite(alice, plans.name, "bob").is_member
    assert titles(bob) == ["Plans"]


def test_the_same_person_is_added_only_so_often(alice, bob, lobby, settings):
    alice.is_staff = True
    alice.save()
    rooms = [membership.create_room(alice, f"Room {number}", RoomKind.PRIVATE) for number in range(ADDED_A_DAY + 1)]
    assert [invite(alice, room.name, "bob").is_member for room in rooms] == [*[True] * ADDED_A_DAY, False]


def test_public_rooms_ask_as_well(alice, bob):
    membership.get_or_create_and_join(alice, "Kitchen")
    assert not invite(alice, "kitchen", "bob").is_member
    assert titles(bob) == ["Kitchen"]
    membership.get_or_join(bob, "kitchen")  # by themselves
    assert pending_for(bob.id) == []


# --- what an invitation does not do ---


def test_it_lasts_no_longer_than_the_right_of_who_made_it(alice, bob, charlie, plans):
    membership.add_member(plans, charlie)
    invite(charlie, plans.name, "bob")
    waiting = pending_for(bob.id)[0].id
    moderation.remove(alice, plans.name, charlie.id)
    assert pending_for(bob.id) == asked_into(plans) == []
    refused("not_found", accept, bob, waiting)


def test_a_ban_is_stronger(alice, bob, plans):
    invite(alice, plans.name, "bob")
    waiting = pending_for(bob.id)[0].id
    moderation.remove(alice, plans.name, bob.id, ban=True)
    refused("not_found", accept, bob, waiting)
    assert pending_for(bob.id) == asked_into(plans) == []
    assert not invite(alice, plans.name, "bob").is_member  # which ends the ban
    assert titles(bob) == ["Plans"]
    accept(bob, pending_for(bob.id)[0].id)
    assert belongs(bob, plans)


def test_a_ban_that_ends_puts_nobody_into_a_room(alice, bob, plans):
    moderation.remove(alice, plans.name, bob.id, ban=True)  # who was never there
    moderation.lift_ban(alice, plans.name, bob.id)
    assert not belongs(bob, plans)


def test_who_is_asked_is_not_there_yet(alice, bob, plans):
    invite(alice, plans.name, "bob")
    refused("not_found", moderation.appoint, alice, plans.name, bob.id, Role.MODERATOR)
    refused("not_found", moderation.remove, alice, plans.name, bob.id)
    said = messages.post(alice, plans.name, "@bob are you coming?")
    from rooms.models import Message

    assert Message.objects.get(pk=said.message_id).mentions == []


def test_others_invitations_are_nobodys_business(alice, bob, charlie, plans):
    invite(alice, plans.name, "bob")
    waiting = pending_for(bob.id)[0].id
    missing = refused("not_found", accept, charlie, 2**40)
    assert refused("not_found", accept, charlie, waiting) == missing
    assert refused("not_found", decline, charlie, waiting) == missing
    assert titles(bob) == ["Plans"]


def test_a_link_takes_the_place_of_an_invitation(alice, bob, plans):
    invite(alice, plans.name, "bob")
    _made, secret = invitation_links.create_link(alice, plans.name)
    invitation_links.accept(bob, secret)
    assert pending_for(bob.id) == []
    membership.leave(bob, plans.name)
    assert pending_for(bob.id) == []


# --- taking it back ---


def test_the_inviter_and_moderators_withdraw(alice, bob, charlie, plans):
    membership.add_member(plans, charlie)
    invite(charlie, plans.name, "bob")
    assert withdraw(charlie, plans.name, "bob") == bob
    assert pending_for(bob.id) == asked_into(plans) == []
    refused("not_found", withdraw, charlie, plans.name, "bob")
    invite(charlie, plans.name, "bob")
    assert titles(bob) == ["Plans"]
    withdraw(alice, plans.name, "bob")
    assert pending_for(bob.id) == []
    invite(alice, plans.name, "bob")
    refused("not_found", withdraw, charlie, plans.name, "bob")


def test_withdrawing_and_asking_again_undoes_no_answer(alice, bob, plans):
    invite(alice, plans.name, "bob")
    decline(bob, pending_for(bob.id)[0].id)
    withdraw(alice, plans.name, "bob")
    invite(alice, plans.name, "bob")
    assert pending_for(bob.id) == []
    assert [each.user for each in asked_into(plans)] == [bob]


# --- how many ---


def test_so_many_people_may_be_invited_in_a_day(alice, bob, plans, make_user, settings):
    settings.MAX_INVITATIONS_PER_DAY = 10  # on the first day 2
    blocks.block(bob, "alice")
    invite(alice, plans.name, "bob")
    invite(alice, plans.name, "bob")  # the same again
    invite(alice, plans.name, make_user("one").username)
    refused("rate_limited", invite, alice, plans.name, make_user("two").username)
    age(1)
    assert not invite(alice, plans.name, "two").is_member


def test_so_many_may_be_unanswered(alice, bob, charlie, plans, monkeypatch):
    monkeypatch.setattr(personal_invitations, "MAX_UNANSWERED", 1)
    invite(alice, plans.name, "bob")
    refused("conflict", invite, alice, plans.name, "charlie")
    withdraw(alice, plans.name, "bob")
    invite(alice, plans.name, "charlie")
