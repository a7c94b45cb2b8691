"""Who may create rooms on the server: ROOM_CREATORS."""

import io

import pytest
from django.core.management import call_command

from accounts.role_changes import change_role
from accounts.roles import ServerRole
from rooms.kernel.errors import ChatError
from rooms.models import Membership, Room, RoomKind
from rooms.services import creation, membership

from .operations import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


@pytest.fixture
def moderators_create(settings):
    settings.ROOM_CREATORS = "moderators"


def refused(act, *args) -> bool:
    with pytest.raises(ChatError) as caught:
        act(*args)
    return caught.value.reason == "cannot_create_rooms"


@pytest.mark.usefixtures("moderators_create")
def test_members_create_none_by_any_way(alice):
    client, before = signed_in(alice), Room.objects.count()
    assert refused(membership.create_room, alice, "Plans", RoomKind.PRIVATE)
    assert refused(membership.create_room, alice, "Plans")
    assert refused(creation.create, alice, "Plans", RoomKind.PUBLIC)
    answer = client.post("/api/rooms", {"title": "Plans"}, "application/json")
    assert (answer.status_code, answer.json()["reason"]) == (403, "cannot_create_rooms")
    for address, fields in (("/new-room/", {"title": "Plans", "kind": "public"}), ("/chat/", {"title": "Plans"})):
        assert "you cannot create rooms" in client.post(address, fields).content.decode()
    assert client.get("/new-room/").status_code == 404
    assert Room.objects.count() == before


def test_what_is_there_already_is_joined_as_before(charlie, lobby, settings):
    settings.ROOM_CREATORS = "moderators"
    assert membership.create_room(charlie, "Lobby") == lobby
    assert Membership.objects.filter(room=lobby, user=charlie).exists()


@pytest.mark.usefixtures("moderators_create")
@pytest.mark.parametrize("role", [ServerRole.MODERATOR, ServerRole.ADMIN, ServerRole.OWNER])
def test_moderators_and_staff_of_the_server_do(make_user, role):
    change_role(user := make_user("anna"), role, None)
    assert membership.create_room(user, "Plans", RoomKind.PRIVATE).created_by == user
    assert 'href="/new-room/"' in signed_in(user).get("/chat/").content.decode()


@pytest.mark.usefixtures("moderators_create")
def test_pages_offer_nothing_that_is_refused(alice):
    client = signed_in(alice)
    for address in ("/chat/", "/chat/?q=nowhere", "/chat/nowhere/"):
        page = client.get(address).content.decode()
        assert "/new-room/" not in page and "create-room" not in page


@pytest.mark.usefixtures("moderators_create")
def test_a_command_creates_one_for_anybody(alice):
    for arguments in (["Plans"], ["Secret plans", "--private"]):
        call_command("createroom", *arguments, "--owner", "alice", stdout=io.StringIO())
    assert Membership.objects.filter(user=alice, role="owner").count() == 2


def test_everybody_does_without_the_setting(alice):
    assert membership.create_room(alice, "Plans", RoomKind.PRIVATE).created_by == alice
