"""The HTTP API: who may call it, and what is no call."""

import json

import pytest
from django.test import Client

from accounts.models import Token
from rooms.models import Membership, Message
from rooms.services import direct_messages, membership, moderation

from .api_calls import ALL, BODIES
from .api_client import Api, code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


# --- who may call ---


@pytest.mark.parametrize(("method", "path"), ALL)
def test_nobody_gets_401_in_json_and_no_redirect(client, lobby, method, path):
    answer = client.generic(method, path.format("lobby"), data=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer wrong", "Basic YWxpY2U6eA==", "Bearer"])
def test_a_wrong_token_is_nobody_even_beside_a_session(client, alice, header):
    client.force_login(alice)
    assert client.get("/api/rooms", headers={"Authorization": header}).status_code == 401


def test_a_session_reads_and_writes_with_the_csrf_token_only(alice, lobby):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    assert browser.get("/api/rooms").status_code == 200
    refused = browser.post("/api/rooms/lobby/messages", {"message": "hi"}, "application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert not Message.objects.exists()
    browser.get("/accounts/profile/")
    header = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    done = browser.post("/api/rooms/lobby/messages", {"message": "hi"}, "application/json", headers=header)
    assert done.status_code == 201


def test_a_token_needs_no_csrf_token(alice, lobby):
    _token, secret = Token.issue(alice, "script")
    browser = Client(enforce_csrf_checks=True)
    headers = {"Authorization": f"Bearer {secret}"}
    answer = browser.post("/api/rooms/lobby/messages", {"message": "hi"}, "application/json", headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("kind", ["private", "direct"])
@pytest.mark.parametrize(("method", "path"), [row for row in ALL if "{}" in row[1]])
def test_a_room_that_is_not_for_me_looks_like_none(alice, bob, charlie, kind, method, path):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    room = direct if kind == "direct" else membership.create_room(alice, "Secret", "private")
    body = BODIES.get(path.rsplit("/", 1)[-1])
    outsider = Api(charlie)
    theirs = outsider(method, path.format(room.name), body)
    missing = outsider(method, path.format("private--0000"), body)
    assert theirs == missing
    assert code(theirs) == (404, "not_found")
    assert not Membership.objects.filter(user=charlie).exists()


def test_whoever_is_banned_sees_no_room(alice, bob, lobby):
    moderation.remove(alice, "lobby", bob.id, ban=True)
    assert code(Api(bob).get("/api/rooms/lobby/messages")) == (404, "not_found")
    assert code(Api(bob).post("/api/rooms/lobby/messages", {"message": "x"})) == (404, "not_found")
    # The inbox has what was done to them.
    assert Api(bob).get("/api/rooms")[1] == {"rooms": [], "blocked": [], "invitations": [], "inbox": 1}


# --- what is no call ---


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b'"x"', b"\xff\xfe", b"a=b", b"{}" + b" " * 10 + b"x"])
def test_a_body_that_is_no_json_object_is_invalid(api, lobby, body):
    assert code(api.post("/api/rooms/lobby/messages", body)) == (400, "invalid")


def test_a_large_body_is_too_long(api, lobby):
    assert code(api.post("/api/rooms/lobby/messages", json.dumps({"message": "x" * 70_000}))) == (413, "too_long")
    assert code(api.post("/api/rooms/lobby/messages", {"message": "x" * 8001})) == (413, "too_long")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": ""},
        {"message": 5},
        {"message": "x", "id": "no uuid"},
        {"message": "x", "reply_to": "1"},
        {"message": "x", "sender": 3},
        {"message": "\x00"},  # left out, as in a browser: nothing is left
        {"type": "delete", "message_id": 1},
    ],
)
def test_a_post_that_is_no_message_is_invalid(api, lobby, body):
    assert code(api.post("/api/rooms/lobby/messages", body)) == (400, "invalid")
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "query", ["before=x", "before=-1", "before=1.5", "after=99999999999999999999", "limit=many", "before=²", "around="]
)
def test_a_parameter_that_is_no_number_is_invalid(api, lobby, query):
    assert code(api.get(f"/api/rooms/lobby/messages?{query}")) == (400, "invalid")


def test_only_one_place_in_the_timeline_can_be_asked_for(api, lobby):
    assert code(api.get("/api/rooms/lobby/messages?before=1&after=2")) == (400, "invalid")


@pytest.mark.parametrize("name", ["%00", "a%00b", "Ä", "x" * 300, "..", "dm--", "%F0%9F%91%8D", "lobby%20"])
def test_an_impossible_room_name_is_not_found(api, lobby, name):
    assert code(api.get(f"/api/rooms/{name}/messages")) == (404, "not_found")
    assert code(api.post(f"/api/rooms/{name}/messages", {"message": "x"})) == (404, "not_found")


@pytest.mark.parametrize("path", ["/api/", "/api/nothing", "/api/rooms/lobby/nothing", "/api/rooms/lobby/messages/1"])
def test_an_unknown_address_is_an_error_in_json(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_method_that_is_not_offered_is_405(api, lobby):
    answer = api("DELETE", "/api/rooms/lobby/messages")
    assert (answer[0], answer[1]["code"]) == (405, "invalid")


def test_head_is_get_without_the_body(api, client, alice, lobby, settings):
    settings.RATE_MESSAGES = 1  # and counts no message
    client.force_login(alice)
    answers = [client.head("/api/rooms/lobby/messages") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {200} and answers[0].content == b""
    assert client.head("/api/rooms/nothing").status_code == 404


@pytest.mark.parametrize(
    ("path", "offered"),
    [("/api/rooms/lobby/messages", "GET, POST, HEAD, OPTIONS"), ("/api/direct", "POST, OPTIONS")],
)
def test_options_says_what_is_offered(client, path, offered):
    answer = client.options(path)
    assert (answer.status_code, answer.headers["Allow"]) == (204, offered)
    assert client.put(path).headers["Allow"] == offered
