"""The HTTP API: the same objects and errors as on the socket, and nothing of a room that is not for me."""

import json
import logging
import uuid

import pytest
from django.db import OperationalError, connection
from django.test import Client

from accounts.models import Token
from rooms.kernel.errors import unavailable
from rooms.models import Membership, Message, Room
from rooms.services import direct_messages, membership, messages, moderation

pytestmark = pytest.mark.django_db

ALL = [
    ("GET", "/api/rooms"),
    ("POST", "/api/rooms"),
    ("POST", "/api/direct"),
    ("GET", "/api/search?q=x"),
    ("GET", "/api/rooms/{}"),
    ("PATCH", "/api/rooms/{}"),
    ("GET", "/api/rooms/{}/messages"),
    ("POST", "/api/rooms/{}/messages"),
    ("GET", "/api/rooms/{}/messages/1/reactions"),
    ("POST", "/api/rooms/{}/commands"),
    ("GET", "/api/rooms/{}/online"),
    ("POST", "/api/rooms/{}/invite"),
    ("POST", "/api/rooms/{}/remove"),
    ("POST", "/api/rooms/{}/ban"),
    ("POST", "/api/rooms/{}/appoint"),
    ("POST", "/api/rooms/{}/leave"),
]
BODIES = {
    "messages": {"message": "hi"},
    "commands": {"type": "read", "id": str(uuid.uuid4()), "seq": 1},
    "invite": {"username": "bob"},
    "remove": {"username": "bob"},
    "ban": {"username": "bob"},
    "appoint": {"username": "bob", "role": "moderator"},
    "leave": {},
}


class Api:
    """Calls with a person's token; answers are (status, JSON)."""

    def __init__(self, user):
        self._header = {"Authorization": f"Bearer {Token.issue(user, 'test')[1]}"}
        self._client = Client()

    def __call__(self, method, path, body=None):
        data = body if isinstance(body, (bytes, str)) else json.dumps(body or {})
        options = {} if method == "GET" else {"data": data, "content_type": "application/json"}
        answer = self._client.generic(method, path, headers=self._header, **options)
        assert answer["Content-Type"] == "application/json"
        assert answer["Cache-Control"] == "no-store"
        return answer.status_code, answer.json()

    def get(self, path):
        return self("GET", path)

    def post(self, path, body=None):
        return self("POST", path, body)


@pytest.fixture(autouse=True)
def no_limit(settings):
    settings.RATE_MESSAGES = 100_000


@pytest.fixture
def api(alice):
    return Api(alice)


def code(answer):
    status, body = answer
    assert {"code", "reason", "message"} <= set(body) <= {"code", "reason", "params", "message", "retry_after"}
    assert body["message"].endswith(".")
    return status, body["code"]


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
    assert Api(bob).get("/api/rooms")[1] == {"rooms": [], "blocked": [], "invitations": []}


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


def test_who_reacted_with_what(api, alice, bob, lobby):
    id = messages.post(alice, "lobby", "cake?").message_id
    for user, emoji in ((bob, "🎂"), (bob, "👍"), (alice, "🎂")):
        messages.react(user, "lobby", id, emoji)
    status, body = api.get(f"/api/rooms/lobby/messages/{id}/reactions")
    assert status == 200
    names = {each["emoji"]: [person["name"] for person in each["people"]] for each in body["reactions"]}
    assert names == {"🎂": ["bob", "alice"], "👍": ["bob"]}
    other = messages.post(alice, membership.create_room(alice, "Other").name, "elsewhere").message_id
    for wrong in (other, 2**70):
        assert code(api.get(f"/api/rooms/lobby/messages/{wrong}/reactions")) == (404, "not_found")


# --- rooms and direct messages ---


def test_my_rooms_say_what_is_unread_and_who_is_at_the_other_end(api, alice, bob, lobby):
    direct = direct_messages.get_or_create_direct_message(bob, "alice")
    messages.post(bob, "lobby", "hi @alice")
    messages.post(bob, direct.name, "psst")
    messages.post(bob, direct.name, "hello?")
    status, body = api.get("/api/rooms")
    assert status == 200
    found = {room["kind"]: room for room in body["rooms"]}
    assert [room["name"] for room in body["rooms"]] == [direct.name, "lobby"]  # the liveliest first
    assert found["public"] == {
        "name": "lobby",
        "title": "Lobby",
        "kind": "public",
        "topic": "",
        "description": "",
        "closed": False,
        "with": None,
        "seq": 1,
        "read": 0,
        "unread": 1,
        "mention": True,
        "muted": False,
        "online": 0,
        "here": None,
    }
    direct = found["direct"]
    assert (direct["title"], direct["unread"], direct["mention"]) == ("bob", 2, False)
    assert direct["with"] == {"id": bob.id, "name": "bob", "bot": False}


