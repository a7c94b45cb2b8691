"""A page's socket: one connection, which is in no room, in one, or in several. What holds of a socket in one room holds
of each of its rooms."""

import pytest

from rooms.models import Membership
from rooms.queries import inbox
from rooms.realtime import periodic_tasks
from rooms.services import blocks, membership, messages, personal_invitations

from .live import until

pytestmark = pytest.mark.django_db(transaction=True)


def people_in(within, hub, *rooms: str) -> dict[str, int]:
    return within(hub.tracker.counts, list(rooms))


# --- the account ---


def test_a_page_without_a_room_hears_at_once_what_is_new(web, alice, bob, charlie, kitchen):
    messages.post(alice, "kitchen", "hi @bob")
    blocks.block(bob, "charlie")
    plans = membership.create_room(alice, "Plans", "private")
    personal_invitations.invite(alice, plans.name, "bob")
    with web.open_page(bob) as page:
        connected = page.next()
    assert connected["you"] == {"id": bob.id, "name": "bob", "bot": False}
    assert connected["limits"] == {"message": 8000, "frame": 65536, "rooms": 20, "file": 50 * 2**20, "files": 10}
    news = {"room": "kitchen", "seq": 1, "unread": 1, "mention": True, "mentions": 1, "title": "Kitchen"}
    assert news in connected["unread"]
    assert "lobby" not in {each["room"] for each in connected["unread"]}
    assert connected["blocked"] == [charlie.id]
    assert connected["inbox"] == inbox.unread_counts({bob.id})[bob.id] > 0
    assert page.ws.subprotocol == "chat.v1"


def test_invitations_that_wait_are_told_at_once(web, alice, charlie, kitchen):
    plans = membership.create_room(alice, "Plans", "private")
    personal_invitations.invite(alice, plans.name, "charlie")
    with web.open_page(charlie) as page:
        [invitation] = page.next()["invitations"]
    assert (invitation["room"]["title"], invitation["by"]["name"]) == ("Plans", "alice")


def test_a_page_without_a_room_goes_on_hearing(web, alice, bob, charlie, kitchen):
    with web.open_page(bob) as page:
        page.wait("connected")
        messages.post(alice, "kitchen", "one")
        assert page.wait("unread", room="kitchen")["unread"] == 1
        messages.mark_read(bob, "kitchen", 1)
        assert page.wait("unread", room="kitchen", unread=0)
        blocks.block(bob, "charlie")
        assert page.wait("blocks")["blocked"] == [charlie.id]
        assert "where" not in page.seen[-1]


def test_only_who_is_signed_in_has_one(web, alice, lobby):
    with web.open_page(None) as page:
        assert page.closed() == (4001, "reason=sign_in_needed")


def test_a_page_that_hears_nothing_is_told_that_it_is_alive(web, alice, lobby, monkeypatch):
    monkeypatch.setattr(periodic_tasks, "HEARTBEAT_INTERVAL", 0.2)
    with web.open_page(alice) as page:
        assert page.wait("alive")
        page.subscribe("lobby")
        assert page.wait("head")["where"] == "lobby"


def test_a_ping_is_answered(web, alice):
    with web.open_page(alice) as page:
        assert page.wait("ack", id=page.send("ping"))


# --- rooms ---


def test_both_kinds_of_sockets_hear_the_same_of_a_room_in_the_same_order(web, alice, bob, kitchen, fast):
    with web.open_page(bob) as page, web.open(bob, "lobby") as socket, web.open(alice, "kitchen") as other:
        welcome = page.subscribe("lobby")
        assert welcome["where"] == welcome["room"] == "lobby" and welcome["seq"] == 0
        page.subscribe("kitchen")
        socket.wait("welcome"), other.wait("welcome")
        for n in range(20):
            messages.post(alice, ("lobby", "kitchen")[n % 2], f"message {n}")
        page.wait("message", where="kitchen", seq=10)
        if not [event for event in page.seen if event.get("seq") == 10 and event.get("where") == "lobby"]:
            page.wait("message", where="lobby", seq=10)
        socket.wait("message", seq=10), other.wait("message", seq=10)
    for room, one in (("lobby", socket), ("kitchen", other)):
        here = [event for event in page.seen if event["type"] == "message" and event["where"] == room]
        assert [event["seq"] for event in here] == list(range(1, 11))
        assert [without(event, "where") for event in here] == [each for each in one.seen if each["type"] == "message"]


