"""The socket over the wire: opening, talking, mistakes, the ends of it."""

import asyncio
import json
import re
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from accounts.models import Token
from mysite.tests.waiting import PATIENCE
from rooms.kernel import rate_limits
from rooms.models import Membership, Message, Room
from rooms.services import direct_messages, membership, messages, moderation

from .live import cookie

pytestmark = pytest.mark.django_db(transaction=True)


def test_welcome_says_who_where_and_what_is_allowed(web, alice, lobby):
    with web.open(alice, "lobby") as socket:
        welcome = socket.next()
    assert welcome["type"] == "welcome"
    assert welcome["room"] == "lobby"
    assert welcome["you"] == {"id": alice.id, "name": "alice", "bot": False}
    assert welcome["seq"] == 0
    assert welcome["limits"]["message"] == 8000
    assert [person["name"] for person in welcome["online"]] == ["alice"]
    assert socket.ws.subprotocol == "chat.v1"


def test_errors_are_in_english_whatever_the_server_speaks(web, alice, bob, lobby, settings):
    """A program knows them by their words, and so does the page, which says them in its own language."""
    settings.LANGUAGE_CODE = "de"
    posted = messages.post(bob, "lobby", "mine")
    commands = {
        "The message is empty.": ("send", {"message": " "}),
        "The message you reply to is not in this room.": ("send", {"message": "hi", "reply_to": 987}),
        "Only its author can edit a message.": ("edit", {"message_id": posted.message_id, "message": "no"}),
    }
    with web.open(alice, "lobby") as socket:
        for sentence, (type, fields) in commands.items():
            socket.send(type, **fields)
            assert socket.wait("error")["message"] == sentence


def test_what_one_says_everyone_sees_and_the_sender_gets_an_ack(web, alice, bob, lobby):
    with web.open(alice, "lobby") as one, web.open(bob, "lobby") as other:
        id = one.send("send", message="hi **all**")
        ack = one.wait("ack")
        event = other.wait("message")
        assert one.wait("message") == event if not _has(one, "message") else True
    assert ack["id"] == id
    assert Message.objects.get(pk=ack["message_id"]).text == "hi **all**"
    assert event["seq"] == ack["seq"] == 1
    assert event["id"] == ack["message_id"]
    assert event["client_id"] == id
    assert event["sender"]["name"] == "alice"
    assert event["html"] == "<p>hi <strong>all</strong></p>\n"


def test_the_same_id_again_is_the_same_message_and_ack(web, alice, lobby):
    with web.open(alice, "lobby") as one, web.open(alice, "lobby") as two:
        id = one.send("send", message="once")
        first = one.wait("ack")
        two.send("send", id=id, message="once")
        assert two.wait("ack") == first
    assert Message.objects.count() == 1


def test_edit_delete_react_and_read_are_acked_and_told(web, alice, bob, lobby):
    with web.open(alice, "lobby") as one, web.open(bob, "lobby") as other:
        one.send("send", message="draft")
        message_id = one.wait("ack")["message_id"]
        id = one.send("edit", message_id=message_id, message="final")
        assert one.wait("ack", id=id)["seq"] == 2
        assert other.wait("message", seq=2)["message"] == "final"
        other.send("react", message_id=message_id, emoji="👍")
        assert one.wait("message", seq=3)["reactions"] == [{"emoji": "👍", "users": [bob.id]}]
        other.send("unreact", message_id=message_id, emoji="👍")
        assert one.wait("message", seq=4)["reactions"] == []
        id = other.send("read", seq=4)
        assert other.wait("ack", id=id)["seq"] == 4
        one.send("delete", message_id=message_id)
        gone = other.wait("message", seq=5)
    assert gone["deleted"] is True
    assert gone["message"] == gone["html"] == ""
    assert Membership.objects.get(user=bob, room=lobby).read_seq == 4


def test_since_brings_what_changed_and_resumed_ends_it(web, alice, lobby, fast):
    posted = [messages.post(alice, "lobby", f"message {n}") for n in range(5)]
    messages.edit(alice, "lobby", posted[0].message_id, "changed")
    with web.open(alice, "lobby", since=3) as socket:
        assert socket.next()["type"] == "welcome"
        events = [socket.next() for _ in range(4)]
    assert [event["seq"] for event in events] == [4, 5, 6, 6]
    assert [event["type"] for event in events] == ["message"] * 3 + ["resumed"]
    assert events[2]["message"] == "changed"


@pytest.mark.parametrize("since", [1, 99, 2**63 - 1])
def test_since_beyond_the_head_resets(web, alice, lobby, since):
    with web.open(alice, "lobby", since=since) as socket:
        assert socket.wait("reset")["seq"] == 0


def test_resume_catches_up_on_an_open_socket(web, alice, lobby):
    messages.post(alice, "lobby", "one")
    with web.open(alice, "lobby") as socket:
        id = socket.send("resume", since=0)
        assert socket.wait("ack")["id"] == id
        assert socket.wait("message")["message"] == "one"
        assert socket.wait("resumed")["seq"] == 1


