"""Tokens that are for some rooms only: at every address, by every command and on sockets, nothing of another room."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Token, User
from accounts.scopes import Scope
from accounts.security import authentication
from accounts.token_places import TokenRoom, rooms_of, titles_of
from files.incoming import IncomingFile
from mysite.monitoring import status
from rooms.models import Attachment, Room
from rooms.realtime.authentication import Refused, identify_many
from rooms.services import direct_messages, membership, messages, pinning, token_rooms, uploads

from .operations import Target, operations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]
WORD = "quokka"  # stands in everything of the other room

# What such a token may do where no room is named; everything else of that kind is refused.
ELSEWHERE = {"GET rooms", "GET search", "GET me", "GET emoji"}
OWN_FILES = {"PATCH own_file", "DELETE own_file", "GET upload", "PATCH upload", "DELETE upload"}


@pytest.fixture
def garden(alice, bob) -> Room:
    room = membership.create_room(alice, "Garden", "private")
    membership.add_member(room, bob)
    return room


@pytest.fixture
def other(alice, bob) -> Room:
    """With all that a room can have."""
    room = membership.create_room(alice, f"The {WORD}", "private", f"about a {WORD}")
    membership.add_member(room, bob)
    said = messages.post(bob, room.name, f"a {WORD} for @alice").message_id
    pinning.pin(alice, room.name, said)
    return room


def take_in(user: User, room: Room) -> Attachment:
    incoming = IncomingFile("notes.txt")
    incoming.write(room.name.encode())
    incoming.finish()
    taken = uploads.take_in(user, room.name, incoming)
    incoming.discard()
    return taken


def limited(user: User, *rooms: Room, scope: Scope = Scope.MANAGE) -> Client:
    _token, secret = Token.issue(user, "x", scope, None, [room.pk for room in rooms])
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_of_another_room_it_learns_nothing_at_any_address_and_by_no_command(alice, bob, garden, other, capsys):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    messages.post(bob, direct.name, f"a {WORD} in private")
    client, refused = limited(alice, garden), 0
    said = other.messages.latest("pk").pk
    before = other.messages.count(), Room.objects.count()
    for room in (other, direct):
        for each in operations():
            answer = each.run(client, Target(room=room.name, message=said, person="bob"))
            shown = b"".join(answer) if answer.streaming else answer.content
            assert WORD.encode() not in shown, each.label
            if each.is_api and "<str:name>" in each.path:
                assert answer.json()["reason"] in ("no_such_room", "insufficient_scope", "method_not_allowed"), (
                    each.label
                )
            elif each.is_api and each.label not in ELSEWHERE | OWN_FILES:
                reasons = ("token_of_some_rooms", "insufficient_scope", "method_not_allowed")
                assert answer.json()["reason"] in reasons, (each.label, answer.content)
            refused += answer.status_code >= 400
    assert (other.messages.count(), Room.objects.count()) == before
    assert refused > 100
    with capsys.disabled():
        print(f"\n{refused} refusals of a token of another room")


def test_in_its_room_it_does_what_its_scope_allows(alice, garden, other):
    client = limited(alice, garden)
    assert client.get(f"/api/rooms/{garden.name}").json()["title"] == "Garden"
    made = client.post(f"/api/rooms/{garden.name}/messages", {"message": "hi"}, "application/json")
    assert made.status_code == 201
    assert client.patch(f"/api/rooms/{garden.name}", {"topic": "roses"}, "application/json").status_code == 200
    reader = limited(alice, garden, scope=Scope.READ)
    answer = reader.post(f"/api/rooms/{garden.name}/messages", {"message": "hi"}, "application/json")
    assert answer.json()["reason"] == "insufficient_scope"


def test_lists_and_searches_are_of_its_rooms(alice, bob, garden, other):
    messages.post(bob, garden.name, f"no {WORD} here")
    client = limited(alice, garden)
    found = client.get("/api/rooms").json()
    assert [room["name"] for room in found["rooms"]] == [garden.name]
    assert (found["inbox"], found["blocked"], found["invitations"]) == (0, [], [])
    hits = client.get(f"/api/search?q={WORD}").json()["hits"]
    assert [hit["room"]["name"] for hit in hits] == [garden.name]
    for where in (f"room={other.name}&q=a", f"q=a in:{other.name}"):
        assert client.get(f"/api/search?{where}").json()["reason"] == "no_such_room"


def test_nothing_is_forwarded_to_another_room(alice, garden, other):
    said = messages.post(alice, garden.name, "hello").message_id
    path = f"/api/rooms/{garden.name}/messages/{said}/forward"
    answer = limited(alice, garden).post(path, {"to": other.name}, "application/json")
    assert (answer.status_code, answer.json()["reason"]) == (404, "no_such_room")


def test_files_of_other_rooms_are_absent(alice, garden, other):
    here, there, waiting = take_in(alice, garden), take_in(alice, other), take_in(alice, other)
    messages.post(alice, garden.name, "look", files=[here.key])
    messages.post(alice, other.name, "look", files=[there.key])
    client = limited(alice, garden)

    def shown(file: Attachment) -> int:
        return client.get(reverse("file", args=[file.key, file.name])).status_code

    assert (shown(here), shown(there), shown(waiting)) == (200, 404, 404)
    assert client.delete(f"/api/files/{waiting.key}").json()["reason"] == "no_such_file"
    assert Attachment.objects.filter(pk=waiting.pk).exists()


def test_it_is_no_way_to_figures_for_staff(alice, garden):
    User.objects.filter(pk=alice.pk).update(is_staff=True, server_role="admin")
    _token, secret = Token.issue(alice, "x", Scope.READ, None, [garden.pk])
    assert not status._is_staff({}, f"Bearer {secret}")


def test_a_page_socket_is_refused_and_a_room_socket_only_elsewhere(alice, garden, other):
    token, _secret = Token.issue(alice, "x", Scope.WRITE, None, [garden.pk])
    (refused,) = identify_many([("token", token.digest)])
    assert isinstance(refused, Refused)
    assert refused.reason == "token_of_some_rooms"
    user = authentication.get_token_users([token.digest])[token.digest]
    entered = membership.get_or_join_many([(user, garden.name), (user, other.name)])
    assert entered[0] == garden
    assert entered[1].reason == "no_such_room"


@pytest.mark.django_db(transaction=True)
def test_its_socket_hears_nothing_of_other_rooms(web, hub, within, alice, bob, garden, other):
    _token, secret = Token.issue(alice, "x", Scope.WRITE, None, [garden.pk])
    headers = {"Authorization": f"Bearer {secret}"}
    with web.open(None, garden.name, headers=headers, origin="") as socket, web.open(alice, garden.name) as hers:
        socket.wait("welcome")
        hers.wait("welcome")
        messages.post(bob, other.name, f"@alice a {WORD}")
        within(hub._periodic_tasks.unread_notifier.notify, hub.people)
        heard: set[str] = set()
        while not heard >= {"unread", "inbox"}:
            heard.add(hers.next()["type"])
        messages.post(bob, garden.name, "the last word")
        while (event := socket.next()).get("message") != "the last word":
            assert event["type"] not in ("unread", "inbox")
            assert WORD not in json.dumps(event)


def test_the_rooms_to_choose_from_are_ones_own_without_direct_messages(alice, bob, garden, other):
    direct_messages.get_or_create_direct_message(alice, "bob")
    membership.create_room(bob, "Not mine", "private")
    chosen = TokenRoom(garden.pk, garden.name, "Garden")
    assert rooms_of(alice) == token_rooms.choices_of(alice) == [chosen, (other.pk, other.name, other.title)]
    token, _secret = Token.issue(alice, "x", Scope.READ, None, [garden.pk])
    assert titles_of(token, rooms_of(alice)) == ["Garden"]
    membership.leave(alice, garden.name)
    assert titles_of(token, rooms_of(alice)) == []
