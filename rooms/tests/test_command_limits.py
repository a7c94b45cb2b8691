"""What a socket is told when it asks for too much, and when it is closed."""

import contextlib
import json
import uuid

import pytest
from websockets.exceptions import ConnectionClosed

from rooms.kernel.rate_counters import RateByKey
from rooms.realtime import command_limits, connection_limits
from rooms.services import messages

pytestmark = pytest.mark.django_db(transaction=True)


def told(socket) -> list[str]:
    """The codes of all errors until the socket was closed."""
    code, _reason = socket.closed()
    assert code == 1008
    return [event["code"] for event in socket.seen if event["type"] == "error"]


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        ({"type": "typing"}, command_limits.MAX_COMMANDS),
        ({"type": "read", "seq": 0}, command_limits.MAX_COMMANDS),
        ({"type": "edit", "message_id": 999, "message": "x"}, command_limits.MAX_COMMANDS),
        ({"type": "resume", "since": 0}, command_limits.MAX_RESUMES),
        ({"type": "send", "message": "hi"}, 10),
    ],
)
def test_no_command_is_refused_for_ever(web, hub, alice, lobby, command, allowed):
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        socket.flood(
            json.dumps(command if command["type"] == "typing" else command | {"id": str(uuid.uuid4())})
            for _ in range(allowed + command_limits.MAX_REFUSALS + 50)
        )
        errors = [code for code in told(socket) if code != "not_found"]
    assert errors == ["rate_limited"] * command_limits.MAX_REFUSALS
    assert hub.connection_limiter.closed == {"too_many_refusals": 1}
    assert hub.connection_limiter.offenders[f"account {alice.id}"] == 1


@pytest.mark.any_database
def test_who_waits_as_told_is_never_closed(web, hub, alice, lobby, settings):
    """As the browser's outbox does: one at a time, again when the wait is over. Twenty times as fast as allowed."""
    settings.RATE_MESSAGES, settings.RATE_SECONDS = 1, 1
    acked = refused = 0
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        while acked < 4:
            socket.send("send", message=f"message {acked}")
            while (answer := socket.next())["type"] not in ("ack", "error"):
                pass
            if answer["type"] == "ack":
                acked += 1
            else:
                refused += 1
                socket.all_for(answer["retry_after"])
    assert refused <= 2 * acked
    assert not hub.connection_limiter.closed


def test_a_thousand_messages_at_once_are_all_saved_where_that_many_are_allowed(web, alice, lobby, settings):
    settings.RATE_MESSAGES = 1000
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        ids = {socket.send("send", message=f"message {n}") for n in range(1000)}
        while ids:
            event = socket.next()
            assert event["type"] != "error", event
            ids.discard(event.get("id"))


@pytest.mark.any_database
def test_a_flood_of_frames_is_told_and_closed_and_its_account_refused_for_a_while(web, hub, alice, lobby, monkeypatch):
    monkeypatch.setattr("rooms.realtime.websocket.inbound.EXCESS_TOLERANCE", 0.2)
    monkeypatch.setattr("rooms.realtime.websocket.frame_limits.CONTROL_BURST", 20)
    for _ in range(connection_limits.OFFENCES):
        with web.open(alice, "lobby") as socket:
            socket.wait("welcome")
            with contextlib.suppress(ConnectionClosed):
                for n in range(1000):
                    socket.ws.pong(b"%d" % n)
            assert told(socket) == ["rate_limited"]
    code, reason = web.open(alice, "lobby").closed()
    assert code == 4029 and reason.startswith("reason=account_sent_too_much&retry_after=")
    assert hub.connection_limiter.closed == {"too_many_control_frames": 3}


@pytest.mark.any_database
def test_a_message_in_too_many_fragments_is_told_and_closed(web, hub, alice, lobby):
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        with contextlib.suppress(ConnectionClosed):
            socket.ws.send("" for _ in range(1000))
        assert socket.wait("error")["reason"] == "too_many_fragments"
        assert socket.closed() == (1008, "reason=too_many_fragments")
    assert hub.connection_limiter.closed == {"too_many_fragments": 1}


@pytest.mark.any_database
def test_an_account_that_connects_again_and_again_has_to_wait(web, hub, alice, bob, lobby, within):
    within(lambda: [hub.connection_limiter.check_account(alice.id) for _ in range(100)])
    code, reason = web.open(alice, "lobby").closed()
    assert code == 4029 and reason.startswith("reason=account_connects_too_often&retry_after=")
    with web.open(bob, "lobby") as socket:
        assert socket.wait("welcome")


@pytest.mark.any_database
def test_an_address_that_connects_again_and_again_has_to_wait(web, hub, alice, lobby, within):
    within(lambda: setattr(hub.connection_limiter, "_blocks", RateByKey(per_second=0.01, burst=1)))
    within(hub.connection_limiter.check_address, "127.0.0.1")
    code, reason = web.open(alice, "lobby").closed()
    assert code == 4029 and reason.startswith("reason=too_many_connections_from_address&retry_after=")


@pytest.mark.any_database
def test_mistakes_are_counted_for_the_account(web, hub, alice, lobby):
    messages.post(alice, "lobby", "hi")
    with web.open(alice, "lobby") as socket:
        socket.flood(["nonsense"] * command_limits.MAX_MISTAKES)
        assert told(socket) == ["invalid"] * 10
    assert hub.connection_limiter.closed == {"too_many_mistakes": 1}