def test_joined_and_left_are_told_to_the_others(web, alice, bob, lobby):
    with web.open(alice, "lobby") as one:
        one.wait("welcome")
        with web.open(bob, "lobby"):
            event = one.wait("joined", user={"id": bob.id, "name": "bob", "bot": False})
            assert event["online"] == 2
        assert one.wait("left")["online"] == 1


def test_typing_is_told_without_an_ack(web, alice, bob, lobby):
    with web.open(alice, "lobby") as one, web.open(bob, "lobby") as other:
        one.wait("welcome")
        other.raw('{"type": "typing"}')
        assert one.wait("typing")["user"]["name"] == "bob"


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", "invalid"),
        ("[]", "invalid"),
        ('"text"', "invalid"),
        ("{}", "invalid"),
        ('{"type": "dance", "id": "5f0f6c1e-0000-4000-8000-000000000000"}', "invalid"),
        ('{"type": "send", "message": "no id"}', "invalid"),
        ('{"type": "send", "id": "not a uuid", "message": "x"}', "invalid"),
        ('{"type": "send", "id": "5f0f6c1e-0000-4000-8000-000000000000"}', "invalid"),
        ('{"type": "send", "id": "5f0f6c1e-0000-4000-8000-000000000000", "message": "x", "sender": 1}', "invalid"),
        ('{"type": "send", "id": "5f0f6c1e-0000-4000-8000-000000000000", "message": "\\u0007"}', "invalid"),
        ('{"type": "send", "id": "5f0f6c1e-0000-4000-8000-000000000000", "message": "  "}', "invalid"),
        ('{"type": "edit", "id": "5f0f6c1e-0000-4000-8000-000000000000", "message_id": -1, "message": "x"}', "invalid"),
        (
            '{"type": "edit", "id": "5f0f6c1e-0000-4000-8000-000000000000", "message_id": 99, "message": "x"}',
            "not_found",
        ),
        (b"\x00\x01", "invalid"),
        (json.dumps({"type": "send", "id": str(uuid.uuid4()), "message": "x" * 8001}), "too_long"),
    ],
)
def test_a_mistake_gets_an_answer_and_the_socket_stays(web, alice, lobby, frame, code):
    with web.open(alice, "lobby") as socket:
        socket.wait("welcome")
        socket.raw(frame)
        error = socket.wait("error")
        assert error["code"] == code
        assert len(error["message"]) > 10
        socket.send("send", message="still here")
        assert socket.wait("ack")


def test_a_person_has_one_limit_for_changes_on_all_their_sockets(web, alice, lobby, monkeypatch):
    monkeypatch.setattr(rate_limits, "COMMANDS", 4)
    id = messages.post(alice, "lobby", "hi").message_id
    codes = []
    for _ in range(3):
        with web.open(alice, "lobby") as socket:
            for number in range(2):
                socket.send("edit", message_id=id, message=f"hi {number}")
                while (answer := socket.next())["type"] not in ("ack", "error"):
                    pass
                codes.append(answer.get("code", "ack"))
            socket.send("read", seq=1)  # which nobody else hears of
            assert socket.wait("ack")
    assert codes == ["ack"] * 4 + ["rate_limited"] * 2


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


def test_eleven_messages_in_ten_seconds_are_too_many(web, alice, lobby, redis_server):
    with web.open(alice, "lobby") as socket:
        for n in range(11):
            socket.send("send", message=f"message {n}")
        error = socket.wait("error")
    assert error["code"] == "rate_limited"
    assert 0 < error["retry_after"] <= 10
    assert sum(event["type"] == "ack" for event in socket.seen) == 10


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


def test_every_post_checks_the_right_again(web, alice, bob, lobby):
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        Membership.objects.filter(user=bob).update(banned=True)
        socket.send("send", message="may I?")
        assert socket.wait("error")["code"] == "not_found"
    assert not Message.objects.exists()


def test_posts_keep_the_order_in_which_they_were_sent(web, alice, lobby, fast):
    with web.open(alice, "lobby") as socket:
        ids = [socket.send("send", message=f"{n}") for n in range(200)]
        acks = [socket.wait("ack") for _ in ids]
    assert [ack["id"] for ack in acks] == ids
    assert [ack["seq"] for ack in acks] == list(range(1, 201))
    assert Room.objects.get().seq == 200


def _has(socket, type: str) -> bool:
    return any(event["type"] == type for event in socket.seen)


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


def test_other_commands_are_limited_too(web, alice, lobby):
    with web.open(alice, "lobby") as socket:
        ids = [socket.send("read", seq=0) for _ in range(101)]
        error = socket.wait("error")
        assert (error["id"], error["code"]) == (ids[-1], "rate_limited")
        assert error["retry_after"] > 0
        socket.send("send", message="posts have a limit of their own")
        assert socket.wait("ack")["message_id"]


def test_who_is_anywhere_is_here_for_their_direct_messages(web, client, alice, bob, lobby):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    client.force_login(alice)
    with web.open(bob, "lobby") as socket:
        socket.wait("welcome")
        socket.send("read", seq=0)
        socket.wait("ack")
        assert client.get(f"/api/rooms/{direct.name}/online").json()["status"]["state"] == "here"
