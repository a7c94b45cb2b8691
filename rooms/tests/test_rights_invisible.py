"""A room that somebody may not see, and a message of another room, look exactly like ones that do not exist.

At every address that names a room, with every method and body, for every kind of person who does not belong there.
"""

from dataclasses import replace

import pytest
from django.db import connection

from accounts.models import User
from rooms import actions, blocks, closing, membership, moderation, personal_invitations, talks
from rooms.door import Visit, identify
from rooms.models import Kind, Membership, Message, Room
from rooms.names import random_slug

from .operations import Operation, Target, normal, operations, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

OUTSIDERS = ["stranger", "former", "removed", "banned", "pending", "blocked", "bot", "staff"]
SEARCHES = [
    Operation("GET search in a room", "GET", "/api/search?q=hello&room=<str:name>"),
    Operation("page GET search in a room", "GET", "/search/?q=hello&room=<str:name>", is_api=False),
]


@pytest.fixture
def outsiders(alice, make_user) -> dict[str, User]:
    return {kind: make_user(f"the_{kind}", is_bot=kind == "bot", is_staff=kind == "staff") for kind in OUTSIDERS}


def private(owner: User, outsiders: dict[str, User], title: str) -> Room:
    """A private room to which none of them belongs, each for a reason of their own."""
    room = membership.create(owner, title, Kind.PRIVATE)
    for kind in ("former", "removed"):
        membership.join(room, outsiders[kind])
    membership.leave(outsiders["former"], room.name)
    moderation.remove(owner, room.name, outsiders["removed"].id)
    moderation.remove(owner, room.name, outsiders["banned"].id, ban=True)
    personal_invitations.invite(owner, room.name, outsiders["pending"].username)
    blocks.block(owner, outsiders["blocked"].username)
    return room


ROOMS = ["private", "archived", "direct", "direct with a bot"]


@pytest.fixture
def invisible(alice, bob, bot_user, outsiders, settings):
    """invisible("archived"): a room of that kind in which alice said something, and none of the outsiders is."""

    def make(what: str) -> Room:
        if what.startswith("direct"):
            room = talks.open_talk(alice, settings.BOT_NAME if "bot" in what else "bob")
        else:
            room = private(alice, outsiders, "Plans")
        actions.post(alice, room.name, "hello")
        if what == "archived":
            closing.close(alice, room.name)
        return room

    return make


def state() -> list:
    """Everything that an operation could have changed."""
    rows = [
        Room.objects.values_list("name", "seq", "topic", "closed"),
        Membership.objects.values_list("room", "user", "role", "banned", "read_seq"),
        Message.objects.values_list("pk", "text", "deleted"),
    ]
    return [sorted(each) for each in rows]


@pytest.mark.parametrize("what", ROOMS)
def test_an_invisible_room_looks_like_a_missing_one(alice, invisible, outsiders, tried, what):
    wanted = with_variants([each for each in [*operations(), *SEARCHES] if "<str:name>" in each.path])
    room = invisible(what)
    message = room.messages.latest("pk").pk
    here = Target(room.name, message, message, alice.username)
    missing = replace(here, room=random_slug(room.kind))
    before, cells = state(), 0
    for kind, user in outsiders.items():
        client = signed_in(user)
        for operation in wanted:
            shown, queries = seen(operation, client, here)
            expected, as_many = seen(operation, client, missing)
            assert shown == expected, (kind, operation.label)
            assert queries == as_many, (kind, operation.label)
            cells += 1
        key = client.session.session_key
        found, none = identify([Visit(("session", key), name) for name in (here.room, missing.room)])
        assert (found.why, found.reason) == (none.why, none.reason) == ("not_found", "There is no such room.")
        cells += 1
    assert state() == before
    assert len(wanted) > 80
    assert cells == (len(wanted) + 1) * len(OUTSIDERS)
    tried(f"cells: invisible ({what}) looks like missing", cells)


def with_variants(wanted: list[Operation]) -> list[Operation]:
    """Each also with HEAD, or without its body, or by a method that is not offered."""
    heads = [replace(each, method="HEAD", label=f"HEAD {each.label}") for each in wanted if each.method == "GET"]
    empty = [replace(each, body={}, label=f"{each.label} without a body") for each in wanted if each.body]
    others = [replace(each, method="DELETE", label=f"DELETE {each.label}") for each in wanted if each.method == "GET"]
    return [*wanted, *heads, *empty, *others]


def seen(operation: Operation, client, target: Target) -> tuple[tuple[int, str, str], int]:
    queries = []

    def count(execute, *statement):
        queries.append(statement)
        return execute(*statement)

    with connection.execute_wrapper(count):
        answer = operation.run(client, target)
    assert answer.status_code in (400, 403, 404, 405), (operation.label, answer.status_code)
    return normal(answer, target.room), len(queries)


# --- messages of other rooms ---

INSIDERS = ["member", "moderator", "owner", "bot", "staff"]


@pytest.mark.parametrize("here", ["public", "private"])
def test_a_message_of_another_room_looks_like_a_missing_one(alice, bob, make_user, tried, here):
    people = {kind: make_user(f"the_{kind}", is_bot=kind == "bot", is_staff=kind == "staff") for kind in INSIDERS}
    rooms = {
        "public": membership.open_room(people["owner"], "Lobby"),
        "private": membership.create(people["owner"], "Plans", Kind.PRIVATE),
        "shared": membership.create(people["owner"], "Shared", Kind.PRIVATE),
        "hidden": membership.create(alice, "Hidden", Kind.PRIVATE),
        "direct": talks.open_talk(alice, "bob"),
    }
    for room in (rooms["public"], rooms["private"], rooms["shared"]):
        for user in people.values():
            membership.join(room, user)
        moderation.appoint(people["owner"], room.name, people["moderator"].id, "moderator")
    said = {name: actions.post(room.created_by, room.name, "hello").message_id for name, room in rooms.items()}
    about_messages = [each for each in operations() if each.is_api and needs_message(each)]
    about_messages.append(
        Operation(
            "POST messages: reply_to",
            "POST",
            "/api/rooms/<str:name>/messages",
            {"message": "x", "reply_to": "{message}"},
        )
    )
    before, cells = state(), 0
    for kind, user in people.items():
        client = signed_in(user)
        for elsewhere in (name for name in rooms if name != here):
            other = Target(rooms[here].name, said[elsewhere], said[elsewhere])
            missing = replace(other, message=10**9, reply=10**9)
            for operation in about_messages:
                answers = [normal(operation.run(client, target)) for target in (other, missing)]
                assert answers[0] == answers[1], (kind, elsewhere, operation.label)
                assert answers[0][0] in (404, 405), (kind, elsewhere, operation.label)
                cells += 1
    assert state() == before
    assert len(about_messages) >= 9
    tried(f"cells: a message of another room than a {here} one looks like a missing one", cells)


def needs_message(operation: Operation) -> bool:
    return "message_id" in operation.path or "message_id" in operation.body
