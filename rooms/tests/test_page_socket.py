"""A page's socket: one connection, which is in no room, in one, or in several. What holds of a socket in one room holds
of each of its rooms."""

import json
import uuid

import pytest
from django.contrib.sessions.models import Session

from accounts.models import Token
from rooms.models import Membership, Room
from rooms.queries import inbox
from rooms.realtime import command_limits, handshake, page_connection, page_consumer, periodic_tasks
from rooms.services import blocks, membership, messages, moderation, personal_invitations

from .live import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def kitchen(alice, bob, lobby) -> Room:
    """A second room of alice and bob."""
    room = membership.get_or_create_and_join(alice, "Kitchen")
    membership.get_or_join(bob, "kitchen")
    return room


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
    assert connected["limits"] == {"message": 8000, "frame": 65536, "rooms": 20}
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


# --- refusals, and ends ---


@pytest.mark.parametrize("room", ["nothing", "not/a name", "", "x" * 5000, "\x00"])
def test_a_room_that_is_none_is_refused_and_the_connection_stays(web, alice, lobby, room):
    with web.open_page(alice) as page:
        error = page.wait("error", id=page.send("subscribe", room=room))
        assert (error["code"], error["reason"]) == ("not_found", "no_such_room")
        page.subscribe("lobby")


def test_a_private_room_of_others_looks_like_none(web, hub, alice, bob, lobby):
    plans = membership.create_room(alice, "Plans", "private")
    with web.open_page(bob) as page:
        answers = [
            without(page.wait("error", id=page.send("subscribe", room=name)), "id") for name in (plans.name, "no")
        ]
    assert answers[0] == answers[1]
    assert plans.name not in hub._rooms


def test_who_is_removed_hears_of_it_and_stays_connected(web, alice, bob, kitchen):
    with web.open_page(bob) as page:
        for room in ("lobby", "kitchen"):
            page.subscribe(room)
        moderation.remove(alice, "lobby", bob.id, ban=True)
        end = page.wait("unsubscribed")
        assert without(end, "type") == {"room": "lobby", "code": 4003, "reason": "not_in_room"}
        messages.post(alice, "lobby", "for members")
        messages.post(alice, "kitchen", "still here")
        page.wait("message", where="kitchen")
        id = page.send("send", room="lobby", message="back?")
        assert page.wait("error", id=id)["reason"] == "not_subscribed"
        assert page.wait("error", id=page.send("subscribe", room="lobby"))["reason"] == "no_such_room"
    assert not [event for event in page.seen if event["type"] == "message" and event["where"] == "lobby"]


def test_others_see_at_once_that_somebody_who_was_removed_is_gone(web, hub, alice, bob, lobby):
    hub.tracker._grace = 3600.0  # whoever just leaves is shown that long
    with web.open_page(alice) as page, web.open_page(bob) as out, web.open(bob, "lobby") as socket:
        page.subscribe("lobby")
        out.subscribe("lobby")
        socket.wait("welcome")
        moderation.remove(alice, "lobby", bob.id)
        assert page.wait("left")["user"]["name"] == "bob"


def test_a_removal_or_end_of_a_session_unheard_is_found_by_the_recheck(web, hub, within, alice, bob, kitchen):
    with web.open_page(bob) as page, web.open_page(alice) as other:
        for room in ("lobby", "kitchen"):
            page.subscribe(room)
        other.wait("connected")
        Membership.objects.filter(user=bob, room__name="lobby").update(banned=True)
        within(hub._periodic_tasks.check_access)
        assert page.wait("unsubscribed")["room"] == "lobby"
        Session.objects.all()._raw_delete("default")  # no signal
        within(hub._periodic_tasks.check_access)
        assert page.closed() == other.closed() == (4001, "reason=session_ended")


def test_a_room_that_was_deleted_ends_the_subscription(web, hub, within, alice, kitchen):
    with web.open_page(alice) as page:
        for room in ("lobby", "kitchen"):
            page.subscribe(room)
        Room.objects.filter(name="lobby").delete()
        within(hub._periodic_tasks.check_heads)
        assert page.wait("unsubscribed")["code"] == 4004
        assert page.wait("ack", id=page.send("send", room="kitchen", message="hi"))


def test_who_is_removed_while_entering_does_not_get_in(web, hub, within, alice, bob, lobby, monkeypatch):
    read = handshake.read_initial_state

    async def slow(hub, place, *args, **options):
        place.close("not_in_room")
        return await read(hub, place, *args, **options)

    with web.open_page(bob) as page, monkeypatch.context() as patched:
        patched.setattr(handshake, "read_initial_state", slow)
        assert page.wait("error", id=page.send("subscribe", room="lobby"))["reason"] == "no_such_room"
        assert [event["type"] for event in page.seen] == ["connected", "unsubscribed", "error"]
        until(lambda: people_in(within, hub, "lobby") == {"lobby": 0})
        assert hub._rooms["lobby"].is_empty


