"""The read position: never backwards nor beyond the head, and told to all devices of its person."""

import pytest

from rooms.models import Membership
from rooms.services import membership
from rooms.services import messages as actions

from .refusals import refused

pytestmark = pytest.mark.django_db


def test_the_read_position_never_goes_back_nor_beyond_the_head(alice, bob, lobby, said):
    for text in "abc":
        actions.post(alice, "lobby", text)
    assert actions.mark_read(bob, "lobby", 3) == 3
    assert actions.mark_read(bob, "lobby", 2) == 3
    assert actions.mark_read(bob, "lobby", 10**9) == 4
    assert Membership.objects.get(user=bob).read_seq == 4
    assert Membership.objects.get(user=alice).read_seq == 0


def test_my_other_devices_hear_that_i_read(alice, bob, lobby, said, published):
    published.clear()
    actions.mark_read(bob, "lobby", 1)
    actions.mark_read(bob, "lobby", 1)
    assert published == [
        {"to": f"user_{bob.id}", "type": "unread", "room": "lobby", "seq": 1, "unread": 0}
        | {"mention": False, "mentions": 0}
    ]


def test_a_message_is_marked_unread_and_those_after_it(alice, bob, lobby, said, published):
    posted = [actions.post(alice, "lobby", text).message_id for text in ("a", "@bob", "c")]
    actions.mark_read(bob, "lobby", 4)
    published.clear()
    assert actions.mark_unread(bob, "lobby", posted[1]) == 2
    assert Membership.objects.get(user=bob).read_seq == 2
    fields = {"room": "lobby", "seq": 4, "unread": 2, "mention": True, "mentions": 1, "read": 2, "first": posted[1]}
    assert published == [{"to": f"user_{bob.id}", "type": "unread"} | fields]


def test_marking_unread_never_marks_anything_read(alice, bob, lobby, said, published):
    posted = [actions.post(alice, "lobby", text).message_id for text in "abc"]
    published.clear()
    assert actions.mark_unread(bob, "lobby", posted[2]) == 0
    assert published == []


def test_a_message_of_another_room_is_not_marked_unread(alice, bob, lobby):
    membership.get_or_create_and_join(alice, "Kitchen")
    there = actions.post(alice, "kitchen", "elsewhere").message_id
    refused("not_found", actions.mark_unread, bob, "lobby", there)
