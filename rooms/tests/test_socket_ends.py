"""What ends a socket, and what its holder may no longer do: mistakes, signing out, removal, a new password."""

import pytest
from django.contrib.auth import get_user_model

from rooms.realtime.outbound import TransportWriter
from rooms.services import messages, moderation

from .live import until

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_mistakes_in_a_minute_close_the_socket(web, alice, lobby):
    with web.open(alice, "lobby") as socket:
        for _ in range(10):
            socket.raw("nonsense")
        assert socket.closed()[0] == 1008


def test_a_frame_over_64_kib_closes_with_1009(web, alice, lobby):
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        socket.raw("x" * (64 * 1024 + 1))
        assert socket.closed()[0] == 1009


def test_signing_out_closes_the_sockets_of_that_session_only(web, alice, lobby, client):
    client.force_login(alice)
    mine = {"Cookie": f"sessionid={client.cookies['sessionid'].value}"}
    with web.open(None, "lobby", headers=mine) as here, web.open(alice, "lobby") as elsewhere:
        here.wait("welcome"), elsewhere.wait("welcome")
        client.post("/accounts/logout/")
        assert here.closed() == (4001, "reason=session_ended")
        elsewhere.send("send", message="still here")
        assert elsewhere.wait("ack")


def test_deactivation_closes_all_sockets(web, alice, lobby):
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        user = get_user_model().objects.get(pk=alice.pk)
        user.is_active = False
        user.save()
        assert socket.closed()[0] == 4001


def test_a_new_password_closes_all_sockets(web, alice, lobby):
    with web.open(alice, "lobby") as one, web.open(alice, "lobby") as other:
        one.wait("welcome"), other.wait("welcome")
        user = get_user_model().objects.get(pk=alice.pk)
        user.set_password("another horse")
        user.save()
        assert {one.closed()[0], other.closed()[0]} == {4001}


def test_who_is_removed_sees_nothing_more(web, alice, bob, lobby):
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        moderation.remove(alice, "lobby", bob.id, ban=True)
        messages.post(alice, "lobby", "about bob")
        assert socket.closed() == (4003, "reason=not_in_room")
    assert not _has(socket, "message")
    assert web.open(bob, "lobby").closed()[0] == 4004


def _has(socket, type: str) -> bool:
    return any(event["type"] == type for event in socket.seen)


def test_whatever_ends_a_socket_stops_what_writes_to_it(web, alice, lobby, monkeypatch):
    stopped = []
    monkeypatch.setattr(TransportWriter, "stop", lambda writer: stopped.append(writer))
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
    until(lambda: len(stopped) == 1)
