"""The socket over the wire: talking, being told, mistakes and limits."""

import json
import uuid

import pytest

from rooms.kernel import rate_limits
from rooms.models import Membership, Message, Room
from rooms.services import direct_messages, messages

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


def test_eleven_messages_in_ten_seconds_are_too_many(web, alice, lobby, redis_server):
    with web.open(alice, "lobby") as socket:
        for n in range(11):
            socket.send("send", message=f"message {n}")
        error = socket.wait("error")
    assert error["code"] == "rate_limited"
    assert 0 < error["retry_after"] <= 10
    assert sum(event["type"] == "ack" for event in socket.seen) == 10


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
