"""A room that somebody may not see, and a message of another room, look exactly like ones that do not exist.

At every address that names a room, with every method and body, for every kind of person who does not belong there.
"""

from dataclasses import replace

import pytest
from django.db import connection

from accounts.models import User
from rooms.kernel.slugs import random_name
from rooms.models import Membership, Message, Room, RoomKind
from rooms.realtime.authentication import Credentials, authenticate_many
from rooms.services import archiving, blocks, direct_messages, membership, messages, moderation, personal_invitations

from .operations import Operation, Target, normal, operations, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited", "patient_presence")]

KNOWN, OTHERS = ["former", "removed", "banned", "pending"], ["stranger", "blocked", "bot", "staff"]
OUTSIDERS = [*KNOWN, *OTHERS]
SEARCHES = [
    Operation("GET search in a room", "GET", "/api/search?q=hello&room=<str:name>"),
    Operation("page GET search in a room", "GET", "/search/?q=hello&room=<str:name>", is_api=False),
]


@pytest.fixture
def outsiders(alice, make_user) -> dict[str, User]:
    return {kind: make_user(f"the_{kind}", is_bot=kind == "bot", is_staff=kind == "staff") for kind in OUTSIDERS}


def private(owner: User, outsiders: dict[str, User], title: str) -> Room:
    """A private room to which none of them belongs, each for a reason of their own."""
    room = membership.create_room(owner, title, RoomKind.PRIVATE)
    for kind in ("former", "removed"):
        membership.add_member(room, outsiders[kind])
    membership.leave(outsiders["former"], room.name)
    moderation.remove(owner, room.name, outsiders["removed"].id)
    moderation.remove(owner, room.name, outsiders["banned"].id, ban=True)
    personal_invitations.invite(owner, room.name, outsiders["pending"].username)
    blocks.block(owner, outsiders["blocked"].username)
    return room


# Whoever was taken out of a room is told so at its address, and nowhere else.
TOLD_AT = "/chat/<str:name>/"
# By the kind of the missing room that they look like.
ROOMS = {"private": ["private", "archived"], "direct": ["direct", "direct with a bot"]}


@pytest.fixture
def invisible(alice, bob, bot_user, outsiders, settings):
    """invisible("archived"): a room of that kind in which alice said something, and none of the outsiders is."""

    def make(what: str) -> Room:
        if what.startswith("direct"):
            room = direct_messages.get_or_create_direct_message(alice, settings.BOT_NAME if "bot" in what else "bob")
        else:
            room = private(alice, outsiders, "Plans")
        messages.post(alice, room.name, "hello")
        if what == "archived":
            archiving.archive(alice, room.name)
        return room

    return make


def state() -> list:
    """Everything that an operation could have changed."""
    rows = [
        Room.objects.values_list("name", "seq", "topic", "archived"),
        Membership.objects.values_list("room", "user", "role", "banned", "read_seq"),
        Message.objects.values_list("pk", "text", "deleted"),
    ]
    return [sorted(each) for each in rows]


@pytest.mark.long
@pytest.mark.any_database  # what is said of a refusal is made of no rows; test_rights.py has all of it refused by both
@pytest.mark.parametrize("group", [KNOWN, OTHERS], ids=["known there", "others"])
@pytest.mark.parametrize("kind", ROOMS)
def test_an_invisible_room_looks_like_a_missing_one(alice, invisible, outsiders, tried, kind, group):
    wanted = with_variants([each for each in [*operations(), *SEARCHES] if "<str:name>" in each.path])
    targets = [target_in(invisible(what), alice) for what in ROOMS[kind]]
    missing = replace(targets[0], room=random_name(kind))
    before, cells = state(), 0
    for person in group:
        client = signed_in(outsiders[person])
        for operation in wanted:
            expected = seen(operation, client, missing)
            for what, target in zip(ROOMS[kind], targets, strict=True):
                found = seen(operation, client, target)
                cells += 1
                is_told = person == "removed" and operation.path == TOLD_AT and "A moderator has removed" in found[0][2]
                assert found == expected or (is_told and found[0][:2] == expected[0][:2]), (
                    person,
                    what,
                    operation.label,
                )
        key = client.session.session_key
        none, *found = authenticate_many([Credentials(("session", key), target.room) for target in (missing, *targets)])
        for each in found:
            assert each.reason == none.reason == "no_such_room"
            cells += 1
    assert state() == before
    assert len(wanted) > 80
    assert cells == (len(wanted) + 1) * len(group) * len(targets)
    tried(f"cells: invisible ({', '.join(ROOMS[kind])}) looks like missing", cells)


def target_in(room: Room, person: User) -> Target:
    message = room.messages.latest("pk").pk
    return Target(room.name, message, message, person.username)


def with_variants(wanted: list[Operation]) -> list[Operation]:
    """Each also with HEAD, or without its body, or by a method that is not offered."""
    heads = [replace(each, method="HEAD", label=f"HEAD {each.label}") for each in wanted if each.method == "GET"]
    empty = [replace(each, body={}, label=f"{each.label} without a body") for each in wanted if each.body]
    others = [replace(each, method="DELETE", label=f"DELETE {each.label}") for each in wanted if each.method == "GET"]
    return [*wanted, *heads, *empty, *others]


def seen(operation: Operation, client, target: Target) -> tuple[tuple[int, str, str], int]:
    """What is answered, and how many queries it took."""
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
        "public": membership.get_or_create_and_join(people["owner"], "Lobby"),
        "private": membership.create_room(people["owner"], "Plans", RoomKind.PRIVATE),
        "shared": membership.create_room(people["owner"], "Shared", RoomKind.PRIVATE),
        "hidden": membership.create_room(alice, "Hidden", RoomKind.PRIVATE),
        "direct": direct_messages.get_or_create_direct_message(alice, "bob"),
    }
    for room in (rooms["public"], rooms["private"], rooms["shared"]):
        for user in people.values():
            membership.add_member(room, user)
        moderation.appoint(people["owner"], room.name, people["moderator"].id, "moderator")
    said = {name: messages.post(room.created_by, room.name, "hello").message_id for name, room in rooms.items()}
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
        missing = Target(rooms[here].name, 10**9, 10**9)
        for operation in about_messages:
            expected = normal(operation.run(client, missing))
            # 403: who may not pin is told so, whatever the message.
            assert expected[0] in (403, 404, 405), (kind, operation.label)
            for elsewhere in (name for name in rooms if name != here):
                other = replace(missing, message=said[elsewhere], reply=said[elsewhere])
                assert normal(operation.run(client, other)) == expected, (kind, elsewhere, operation.label)
                cells += 1
    assert state() == before
    assert len(about_messages) >= 9
    tried(f"cells: a message of another room than a {here} one looks like a missing one", cells)


def needs_message(operation: Operation) -> bool:
    return "message_id" in operation.path or "message_id" in operation.body
