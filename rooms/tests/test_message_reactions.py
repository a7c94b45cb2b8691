"""Reactions: once a person, few of a kind, and emoji alone."""

import pytest

from rooms.models import Reaction, Room
from rooms.services import messages as actions

from .refusals import refused

pytestmark = pytest.mark.django_db


def head(room):
    return Room.objects.values_list("seq", flat=True).get(pk=room.pk)


def test_a_reaction_twice_is_once(alice, bob, lobby, said):
    actions.react(bob, "lobby", said.pk, "👍")
    assert actions.react(bob, "lobby", said.pk, "👍").seq == head(lobby) == 2
    actions.unreact(bob, "lobby", said.pk, "👍")
    assert actions.unreact(bob, "lobby", said.pk, "👍").seq == head(lobby) == 3
    assert not Reaction.objects.exists()


def test_one_takes_back_only_ones_own(alice, bob, said):
    actions.react(bob, "lobby", said.pk, "👍")
    actions.unreact(alice, "lobby", said.pk, "👍")
    assert Reaction.objects.get().user == bob


@pytest.mark.parametrize(
    "emoji", ["", "ok", "<b>", "👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍", "a👍", "1"]
)
def test_a_reaction_is_an_emoji(bob, said, emoji):
    refused("invalid", actions.react, bob, "lobby", said.pk, emoji)


def test_a_message_holds_twenty_different_reactions_and_anyone_joins_them(alice, bob, said):
    for number in range(20):
        actions.react(bob, "lobby", said.pk, chr(0x1F600 + number))
    refused("invalid", actions.react, bob, "lobby", said.pk, "👍")
    actions.react(alice, "lobby", said.pk, chr(0x1F600))
    assert Reaction.objects.count() == 21


def test_a_deleted_message_takes_no_reaction(alice, bob, said):
    actions.delete(alice, "lobby", said.pk)
    refused("not_found", actions.react, bob, "lobby", said.pk, "👍")