def test_the_list_of_rooms_costs_a_fixed_number_of_queries(api, alice, make_user, django_assert_max_num_queries):
    for number in range(4):
        make_user(f"friend{number}")
        direct_messages.get_or_create_direct_message(alice, f"friend{number}")
        membership.create_room(alice, f"Room {number}")
    with django_assert_max_num_queries(6):
        assert len(api.get("/api/rooms")[1]["rooms"]) == 8


def test_a_room_is_made_with_its_owner_in_it(api, alice):
    status, room = api.post("/api/rooms", {"title": "Café Döner"})
    assert (status, room["name"], room["title"], room["kind"]) == (201, "cafe-doner", "Café Döner", "public")
    assert Membership.objects.get(room__name="cafe-doner").user == alice
    status, secret = api.post("/api/rooms", {"title": "Plans", "kind": "private"})
    assert (status, secret["kind"], secret["title"]) == (201, "private", "Plans")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, "invalid"),
        ({"title": ""}, "invalid"),
        ({"title": "   "}, "invalid"),
        ({"title": "👍"}, "invalid"),
        ({"title": "x" * 81}, "too_long"),
        ({"title": "\x00"}, "invalid"),
        ({"title": ["x"]}, "invalid"),
        ({"title": "x", "kind": "direct"}, "invalid"),
        ({"title": "x", "owner": "bob"}, "invalid"),
    ],
)
def test_an_impossible_room_is_refused(api, body, expected):
    assert code(api.post("/api/rooms", body))[1] == expected
    assert not Room.objects.exists()


def test_a_direct_message_is_the_same_for_both(api, alice, bob):
    status, mine = api.post("/api/direct", {"username": "BOB"})
    _status, theirs = Api(bob).post("/api/direct", {"username": "alice"})
    assert (status, mine["kind"], mine["name"]) == (200, "direct", theirs["name"])
    assert (mine["with"]["name"], theirs["with"]["name"]) == ("bob", "alice")


@pytest.mark.parametrize(("username", "expected"), [("nobody", 404), ("alice", 400), ("", 404), ("a\x00", 404)])
def test_a_direct_message_needs_somebody_else(api, username, expected):
    assert api.post("/api/direct", {"username": username})[0] == expected


def test_the_topic_is_changed_and_told(api, lobby):
    status, room = api("PATCH", "/api/rooms/lobby", {"topic": "Tea\n and  cake", "description": "All of it."})
    assert (status, room["topic"], room["description"]) == (200, "Tea and cake", "All of it.")
    assert Message.objects.get().text == "set the topic to “Tea and cake”"
    assert code(api("PATCH", "/api/rooms/lobby", {"topic": "x" * 201}))[1] == "too_long"
    assert api("PATCH", "/api/rooms/lobby", {"topic": "a\x00b"})[1]["topic"] == "ab"
    assert api("PATCH", "/api/rooms/lobby", {"topic": ""})[1]["topic"] == ""
    assert Room.objects.get().description == "All of it."


def test_inviting_lets_in_and_leaving_goes(api, alice, charlie, lobby):
    room = membership.create_room(alice, "Plans", "private")
    membership.get_or_join(charlie, "lobby")  # where alice is: they need not be asked
    guest = Api(charlie)
    assert guest.get(f"/api/rooms/{room.name}")[0] == 404
    assert api.post(f"/api/rooms/{room.name}/invite", {"username": "charlie"})[1]["invited"]["name"] == "charlie"
    assert guest.get(f"/api/rooms/{room.name}")[0] == 200
    assert guest.post(f"/api/rooms/{room.name}/leave") == (200, {"left": room.name})
    assert guest.get(f"/api/rooms/{room.name}")[0] == 404