@pytest.mark.parametrize("place", ["read_initial_state", "presence_events.welcome_fields"])
def test_an_opening_that_fails_leaves_nothing_and_can_be_tried_again(
    web, hub, within, alice, lobby, monkeypatch, place
):
    async def fail(*_args, **_options):
        raise RuntimeError("here")

    with web.open_page(alice) as page:
        with monkeypatch.context() as broken:
            broken.setattr(f"rooms.realtime.handshake.{place}", fail)
            assert page.wait("error", id=page.send("subscribe", room="lobby"))["code"] == "internal"
        until(lambda: hub._rooms["lobby"].is_empty)
        until(lambda: people_in(within, hub, "lobby") == {"lobby": 0})
        page.subscribe("lobby")


def test_a_session_that_ends_closes_the_page(web, client, alice, lobby):
    _token, secret = Token.issue(alice, "script")
    with web.open_page(None, headers={"Authorization": f"Bearer {secret}"}, origin="") as page:
        page.subscribe("lobby")
        Token.objects.all().delete()
        assert page.closed()[0] == 4001


def test_a_token_that_may_read_looks_on(web, alice, charlie, lobby):
    _token, secret = Token.issue(charlie, "reader", scope="read")
    with web.open_page(None, headers={"Authorization": f"Bearer {secret}"}, origin="") as page:
        page.subscribe("lobby")
        messages.post(alice, "lobby", "hi")
        page.wait("message")
        id = page.send("send", room="lobby", message="no")
        assert page.wait("error", id=id)["reason"] == "insufficient_scope"
    assert not Membership.objects.filter(user=charlie).exists()


def test_a_page_that_does_not_read_is_closed_whatever_rooms_it_is_in(web, alice, kitchen, monkeypatch):
    monkeypatch.setattr("rooms.realtime.outbound.TransportWriter.is_stalled", lambda _outlet: True)
    with web.open_page(alice) as page:
        assert page.closed()[0] == 4008


def test_a_restart_closes_the_page_with_its_code(web, alice, kitchen):
    with web.open_page(alice) as page:
        for room in ("lobby", "kitchen"):
            page.subscribe(room)
        web.stop()
        assert page.closed()[0] == 1012


# --- what nobody should send ---


def test_subscribing_twice_or_leaving_what_one_is_not_in_is_said(web, alice, lobby):
    with web.open_page(alice) as page:
        page.subscribe("lobby")
        assert page.wait("error", id=page.send("subscribe", room="lobby"))["reason"] == "already_subscribed"
        assert page.wait("error", id=page.send("unsubscribe", room="kitchen"))["reason"] == "not_subscribed"
        assert page.wait("ack", id=page.send("send", room="lobby", message="works"))


def test_a_connection_is_in_so_many_rooms_at_most(web, alice, kitchen, monkeypatch):
    monkeypatch.setattr(page_consumer, "MAX_ROOMS", 1)
    with web.open_page(alice) as page:
        page.subscribe("lobby")
        error = page.wait("error", id=page.send("subscribe", room="kitchen"))
        assert (error["reason"], error["params"]) == ("too_many_subscriptions", {"limit": 1})
        page.wait("ack", id=page.send("unsubscribe", room="lobby"))
        page.subscribe("kitchen")
    assert page_connection.MAX_ROOMS == 20


@pytest.mark.parametrize("room", ["lobby", "nothing"])
def test_ten_thousand_subscribes_are_refused_and_then_the_socket_is_closed(web, hub, alice, lobby, room):
    frame = {"type": "subscribe", "room": room}
    with web.open_page(alice) as page:
        page.flood(json.dumps({**frame, "id": str(uuid.UUID(int=n))}) for n in range(10_000))
        page.closed()  # with 1008, or cut off when it is still sending
    until(lambda: not hub.connections)
    assert hub.connection_limiter.closed == {"too_many_refusals": 1}
    asked = [each for each in page.seen if each.get("reason") not in ("too_many_commands", None)]
    assert len(asked) <= command_limits.MAX_COMMANDS


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ({"type": "subscribe"}, "command_field_missing"),
        ({"type": "subscribe", "room": None}, "command_field_missing"),
        ({"type": "subscribe", "room": 7}, "field_not_text"),
        ({"type": "subscribe", "room": ["lobby"]}, "field_not_text"),
        ({"type": "subscribe", "room": "lobby", "since": "1"}, "field_not_number"),
        ({"type": "subscribe", "room": "lobby", "since": -1}, "field_not_number"),
        ({"type": "unsubscribe", "room": "lobby", "more": 1}, "command_unknown_field"),
        ({"type": "send", "message": "where?"}, "command_field_missing"),
        ({"type": "send", "room": {}, "message": "where?"}, "field_not_text"),
        ({"type": "welcome", "room": "lobby"}, "unknown_type"),
        ({"message": "plain"}, "unknown_type"),
    ],
)
def test_wrong_fields_are_named(web, alice, lobby, frame, reason):
    with web.open_page(alice) as page:
        page.subscribe("lobby")
        page.raw(json.dumps({"id": str(uuid.uuid4()), **frame}))
        assert page.wait("error")["reason"] == reason


def test_the_commands_of_pages_are_none_in_a_room(web, alice, lobby):
    with web.open(alice, "lobby") as socket:
        for command in ("subscribe", "unsubscribe", "ping"):
            assert socket.wait("error", id=socket.send(command))["reason"] == "unknown_type"
        assert socket.wait("error", id=socket.send("read", seq=0, room="lobby"))["reason"] == "command_unknown_field"
