"""Rooms that a page's socket may not enter or has to leave, and what it should not send."""

import json
import uuid

import pytest
from django.contrib.sessions.models import Session

from accounts.models import Token
from rooms.kernel.db_executor import run_db
from rooms.models import Membership, Room
from rooms.realtime import command_limits, handshake, page_connection, page_consumer
from rooms.services import membership, messages, moderation

from .live import until

pytestmark = pytest.mark.django_db(transaction=True)


def people_in(within, hub, *rooms: str) -> dict[str, int]:
    return within(hub.tracker.counts, list(rooms))


def without(event: dict, name: str) -> dict:
    return {key: value for key, value in event.items() if key != name}


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


def test_a_ban_between_the_first_look_and_the_subscription_is_found(web, hub, bob, lobby, monkeypatch):
    enter = hub.enter

    async def slow(place):
        await run_db(Membership.objects.filter(user=bob, room=lobby).update, banned=True)  # unheard
        return await enter(place)

    with web.open_page(bob) as page:
        monkeypatch.setattr(hub, "enter", slow)
        assert page.wait("error", id=page.send("subscribe", room="lobby"))["reason"] == "no_such_room"
        assert "welcome" not in {event["type"] for event in page.seen}


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


@pytest.mark.any_database
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


@pytest.mark.any_database
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