def test_moderators_remove_and_ban_and_the_owner_appoints(api, bob, charlie, lobby):
    membership.get_or_join(charlie, "lobby")
    theirs = {"username": "charlie"}
    assert code(Api(bob).post("/api/rooms/lobby/remove", theirs)) == (403, "forbidden")
    assert code(Api(bob).post("/api/rooms/lobby/appoint", theirs | {"role": "moderator"})) == (403, "forbidden")
    status, answer = api.post("/api/rooms/lobby/appoint", {"username": "BOB", "role": "moderator"})
    assert (status, answer["appointed"]["name"], answer["role"]) == (200, "bob", "moderator")
    assert Api(bob).post("/api/rooms/lobby/remove", theirs)[1]["removed"]["name"] == "charlie"
    membership.get_or_join(charlie, "lobby")
    assert Api(bob).post("/api/rooms/lobby/ban", theirs)[1]["banned"]["name"] == "charlie"
    assert Api(charlie).get("/api/rooms/lobby")[0] == 404
    assert code(api.post("/api/rooms/lobby/appoint", {"username": "bob", "role": "owner"})) == (400, "invalid")
    assert code(api.post("/api/rooms/lobby/remove", {"username": "nobody"})) == (404, "not_found")


def test_who_is_online_is_named(api, lobby, alice, bob, monkeypatch):
    from presence.types import OnlineList

    monkeypatch.setattr("presence.sync_client.get_online", lambda room: OnlineList([bob.id, alice.id, 10**9], 3))
    people = [{"id": bob.id, "name": "bob", "bot": False}, {"id": alice.id, "name": "alice", "bot": False}]
    assert api.get("/api/rooms/lobby/online") == (200, {"online": people, "count": 3, "stale": False})


# --- messages ---


def test_a_message_posted_is_the_message_read(api, lobby, alice):
    id = str(uuid.uuid4())
    status, posted = api.post("/api/rooms/lobby/messages", {"id": id, "message": "hi **all**"})
    assert status == 201
    assert (posted["type"], posted["seq"], posted["client_id"], posted["room"]) == ("message", 1, id, "lobby")
    assert posted["html"] == "<p>hi <strong>all</strong></p>\n"
    assert api.get("/api/rooms/lobby/messages") == (200, {"messages": [posted], "more": False, "seq": 1})


def test_the_same_id_again_is_200_and_the_same_message(api, lobby):
    body = {"id": str(uuid.uuid4()), "message": "once"}
    first = api.post("/api/rooms/lobby/messages", body)
    assert api.post("/api/rooms/lobby/messages", body) == (200, first[1])
    assert Message.objects.count() == 1


def test_an_id_of_another_room_is_a_conflict(api, alice, lobby):
    membership.get_or_create_and_join(alice, "Other")
    body = {"id": str(uuid.uuid4()), "message": "once"}
    api.post("/api/rooms/lobby/messages", body)
    assert code(api.post("/api/rooms/other/messages", body)) == (409, "conflict")


def test_a_reply_quotes_and_only_within_the_room(api, alice, lobby):
    membership.get_or_create_and_join(alice, "Other")
    first = api.post("/api/rooms/lobby/messages", {"message": "question"})[1]
    reply = api.post("/api/rooms/lobby/messages", {"message": "answer", "reply_to": first["id"]})[1]
    assert reply["reply_to"] == {
        "id": first["id"],
        "sender": "alice",
        "sender_id": first["sender"]["id"],
        "excerpt": "question",
    }
    elsewhere = api.post("/api/rooms/other/messages", {"message": "x", "reply_to": first["id"]})
    assert code(elsewhere) == (404, "not_found")


def test_history_is_read_in_pages(api, alice, lobby):
    for number in range(7):
        messages.post(alice, "lobby", f"n{number}")
    texts = lambda query: [m["message"] for m in api.get(f"/api/rooms/lobby/messages?{query}")[1]["messages"]]  # noqa: E731
    newest = api.get("/api/rooms/lobby/messages?limit=3")[1]
    assert [message["message"] for message in newest["messages"]] == ["n4", "n5", "n6"]
    assert (newest["more"], newest["seq"]) == (True, 7)
    first = newest["messages"][0]["id"]
    assert texts(f"limit=3&before={first}") == ["n1", "n2", "n3"]
    assert texts(f"limit=2&after={first}") == ["n5", "n6"]
    assert texts(f"limit=3&around={first}") == ["n3", "n4", "n5"]
    assert texts("limit=1000") == [f"n{number}" for number in range(7)]


