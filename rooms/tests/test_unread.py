"""What is unread: counted from what others said, told when it is read elsewhere, and bounded."""

import pytest

from rooms.models import Room
from rooms.queries import own_rooms, unread_counts
from rooms.services import messages

from .timeline import fill, say

pytestmark = pytest.mark.django_db


def unread(user):
    return {room.name: (room.unread, room.mentioned) for room in own_rooms.rooms_of(user.id)}


def unread_by_event(user, room):
    [row] = unread_counts.unread_of([user.id], [room.id])
    return row["unread"], row["mentioned"]


def test_unread_is_what_others_said_since_i_read(alice, bob, lobby):
    say(alice, lobby, 3)
    say(bob, lobby, 2)
    assert unread(bob) == {"lobby": (3, False)}
    assert unread(alice) == {"lobby": (2, False)}
    messages.mark_read(bob, "lobby", 2)
    assert unread(bob) == {"lobby": (1, False)}
    messages.mark_read(bob, "lobby", 10**6)
    assert unread(bob) == {"lobby": (0, False)}
    assert unread_by_event(alice, lobby) == (2, False)


def test_an_edit_or_a_reaction_makes_nothing_unread_again_and_what_is_deleted_is_not(alice, bob, lobby):
    first, second = say(alice, lobby, 2)
    messages.mark_read(bob, "lobby", 1)
    messages.edit(alice, "lobby", first, "edited")
    messages.react(alice, "lobby", first, "👍")
    assert unread(bob) == {"lobby": (1, False)}
    messages.delete(alice, "lobby", second)
    assert unread(bob) == {"lobby": (0, False)}
    assert unread_by_event(bob, lobby) == (0, False)


def test_a_mention_is_told_until_it_is_read(alice, bob, lobby):
    messages.post(alice, "lobby", "hi @bob")
    say(alice, lobby, 1)
    assert unread(bob) == {"lobby": (2, True)}
    assert unread_by_event(bob, lobby) == (2, True)
    messages.mark_read(bob, "lobby", 1)
    assert unread(bob) == {"lobby": (1, False)}


def test_a_mention_that_is_taken_back_leaves_the_one_before(alice, bob, lobby):
    first, second, third = (messages.post(alice, "lobby", f"hi @bob {n}").message_id for n in range(3))
    messages.edit(alice, "lobby", third, "hi all")
    assert unread(bob) == {"lobby": (3, True)}
    messages.mark_read(bob, "lobby", 1)
    messages.delete(alice, "lobby", second)
    assert unread(bob) == {"lobby": (1, False)}
    assert unread_by_event(bob, lobby) == (1, False)


def test_unread_looks_at_the_last_500_messages_at_most(alice, bob, lobby):
    fill(lobby, alice, 700)
    assert unread(bob) == {"lobby": (500, False)}
    assert unread_by_event(bob, lobby) == (500, False)


def test_many_changes_hide_nothing_that_is_unread(alice, bob, lobby):
    messages.post(alice, "lobby", "hi @bob")
    say(alice, lobby, 2)
    Room.objects.filter(pk=lobby.pk).update(seq=2000)  # as after as many reactions
    assert unread(bob) == {"lobby": (3, True)}
    assert unread_by_event(bob, lobby) == (3, True)
