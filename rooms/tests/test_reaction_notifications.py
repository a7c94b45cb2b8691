"""Notifications of reactions: for whom, one for all of a message, and until when."""

import pytest

from rooms.models import Notification
from rooms.queries import inbox
from rooms.services import blocks, inbox_changes, levels, messages

from .inbox_entries import entries, unread

pytestmark = pytest.mark.django_db


def test_reactions_are_told_to_those_who_turned_that_on(lobby, alice, bob):
    said = messages.post(alice, "lobby", "done").message_id
    messages.react(bob, "lobby", said, "👍")
    assert not Notification.objects.exists()
    levels.set_reactions(alice, True)
    messages.react(bob, "lobby", said, "🎉")
    assert (entries(alice), unread(alice)) == ([("reaction", said, "bob")], 1)
    levels.set_reactions(alice, False)
    assert (entries(alice), unread(alice)) == ([], 0)


def test_turning_reactions_off_leaves_those_that_were_seen(lobby, alice, bob):
    levels.set_reactions(alice, True)
    said = messages.post(alice, "lobby", "done").message_id
    messages.react(bob, "lobby", said, "👍")
    inbox_changes.mark_opened(alice, Notification.objects.get().pk)
    levels.set_reactions(alice, False)
    assert entries(alice) == [("reaction", said, "bob")]


def test_a_reaction_that_is_taken_back_leaves_those_of_others_whom_one_does_not_block(lobby, alice, bob, make_user):
    levels.set_reactions(alice, True)
    carol, said = make_user("carol"), messages.post(alice, "lobby", "done").message_id
    for person in (bob, carol):
        messages.react(person, "lobby", said, "👍")
    messages.unreact(carol, "lobby", said, "👍")
    assert Notification.objects.get().actor == bob
    messages.react(carol, "lobby", said, "👍")
    blocks.block(alice, "bob")
    messages.unreact(carol, "lobby", said, "👍")
    assert not Notification.objects.exists()


def test_all_reactions_to_a_message_are_one_notification_which_goes_with_the_last_of_them(lobby, alice, bob, make_user):
    levels.set_reactions(alice, True)
    carol = make_user("carol")
    said = messages.post(alice, "lobby", "done").message_id
    messages.react(alice, "lobby", said, "🎉")
    assert entries(alice) == []
    messages.react(bob, "lobby", said, "👍")
    messages.react(carol, "lobby", said, "❤️")
    [found] = inbox.page(alice.id).entries
    assert (found.emojis, found.names, found.excerpt) == (["👍", "❤️"], ["bob", "carol"], "done")
    messages.unreact(carol, "lobby", said, "❤️")
    assert entries(alice) == [("reaction", said, "bob")]
    messages.unreact(bob, "lobby", said, "👍")
    assert entries(alice) == []


def test_a_reaction_that_comes_after_it_was_done_is_new_again(lobby, alice, bob, make_user):
    levels.set_reactions(alice, True)
    said = messages.post(alice, "lobby", "done").message_id
    messages.react(bob, "lobby", said, "👍")
    inbox_changes.mark_all_done(alice)
    assert entries(alice) == []
    messages.react(make_user("carol"), "lobby", said, "👍")
    assert entries(alice) == [("reaction", said, "bob, carol")]
    assert unread(alice) == 1
