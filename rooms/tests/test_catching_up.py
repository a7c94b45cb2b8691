"""What changed since a number: the latest state of each message, once, and each costs what it shows."""

import pytest
from django.db import connection

from rooms.models import Message
from rooms.queries import history
from rooms.services import membership, messages

from .timeline import fill, plan, say

pytestmark = pytest.mark.django_db


def test_what_changed_since_is_the_latest_state_of_each_message_by_number(alice, bob, lobby):
    first, second, third = say(alice, lobby, 3)
    messages.edit(alice, "lobby", first, "edited")
    messages.react(bob, "lobby", second, "👍")
    found, head = history.changed_since(lobby.id, 2)
    assert [(message.id, message.seq) for message in found] == [(third, 3), (first, 4), (second, 5)]
    assert head == 5
    assert found[1].text == "edited"
    assert history.changed_since(lobby.id, 5) == ([], 5)


def test_nothing_is_left_out_at_any_number(alice, bob, lobby):
    ids = say(alice, lobby, 3)
    messages.delete(alice, "lobby", ids[1])
    messages.react(bob, "lobby", ids[0], "👍")
    now = {message.id: message.seq for message in Message.objects.all()}
    for since in range(6):
        found, head = history.changed_since(lobby.id, since)
        assert {message.id: message.seq for message in found} == {id: seq for id, seq in now.items() if seq > since}
        assert head == 5


def test_beyond_the_head_or_too_much_is_a_fresh_start(alice, lobby):
    fill(lobby, alice, 30)
    assert history.changed_since(lobby.id, 31) is None
    assert history.changed_since(lobby.id, 10, limit=19) is None
    found, head = history.changed_since(lobby.id, 10, limit=20)
    assert (len(found), head) == (20, 30)


def test_another_rooms_changes_are_not_among_them(alice, lobby):
    say(alice, membership.get_or_create_and_join(alice, "Other"), 3)
    say(alice, lobby, 1)
    assert [message.text for message in history.changed_since(lobby.id, 0)[0]] == ["n0"]


def test_catching_up_reads_one_range_of_an_index(alice, lobby):
    other = membership.get_or_create_and_join(alice, "Other")
    fill(lobby, alice, 3000)
    fill(other, alice, 3000)
    found = plan(lambda: history.changed_since(lobby.id, 2950))
    if connection.vendor == "postgresql":
        assert "one_change_a_number" in found
        assert "Seq Scan on rooms_message  (" not in found  # a small table of quoted messages may be
    else:
        assert "SEARCH rooms_message USING INDEX" in found
        assert "(room_id=? AND seq>?)" in found
        assert "TEMP B-TREE" not in found


def test_a_page_of_history_reads_one_range_of_an_index(alice, lobby):
    other = membership.get_or_create_and_join(alice, "Other")
    fill(lobby, alice, 3000)
    fill(other, alice, 3000)
    middle = Message.objects.filter(room=lobby)[1500].id
    found = plan(lambda: history.page(lobby, before=middle))
    if connection.vendor == "postgresql":
        assert "Seq Scan on rooms_message  (" not in found  # a small table of quoted messages may be
        assert "Sort" not in found
    else:
        assert "SEARCH rooms_message USING INDEX" in found
        assert "TEMP B-TREE" not in found
