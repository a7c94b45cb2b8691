"""The HTTP API of rooms and messages: the same objects as on the socket, and nothing of a room that is not for me."""

import uuid

import pytest

from rooms.models import Membership, Message, Room
from rooms.services import direct_messages, membership, messages

from .api_client import Api, code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


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
        "posting": "everyone",
        "slow_mode": 0,
        "files_days": 0,
        "inviters": "members",
        "callers": "moderators",
        "with": None,
        "seq": 1,
        "read": 0,
        "unread": 1,
        "mention": True,
        "mentions": 1,
        "muted": False,
        "muted_until": None,
        "level": "mentions",
        "starred": False,
        "position": 0,
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
    with django_assert_max_num_queries(7):
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
    told = Message.objects.order_by("pk").values_list("text", flat=True)
    assert list(told) == ["set the topic to “Tea and cake”", "changed the description of the room"]
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


def test_a_direct_message_says_whether_the_other_is_here(client, alice, bob, lobby):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    client.force_login(alice)
    found = client.get(f"/api/rooms/{direct.name}/online").json()
    assert found["status"] == {"state": "gone", "seen": None}


def test_a_room_says_nothing_of_that_kind(client, alice):
    membership.get_or_create_and_join(alice, "Lobby")
    client.force_login(alice)
    assert "status" not in client.get("/api/rooms/lobby/online").json()
