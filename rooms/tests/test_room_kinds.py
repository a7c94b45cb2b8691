"""A room becomes private, or public: who may do it, what it means, and that others lose it at once."""

import asyncio
import threading

import pytest
from django.db import OperationalError

from accounts.models import Token
from accounts.scopes import Scope
from mysite.tests.waiting import PATIENCE
from rooms.kernel.db_executor import run_db
from rooms.kernel.errors import ChatError
from rooms.models import Invitation, Membership, Message, Notification, Role, Room, RoomKind
from rooms.queries import inbox
from rooms.queries.room_lists import list_rooms
from rooms.realtime import readers
from rooms.realtime.authentication import Credentials, authenticate_many, recheck
from rooms.search.directory import find_rooms
from rooms.search.message_search import search
from rooms.services import archiving, direct_messages, invitation_links, membership, messages, moderation
from rooms.services.room_kinds import change_kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


def refused(*args) -> str:
    with pytest.raises(ChatError) as caught:
        change_kind(*args)
    return caught.value.reason


def notices() -> list[str]:
    told = Message.objects.filter(kind="notice").order_by("id").values_list("notice", flat=True)
    return [each["reason"] for each in told]


# --- who may ---


def test_the_owner_and_staff_change_it_and_nobody_else(alice, bob, charlie, lobby, make_user):
    moderation.appoint(alice, "lobby", bob.id, Role.MODERATOR)
    for user in (bob, charlie):
        assert refused(user, "lobby", "private") == "cannot_change_kind"
    assert change_kind(alice, "lobby", "private").kind == "private"
    assert refused(bob, "lobby", "public") == "cannot_change_kind"
    assert refused(charlie, "lobby", "public") == "no_such_room"
    assert change_kind(alice, "lobby", "public").kind == "public"
    assert change_kind(make_user("root", is_staff=True), "lobby", "private").kind == "private"
    assert notices() == ["room_made_private", "room_made_public", "room_made_private"]


def test_other_kinds_and_direct_messages_are_refused_and_the_same_kind_changes_nothing(alice, lobby):
    for kind in ("direct", "secret", ""):
        assert refused(alice, "lobby", kind) == "unknown_room_kind"
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    assert refused(alice, direct.name, "public") == "direct_stays_private"
    assert change_kind(alice, "lobby", "public").kind == "public"
    assert notices() == []


def test_an_archived_room_changes_without_a_notice(alice, lobby):
    archiving.archive(alice, "lobby")
    assert change_kind(alice, "lobby", "private").kind == "private"
    assert notices() == ["room_archived"]


# --- what it means ---


def test_who_is_no_member_finds_a_private_room_nowhere(client, alice, bob, charlie, lobby):
    said = messages.post(alice, "lobby", "The marmalade recipe for @charlie")
    assert Notification.objects.filter(user=charlie).exists() or inbox.unread_counts([charlie.id])
    change_kind(alice, "lobby", "private")
    assert [each.room for each in find_rooms(charlie, "lobb", 20)[0]] == []
    assert list_rooms(charlie.id, "", 0, 10).rooms == []
    assert [hit.message.id for hit in search(charlie.id, "marmalade").hits] == []
    assert inbox.page(charlie.id).entries == [] and inbox.unread_counts([charlie.id]) == {charlie.id: 0}
    client.force_login(charlie)
    for address in ("/chat/lobby/", "/chat/lobby/about/", "/chat/lobby/people/", "/api/rooms/lobby",
                    "/api/rooms/lobby/messages", "/api/rooms/lobby/online", "/api/rooms/lobby/members",
                    f"/chat/lobby/?around={said.message_id}"):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 404 and "marmalade" not in answer.content.decode(), address
    assert "/chat/lobby" not in client.get("/chat/").content.decode()
    with pytest.raises(ChatError):
        messages.post(charlie, "lobby", "Hello?")
    # Members keep all of it.
    assert [hit.message.id for hit in search(bob.id, "marmalade").hits] == [said.message_id]
    client.force_login(bob)
    assert "marmalade" in client.get("/chat/lobby/").content.decode()


def test_whoever_takes_its_title_gets_a_room_of_their_own(client, alice, charlie, lobby):
    change_kind(alice, "lobby", "private")
    client.force_login(charlie)
    assert client.post("/chat/", {"title": "Lobby"}).url == "/chat/lobby-2/"
    assert refused(alice, "lobby", "public") == "room_title_taken"
    assert (Room.objects.get(name="lobby").kind, notices()) == ("private", ["room_made_private"])


def test_everybody_reads_all_of_a_room_made_public_and_its_links_end(client, alice, charlie):
    plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    messages.post(alice, plans.name, "said long ago")
    _link, secret = invitation_links.create_link(alice, plans.name, 7, None)
    change_kind(alice, plans.name, "public")
    client.force_login(charlie)
    assert "said long ago" in client.get(f"/chat/{plans.name}/").content.decode()
    assert [each.room.title for each in find_rooms(charlie, "plan", 20)[0]] == ["Plans"]
    assert not Invitation.objects.exists()
    change_kind(alice, plans.name, "private")
    client.post(f"/chat/invite/{secret}/")
    assert not Membership.objects.filter(user=charlie).exists()


# --- at the same moment ---