def without(event: dict, name: str) -> dict:
    return {key: value for key, value in event.items() if key != name}


def test_commands_name_their_room_and_are_answered_by_id(web, alice, bob, kitchen):
    with web.open_page(alice) as page, web.open(bob, "kitchen") as other:
        other.wait("welcome")
        for room in ("lobby", "kitchen"):
            page.subscribe(room)
        id = page.send("send", room="kitchen", message="draft")
        ack = page.wait("ack", id=id)
        assert "where" not in ack
        assert other.wait("message")["client_id"] == id
        id = page.send("edit", room="kitchen", message_id=ack["message_id"], message="final")
        assert page.wait("ack", id=id)["seq"] == 2
        assert other.wait("message", seq=2)["message"] == "final"
        page.raw('{"type": "typing", "room": "kitchen"}')
        assert other.wait("typing")["user"]["name"] == "alice"
        id = page.send("edit", room="lobby", message_id=ack["message_id"], message="elsewhere")
        assert page.wait("error", id=id)["reason"] == "no_such_message"
    assert Membership.objects.filter(user=alice).count() == 2


def test_since_and_resume_bring_what_changed(web, alice, lobby, fast):
    for n in range(5):
        messages.post(alice, "lobby", f"message {n}")
    with web.open_page(alice) as page:
        page.subscribe("lobby", since=3)
        assert [event["seq"] for event in page.seen if event["type"] == "message"] == [4, 5]
        page.seen.clear()
        page.send("resume", room="lobby", since=4)
        assert page.wait("resumed")["where"] == "lobby"
        assert [event["seq"] for event in page.seen if event["type"] == "message"] == [5]
        page.wait("ack", id=page.send("unsubscribe", room="lobby"))
        page.send("subscribe", room="lobby", since=99)
        assert page.wait("reset", seq=5)["where"] == "lobby"


def test_a_subscription_counts_as_a_connection_of_the_person(web, hub, within, alice, bob, kitchen):
    with web.open(alice, "lobby") as other, web.open_page(bob) as page:
        other.wait("welcome")
        page.subscribe("lobby")
        assert other.wait("joined", user={"id": bob.id, "name": "bob", "bot": False})["online"] == 2
        page.subscribe("kitchen")
        page.wait("ack", id=page.send("unsubscribe", room="lobby"))
        assert other.wait("left")["online"] == 1
        assert people_in(within, hub, "lobby", "kitchen") == {"lobby": 1, "kitchen": 1}
        page.subscribe("lobby")
        assert other.wait("joined")["online"] == 2
        page.ws.close()
        assert other.wait("left")["online"] == 1
    until(lambda: people_in(within, hub, "lobby", "kitchen") == {"lobby": 0, "kitchen": 0})
    until(lambda: not hub.connections and not hub.open_sockets and hub.tracker.connections == 0)


def test_nothing_comes_of_a_room_after_it_was_left(web, alice, bob, kitchen):
    with web.open_page(bob) as page:
        for room in ("lobby", "kitchen"):
            page.subscribe(room)
        page.wait("ack", id=page.send("unsubscribe", room="lobby"))
        page.seen.clear()
        messages.post(alice, "lobby", "not here")
        messages.post(alice, "kitchen", "here")
        page.wait("message", where="kitchen")
        assert page.wait("unread", room="lobby")["unread"] == 1
    assert {event.get("where") for event in page.seen} == {"kitchen", None}


def test_what_came_while_a_room_was_left_is_told_as_unread(web, hub, within, alice, bob, kitchen, monkeypatch):
    """It was nobody's news while the page showed the room, and came to the page no more."""
    monkeypatch.setattr(periodic_tasks, "TICK", 3600)
    look = hub._periodic_tasks.unread_notifier.notify
    with web.open_page(bob) as page:
        page.subscribe("lobby")
        within(look, hub.people)
        messages.post(alice, "lobby", "on the way")
        within(look, hub.people)
        page.wait("ack", id=page.send("unsubscribe", room="lobby"))
        within(look, hub.people)
        assert page.wait("unread", room="lobby")["unread"] == 1
