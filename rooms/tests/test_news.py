"""`unread`: what other rooms say, to people who are somewhere else."""

import pytest

from rooms import actions, membership

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rooms(alice, bob):
    membership.open_room(alice, "Lobby")
    membership.open_room(alice, "Kitchen")
    membership.enter(bob, "lobby")
    membership.enter(bob, "kitchen")


def test_unread_counts_come_for_rooms_that_are_not_on_screen(web, alice, bob, rooms):
    with web.open(bob, "lobby") as socket, web.open(alice, "kitchen") as other:
        socket.wait("welcome")
        socket.all_for(1.5)  # the hub has learned bob's rooms
        other.send("send", message="one")
        other.send("send", message="two for @bob")
        event = socket.wait("unread", unread=2)
        assert event == {"type": "unread", "room": "kitchen", "seq": 2, "unread": 2, "mention": True}
        assert not [e for e in other.all_for(1.5) if e["type"] == "unread"]  # who wrote it, and is there


def test_reading_elsewhere_clears_it_everywhere(web, alice, bob, rooms):
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        socket.all_for(1.5)
        actions.post(alice, "kitchen", "hi @bob")
        assert socket.wait("unread")["mention"] is True
        actions.mark_read(bob, "kitchen", 1)
        assert socket.wait("unread") == {"type": "unread", "room": "kitchen", "seq": 1, "unread": 0, "mention": False}


def test_a_talk_that_somebody_opens_is_news_at_once(web, alice, bob, rooms):
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        socket.all_for(1.5)
        talk = membership.open_direct(alice, "bob")
        actions.post(alice, talk.name, "psst")
        assert socket.wait("unread")["room"] == talk.name


def test_others_rooms_are_never_told(web, alice, bob, charlie, rooms):
    talk = membership.open_direct(alice, "bob")
    membership.open_room(charlie, "Attic")
    with web.open(charlie, "attic") as socket:
        socket.wait("welcome")
        socket.all_for(1.5)
        actions.post(alice, talk.name, "psst")
        actions.post(alice, "kitchen", "hello")
        assert not [event for event in socket.all_for(2.5) if event["type"] == "unread"]