def test_who_joins_when_it_has_just_become_private_stays_out(alice, charlie, lobby, monkeypatch):
    read = membership._places

    def then_private(wanted):
        places = read(wanted)
        Room.objects.filter(name="lobby").update(kind=RoomKind.PRIVATE)
        return places

    monkeypatch.setattr(membership, "_places", then_private)
    for join in (membership.get_or_join, lambda *one: membership.get_or_join_many([one])):
        Room.objects.filter(name="lobby").update(kind=RoomKind.PUBLIC)
        try:
            [outcome] = join(charlie, "lobby")
        except ChatError as error:
            outcome = error
        assert outcome.reason == "no_such_room"
        assert not Membership.objects.filter(user=charlie).exists()


def test_a_reader_let_in_a_moment_before_is_found_by_the_second_look(alice, charlie, lobby):
    way = ("token", Token.hash(Token.issue(charlie, "reader", Scope.READ)[1]))
    [(user, room)] = authenticate_many([Credentials(way, "lobby")])
    assert recheck([(way, user, room)]) == [None]
    change_kind(alice, "lobby", "private")
    [refusal] = recheck([(way, user, room)])
    assert refusal.reason == "not_in_room"


# --- open sockets ---


@pytest.fixture
def reader(charlie) -> dict:
    """The headers of somebody who reads the public rooms, and has joined none."""
    return {"Authorization": f"Bearer {Token.issue(charlie, 'reader', Scope.READ)[1]}"}


def test_sockets_of_others_close_at_once_and_say_why(web, alice, bob, lobby, reader):
    kitchen = membership.get_or_create_and_join(alice, "Kitchen")
    with (
        web.open(None, "lobby", headers=reader) as out,
        web.open_page(None, headers=reader) as page,
        web.open(bob, "lobby") as stays,
    ):
        out.wait("welcome"), stays.wait("welcome")
        for room in ("lobby", kitchen.name):
            page.subscribe(room)
        change_kind(alice, "lobby", "private")
        messages.post(alice, "lobby", "for members")
        messages.post(alice, kitchen.name, "for all")
        assert out.closed() == (4003, "reason=room_private")
        end = page.wait("unsubscribed")
        assert (end["room"], end["code"], end["reason"]) == ("lobby", 4003, "room_private")
        if "for all" not in [event.get("message") for event in page.seen]:  # the other room does not wait
            assert page.wait("message", where=kitchen.name)["message"] == "for all"
        assert page.wait("error", id=page.send("subscribe", room="lobby"))["reason"] == "no_such_room"
        assert stays.wait("message", message="for members")["seq"] == 2
    heard = [event.get("message") for socket in (out, page) for event in socket.seen if event["type"] == "message"]
    assert "for members" not in heard


def test_nothing_reaches_them_while_it_is_looked_up_and_members_miss_nothing(
    web, hub, alice, bob, lobby, reader, monkeypatch
):
    asked, answer = threading.Event(), threading.Event()

    async def slow(*args):
        asked.set()
        await asyncio.to_thread(answer.wait, PATIENCE)
        return await run_db(*args)

    monkeypatch.setattr(readers, "run_db", slow)
    with web.open(None, "lobby", headers=reader) as out, web.open(bob, "lobby") as stays:
        out.wait("welcome"), stays.wait("welcome")
        change_kind(alice, "lobby", "private")
        assert asked.wait(PATIENCE)
        for number in range(3):
            messages.post(alice, "lobby", f"for members {number}")
        answer.set()
        assert out.closed() == (4003, "reason=room_private")
        assert [stays.wait("message", message=f"for members {number}")["seq"] for number in range(3)] == [2, 3, 4]
    assert not [event for event in out.seen if "for members" in str(event)]
    assert hub._rooms["lobby"].delivered == 4


def test_without_the_database_all_come_back_and_are_asked_again(web, alice, bob, lobby, monkeypatch):
    async def away(*_args):
        raise OperationalError("away")

    with web.open(bob, "lobby") as stays:
        stays.wait("welcome")
        monkeypatch.setattr(readers, "run_db", away)
        change_kind(alice, "lobby", "private")
        assert stays.closed() == (1012, "reason=database_away")


def test_who_asks_for_a_catch_up_meanwhile_gets_that(web, alice, bob, lobby):
    with web.open(bob, "lobby") as stays:
        stays.wait("welcome")
        for number in range(20):
            change_kind(alice, "lobby", "public" if number % 2 else "private")
            stays.send("resume", since=0)
        messages.post(alice, "lobby", "last")
        assert stays.wait("message", message="last")["seq"] == 21


# --- the doors ---


def test_over_http(client, alice, bob, lobby):
    ask = lambda **body: client.post("/api/rooms/lobby/kind", body, "application/json")  # noqa: E731
    client.force_login(bob)
    assert (ask(kind="private").status_code, ask(kind="private").json()["reason"]) == (403, "cannot_change_kind")
    client.force_login(alice)
    assert (ask(kind="private").json()["kind"], ask(kind="public").json()["kind"]) == ("private", "public")
    assert (ask(kind="x").status_code, ask().status_code) == (400, 400)


def test_from_the_page(client, alice, bob, lobby):
    about = "/chat/lobby/about/"
    client.force_login(bob)
    assert "Make private" not in client.get(about).content.decode()
    client.force_login(alice)
    assert "Whoever is not a member loses it at once" in client.get(about).content.decode()
    page = client.post(about, {"do": "kind", "kind": "private"}, follow=True).content.decode()
    assert "The room is private now." in page and "Make public" in page
    assert "read everything that was ever said in it" in page
    german = client.get("/chat/lobby/", headers={"Accept-Language": "de"}).content.decode()
    assert "hat den Raum privat gemacht" in german
