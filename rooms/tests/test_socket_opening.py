"""Opening a socket over the wire: who is let in, and what those are told who are not."""

import asyncio
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts.models import Token
from mysite.tests.waiting import PATIENCE
from presence.types import OverloadNotice
from rooms.services import direct_messages, membership, messages, moderation

from .live import cookie

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("how", "code"), [("banned", 4003), ("deactivated", 4001)])
def test_whose_right_ends_while_they_come_in_does_not_come_in(web, hub, alice, bob, lobby, monkeypatch, how, code):
    """Let in already, and not yet heard of by whatever tells that it ended."""
    admitted, ended, admit = threading.Event(), threading.Event(), hub.tracker.admit

    async def slow(*args):
        admitted.set()
        await asyncio.to_thread(ended.wait, PATIENCE)
        return await admit(*args)

    def end():
        admitted.wait(PATIENCE)
        if how == "banned":
            moderation.remove(alice, "lobby", bob.id, ban=True)
        else:
            bob.is_active = False
            bob.save()
        time.sleep(0.2)  # told, to whoever hears it
        ended.set()
        connection.close()

    monkeypatch.setattr(hub.tracker, "admit", slow)
    ending = threading.Thread(target=end)
    ending.start()
    with web.open(bob, "lobby") as socket:
        assert socket.closed()[0] == code
        assert socket.seen == []
    ending.join()


def test_whoever_comes_while_an_overload_lasts_is_told(web, hub, alice, lobby, monkeypatch):
    notice = OverloadNotice("lobby", "overload", "Server overloaded: many. Replies may be slower.", "people", 10)
    monkeypatch.setattr(hub.tracker.overload, "notices", lambda room: [notice] if room == "lobby" else [])
    with web.open(alice, "lobby") as socket:
        assert socket.wait("broadcast")["message"] == notice.text


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1", ""]
)
def test_a_foreign_origin_is_refused_in_the_handshake(web, alice, lobby, origin):
    with pytest.raises(InvalidStatus) as refusal:
        web.open(alice, "lobby", origin=origin.format(port=web.port))
    assert refusal.value.response.status_code == 403


def test_strangers_are_accepted_then_closed_with_4001(web, lobby):
    assert web.open(None, "lobby").closed() == (4001, "reason=sign_in_needed")


def test_an_ended_session_is_closed_with_4001(web, alice, lobby):
    headers = {"Cookie": cookie(alice)}
    Session.objects.all().delete()
    assert web.open(None, "lobby", headers=headers).closed()[0] == 4001


def test_a_token_opens_a_socket_without_an_origin(web, alice, lobby):
    _token, secret = Token.issue(alice, "script")
    with web.open(None, "lobby", headers={"Authorization": f"Bearer {secret}"}, origin="") as socket:
        assert socket.next()["you"]["name"] == "alice"


def test_a_wrong_token_is_closed_with_4001(web, lobby):
    assert web.open(None, "lobby", headers={"Authorization": "Bearer rt_wrong"}).closed()[0] == 4001


def test_no_secret_in_an_address_opens_a_socket(web, alice, lobby):
    _token, secret = Token.issue(alice, "script")
    session = cookie(alice).partition("=")[2]
    for query in (f"token={secret}", f"access_token={secret}", f"sessionid={session}"):
        assert web.open(None, "lobby", path=f"/ws/chat/lobby/?{query}").closed()[0] == 4001


def test_one_socket_more_than_a_person_may_have_is_closed_with_4029(web, alice, bob, lobby, settings):
    settings.MAX_SOCKETS_PER_USER = 2
    with web.open(alice, "lobby") as one, web.open(alice, "lobby") as other:
        one.wait("welcome"), other.wait("welcome")
        code, reason = web.open(alice, "lobby").closed()
        assert code == 4029
        assert "too_many_connections_of_account" in reason
        with web.open(bob, "lobby") as another:
            assert another.wait("welcome")


def test_a_full_process_turns_away_with_a_time_to_come_back(web, alice, lobby, settings):
    settings.MAX_CONNECTIONS = 3
    session = {"Cookie": cookie(alice)}
    with ThreadPoolExecutor(8) as at_once:
        sockets = list(at_once.map(lambda _: web.open(None, "lobby", headers=session), range(8)))
    words = [first_word(socket) for socket in sockets]
    assert words.count("welcome") == 3
    refusals = [re.fullmatch(r"reason=server_full&retry_after=(\d+)", word) for word in set(words) - {"welcome"}]
    assert all(5 <= int(refusal[1]) <= 30 for refusal in refusals)
    assert len(refusals) > 1  # not all at the same time
    for socket in sockets:
        socket.ws.close()
    assert any(first_word(web.open(None, "lobby", headers=session)) == "welcome" for _try in range(100))


def first_word(socket) -> str:
    """The first event, or why there is none."""
    try:
        return socket.next()["type"]
    except ConnectionClosed as end:
        assert end.rcvd.code == 4029
        return end.rcvd.reason


def test_a_missing_room_and_someone_elses_look_the_same(web, alice, bob, charlie):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    private = membership.create_room(alice, "Plans", kind="private")
    answers = {web.open(charlie, name).closed() for name in (direct.name, private.name, "nothing", "dm--guess")}
    assert answers == {(4004, "reason=no_such_room")}


@pytest.mark.parametrize("name", ["UPPER", "a.b", "🎉", "x" * 200, "a%2Fb", "%00"])
def test_names_that_no_room_can_have_are_closed_with_4004(web, alice, name):
    assert web.open(alice, name).closed()[0] == 4004


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/nothing/", "/chat/lobby/", "//", "/static/js/main.js"])
def test_an_unknown_websocket_address_is_refused(web, alice, caplog, path):
    with pytest.raises(InvalidStatus) as refused:
        web.open(alice, "", path=path)
    assert refused.value.response.status_code == 404
    assert not [record for record in caplog.records if record.name == "uvicorn.error" and record.levelname == "ERROR"]


def test_while_the_load_is_felt_long_catch_ups_begin_with_a_page(web, alice, lobby, fast, monkeypatch):
    for n in range(101):
        messages.post(alice, "lobby", f"message {n}")
    with web.open(alice, "lobby", since=0) as calm:
        assert calm.wait("resumed")["seq"] == 101
    monkeypatch.setattr("presence.overload.OverloadMonitor.severe", lambda self: True)
    with web.open(alice, "lobby", since=0) as busy:
        assert busy.wait("reset")["seq"] == 101
    with web.open(alice, "lobby", since=1) as busy:
        assert busy.wait("resumed")["seq"] == 101


def test_a_fault_while_opening_is_said_with_a_code(web, alice, lobby, monkeypatch):
    monkeypatch.setattr("rooms.realtime.handshake.read_initial_state", lambda *_: 1 / 0)
    assert web.open(alice, "lobby").closed() == (1011, "reason=internal_error")