def test_commands_do_what_they_do_on_the_socket(api, alice, bob, lobby):
    posted = messages.post(alice, "lobby", "draft")
    id = str(uuid.uuid4())
    run = lambda caller, **fields: caller.post("/api/rooms/lobby/commands", {"id": id, **fields})  # noqa: E731
    edited = run(api, type="edit", message_id=posted.message_id, message="final")
    assert edited == (200, {"type": "ack", "id": id, "message_id": posted.message_id, "seq": 2})
    assert run(Api(bob), type="react", message_id=posted.message_id, emoji="👍")[1]["seq"] == 3
    assert run(Api(bob), type="read", seq=3) == (200, {"type": "ack", "id": id, "seq": 3})
    assert code(run(Api(bob), type="delete", message_id=posted.message_id)) == (403, "forbidden")
    assert run(api, type="delete", message_id=posted.message_id)[0] == 200
    assert code(run(api, type="typing")) == (400, "invalid")
    assert code(run(api, type="send", message="x")) == (400, "invalid")
    assert code(run(api, type="edit", message_id=10**9, message="x")) == (404, "not_found")


# --- when something is wrong ---


def test_who_writes_too_much_is_told_when_to_go_on(api, lobby, settings):
    settings.RATE_MESSAGES, settings.REDIS_PREFIX = 3, f"limits-{uuid.uuid4()}"
    answers = [api.post("/api/rooms/lobby/messages", {"message": "x"}) for _ in range(4)]
    assert [status for status, _body in answers] == [201, 201, 201, 429]
    assert 0 < answers[-1][1]["retry_after"] <= settings.RATE_SECONDS
    assert api.get("/api/rooms/lobby/messages")[0] == 200


def test_what_is_posted_without_a_script_counts_as_well(client, api, alice, lobby, settings):
    settings.RATE_MESSAGES, settings.REDIS_PREFIX = 2, f"limits-{uuid.uuid4()}"
    client.force_login(alice)
    for number in range(2):
        page = client.post("/chat/lobby/", {"message": f"n{number}", "id": str(uuid.uuid4())})
        assert page.status_code == 302
    page = client.post("/chat/lobby/", {"message": "too much", "id": str(uuid.uuid4())})
    assert (page.status_code, "You are sending messages too fast" in page.content.decode()) == (429, True)
    assert code(api.post("/api/rooms/lobby/messages", {"message": "too much"})) == (429, "rate_limited")
    assert Message.objects.count() == 2


@pytest.mark.parametrize("path", ["/api/rooms/lobby/messages", "/chat/lobby/"])
def test_what_could_not_be_posted_does_not_count(client, api, alice, lobby, settings, monkeypatch, path):
    settings.RATE_MESSAGES, settings.REDIS_PREFIX = 1, f"limits-{uuid.uuid4()}"
    client.force_login(alice)

    def post() -> int:
        if path.startswith("/api"):
            return api.post(path, {"message": "x"})[0]
        return client.post(path, {"message": "x", "id": str(uuid.uuid4())}).status_code

    with monkeypatch.context() as away:
        away.setattr("rooms.services.messages.post_many", lambda posts: [unavailable()])
        assert [post() for _ in range(3)] == [503] * 3
    assert [post() for _ in range(2)] == [201 if path.startswith("/api") else 302, 429]


@pytest.mark.parametrize(("method", "path"), ALL)
def test_a_database_that_is_away_is_unavailable(api, lobby, method, path, caplog):
    def away(*args):
        raise OperationalError("gone")

    with connection.execute_wrapper(away), caplog.at_level(logging.CRITICAL, "rooms.api.framework"):
        status, body = api(method, path.format("lobby"), BODIES.get(path.rsplit("/", 1)[-1]))
    assert (status, body["code"]) == (503, "unavailable")
    assert body["retry_after"] > 0


def test_a_fault_of_ours_is_a_number_to_quote_and_no_detail(api, lobby, monkeypatch, caplog):
    def fault(*args):
        raise KeyError("secret detail")

    monkeypatch.setattr("rooms.queries.history.rooms_of", fault)
    status, body = api.get("/api/rooms")
    assert (status, body["code"]) == (500, "internal")
    assert "secret" not in body["message"]
    quoted = body["message"].rstrip(".").split()[-1]
    assert quoted in caplog.text


def test_a_direct_message_says_whether_the_other_is_here(client, alice, bob, lobby):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    client.force_login(alice)
    found = client.get(f"/api/rooms/{direct.name}/online").json()
    assert found["status"] == {"state": "gone", "seen": None}


def test_a_room_says_nothing_of_that_kind(client, alice):
    membership.get_or_create_and_join(alice, "Lobby")
    client.force_login(alice)
    assert "status" not in client.get("/api/rooms/lobby/online").json()
