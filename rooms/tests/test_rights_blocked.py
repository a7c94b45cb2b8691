"""Nobody can find out that they are blocked: whatever they do, and whatever they look at afterwards, is answered as by
somebody who hides their presence, wants to be asked before they are added to rooms, and has not answered yet.

The same things are done twice, once by somebody who is blocked, and the answers and what is published are compared.
"""

from datetime import datetime

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from presence.types import PresenceStatus
from rooms.models import RoomKind
from rooms.services import (
    blocks,
    contact_permissions,
    direct_messages,
    membership,
    messages,
    moderation,
    personal_invitations,
)

from .operations import Operation, Target, normal, operations, signed_in, without_chance
from .rows import picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited", "patient_presence")]

FRAMED = "page GET room_people"  # a page that is looked at with its frame after each act
ROOMS = ["public", "shared", "own", "theirs", "direct"]


@pytest.fixture
def world(alice, bob, charlie, monkeypatch):
    """alice, whom bob may block, the rooms in which they meet, and what is published to anybody but bob."""
    monkeypatch.setattr(
        "presence.sync_client.get_status", lambda ids: dict.fromkeys(ids, PresenceStatus(True, False, 1_700_000_000))
    )
    rooms = {
        "public": membership.get_or_create_and_join(charlie, "Lobby"),
        "shared": membership.create_room(charlie, "Shared", RoomKind.PRIVATE),
        "own": membership.create_room(alice, "Own", RoomKind.PRIVATE),
        "theirs": membership.create_room(bob, "Theirs", RoomKind.PRIVATE),
        "direct": direct_messages.get_or_create_direct_message(alice, "bob"),
    }
    for name, users in {"public": (alice, bob), "shared": (alice, bob), "own": (charlie,), "theirs": (alice,)}.items():
        for user in users:
            membership.add_member(rooms[name], user)
    moderation.appoint(charlie, rooms["shared"].name, alice.id, "moderator")
    contact_permissions.save_settings(bob.id, ask_before_adding=True, hide_presence=True)
    targets = {}
    for name, room in rooms.items():
        said = messages.post(alice if name == "own" else bob, room.name, f"hello @alice from {name}")
        mine = messages.post(alice, room.name, "hello @bob", reply_to=said.message_id)
        messages.react(alice, room.name, said.message_id, "🎉")
        targets[name] = Target(room.name, mine.message_id if name == "own" else said.message_id, 1, "bob")
    published = []

    def submit(group, payload):
        if group != f"user_{bob.id}":
            published.append(without_chance(f"{group} {payload}"))

    monkeypatch.setattr("rooms.publishing.publisher.submit", submit)
    return targets, published


@pytest.mark.long
@pytest.mark.any_database  # it compares two answers of one; test_rights.py does the same things on both
@pytest.mark.parametrize("name", ROOMS)
def test_a_blocked_person_cannot_tell(alice, bob, world, tried, django_capture_on_commit_callbacks, name):
    targets, published = world
    target, client = targets[name], signed_in(alice)
    acts = [each for each in operations() if each.method != "GET" and (name == "public" or is_about_a_room(each))]
    views = [each for each in operations() if each.method == "GET" and (name == "public" or is_about_a_room(each))]
    afterwards = [view for view in views if is_about_a_room(view) and view.label != "page GET room"]
    assert FRAMED in {view.label for view in afterwards}

    cookies, seen = client.cookies.copy(), {}

    def looked_at(views: list[Operation], since: datetime) -> dict[str, tuple]:
        """What she sees. Where an act left what another one had left, that was looked at then."""
        known = seen.setdefault((picture(since), repr(sorted(client.session.items()))), {})
        new = [view for view in views if view.label not in known]
        # The frame is the same around all pages: after an act, one of them is enough.
        panels = {view.label for view in afterwards if not view.is_api} - {FRAMED} if views is afterwards else set()
        known |= {view.label: normal(view.run(client, target, view.label in panels)) for view in new}
        return {view.label: known[view.label] for view in views}

    def played(act: Operation | None, is_blocked: bool) -> dict[str, tuple]:
        """What alice is answered, and what she and others hear of it; then what she sees, unless it was refused."""
        published.clear()
        since, client.cookies = timezone.now(), cookies.copy()
        with transaction.atomic():
            if is_blocked:
                blocks.block(bob, "alice")
            with django_capture_on_commit_callbacks(execute=True):
                found = {"answer": normal(act.run(client, target))} if act else {}
            found["told"] = (*sorted(published), *said_on_the_next_page(client))
            if not act or found["answer"][0] < 400:
                found |= looked_at(afterwards if act else views, since)
            transaction.set_rollback(True)
        return found

    cells = 0
    for act in [None, *acts]:
        free, blocked = played(act, False), played(act, True)
        for what, answer in free.items():
            assert blocked[what] == answer, (act.label if act else "nothing", what)
        assert free.keys() == blocked.keys()
        cells += len(free)
    tried(f"cells of what a blocked person is told ({name})", cells)


def said_on_the_next_page(client) -> list[str]:
    """What a form has to say; the pages afterwards do without."""
    request = HttpRequest()
    if cookie := client.cookies.pop("messages", None):
        request.COOKIES["messages"] = cookie.value
    return [f"{said.level_tag}: {said}" for said in CookieStorage(request)]


def is_about_a_room(operation: Operation) -> bool:
    return "<str:name>" in operation.path


def test_who_invites_sees_the_same_for_every_reason_to_stay_away(alice, bob, charlie, make_user):
    """Declined, blocked before or after, left, not looked at: one picture."""
    room = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    names = ["declined", "blocks", "blocks_later", "left", "waits"]
    people = {name: make_user(name) for name in names}
    blocks.block(people["blocks"], "alice")
    membership.add_member(room, people["left"])
    membership.leave(people["left"], room.name)
    client = signed_in(alice)

    def about(name: str) -> list:
        target = Target(room.name, person=name)
        wanted = ("POST invite", "page POST about: invite", "POST withdraw", "page POST about: withdraw")
        found = [
            normal(act.run(client, target), room, name, f'"id":{people[name].id},', f" hue-{people[name].id * 5 % 12}")
            for act in operations()
            if act.label in wanted
        ]
        return [found, client.get(f"/chat/{room.name}/about/").status_code]

    for name in names:
        assert not personal_invitations.invite(alice, room.name, name).is_member
    personal_invitations.decline(people["declined"], personal_invitations.pending_for(people["declined"].id)[0].id)
    blocks.block(people["blocks_later"], "alice")
    pictures = [about(name) for name in names]
    assert all(picture == pictures[0] for picture in pictures)
