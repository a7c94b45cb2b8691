"""`unread`: what other rooms say, to people who are somewhere else."""

import pytest
from django.db import OperationalError

from rooms.queries import own_rooms, unread_counts
from rooms.realtime.unread_notifier import UnreadNotifier
from rooms.services import direct_messages, membership, messages, renaming

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def kitchen(alice, bob, lobby):
    room = membership.get_or_create_and_join(alice, "Kitchen")
    membership.get_or_join(bob, "kitchen")
    return room


@pytest.fixture
def look(hub, within):
    """look(): what each process does once a second, now. Once to learn who belongs where, and again for the news."""
    return lambda: within(hub._periodic_tasks.unread_notifier.notify, hub.people)


def test_unread_counts_come_for_rooms_that_are_not_on_screen(web, look, alice, bob):
    with web.open(bob, "lobby") as socket, web.open(alice, "kitchen") as other:
        socket.wait("welcome"), other.wait("welcome")
        look()
        messages.post(alice, "kitchen", "one")
        messages.post(alice, "kitchen", "two for @bob")
        look()
        event = socket.wait("unread", unread=2)
        counts = {"seq": 2, "unread": 2, "mention": True, "mentions": 1}
        assert event == {"type": "unread", "room": "kitchen", **counts, "title": "Kitchen"}
        assert not seen_by(other, "unread")  # who wrote it, and is there
        told = len(seen_by(socket, "unread"))
        look()
        assert len(seen_by(socket, "unread")) == told  # once, though it is still unread


def test_what_came_before_the_first_look_is_told_to_who_has_come(web, look, alice, bob):
    """A page may be older than the first look for who opened it."""
    with web.open(alice, "lobby") as other:
        other.wait("welcome")
        look()
        messages.post(alice, "kitchen", "hi @bob")  # after bob's page was made
        look()
        with web.open(bob, "lobby") as socket:
            socket.wait("welcome")
            assert socket.wait("unread", room="kitchen")["unread"] == 1


def test_so_it_is_where_nobody_was_before(web, look, alice, bob):
    messages.post(alice, "kitchen", "hi @bob")
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        assert socket.wait("unread", room="kitchen")["mention"] is True


def test_reading_elsewhere_clears_it_everywhere(web, look, alice, bob):
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        look()
        messages.post(alice, "kitchen", "hi @bob")
        assert socket.wait("unread")["mention"] is True
        messages.mark_read(bob, "kitchen", 1)
        assert socket.wait("unread") == {
            "type": "unread",
            "room": "kitchen",
            "seq": 1,
            "unread": 0,
            "mention": False,
            "mentions": 0,
        }


def test_a_renamed_room_is_news_to_its_members_elsewhere(web, look, alice, bob):
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        look()
        renaming.rename(alice, "kitchen", "Pantry")
        assert socket.wait("unread", room="kitchen")["title"] == "Pantry"


def test_a_direct_message_that_somebody_opens_is_news_at_once(web, look, alice, bob):
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        look()
        direct = direct_messages.get_or_create_direct_message(alice, "bob")
        messages.post(alice, direct.name, "psst")
        event = socket.wait("unread")
        assert event["room"] == direct.name and "title" not in event


def test_what_could_not_be_read_is_told_later(web, hub, look, alice, bob, monkeypatch):
    def away(*_):
        raise OperationalError("gone")

    monkeypatch.setattr("rooms.realtime.periodic_tasks.TICK", 3600)
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        look()
        messages.post(alice, "kitchen", "one")
        with monkeypatch.context() as patch, pytest.raises(OperationalError):
            patch.setattr(unread_counts, "unread_of", away)
            look()
        look()
        assert socket.wait("unread")["unread"] == 1


async def test_rooms_that_change_while_they_are_read_are_read_again(alice, monkeypatch):
    news, found = UnreadNotifier(), [{1}, {1, 2}]

    def rooms_of(user_ids):
        if len(found) == 2:
            news.forget(alice.id)
        return dict.fromkeys(user_ids, found.pop(0))

    monkeypatch.setattr(own_rooms, "room_ids_of", rooms_of)
    await news.notify({alice.id: set()})
    await news.notify({alice.id: set()})
    assert news._rooms_of == {alice.id: {1, 2}}


def test_others_rooms_are_never_told(web, look, alice, bob, charlie):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    membership.get_or_create_and_join(charlie, "Attic")
    with web.open(charlie, "attic") as socket:
        socket.wait("welcome")
        look()
        messages.post(alice, direct.name, "psst")
        messages.post(alice, "kitchen", "hello")
        look()
        assert not seen_by(socket, "unread")


def seen_by(socket, type: str) -> list[dict]:
    """The events of a type that were sent until now: what is asked now is answered behind them."""
    socket.wait("error", id=socket.send("delete", message_id=1_000_000))
    return [event for event in socket.seen if event["type"] == type]
