"""A room gets another title, which everybody sees at once; its address stays."""

import json
import threading

import pytest
from django.db import connection

from rooms.kernel.errors import ChatError
from rooms.models import Message, Role, Room, RoomKey, RoomKind
from rooms.queries import room_names
from rooms.queries.room_names import find_public_room
from rooms.search.directory import find_rooms
from rooms.search.name_index import index_batch
from rooms.services import archiving, direct_messages, membership, moderation, personal_invitations
from rooms.services.renaming import rename

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


def refused(*args) -> str:
    with pytest.raises(ChatError) as caught:
        rename(*args)
    return caught.value.reason


def found(user, typed: str) -> list[str]:
    return [each.room.title for each in find_rooms(user, typed, 20)[0]]


def notices() -> list[dict]:
    return list(Message.objects.filter(kind="notice").order_by("id").values_list("notice", flat=True))


def told(before: str, title: str) -> dict:
    return {"reason": "room_renamed", "params": {"before": before, "title": title}}


# --- who may, and what is refused ---


def test_owner_moderators_and_staff_rename_a_room_and_others_do_not(alice, bob, charlie, lobby, make_user):
    for user in (bob, charlie):
        assert refused(user, "lobby", "Mine") == "cannot_rename"
    moderation.appoint(alice, "lobby", bob.id, Role.MODERATOR)
    for number, user in enumerate((alice, bob, make_user("root", is_staff=True))):
        assert rename(user, "lobby", f"Garden {number}").title == f"Garden {number}"


def test_neither_what_one_does_not_see_nor_direct_messages_nor_archived_rooms(alice, bob, charlie, lobby):
    plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    assert refused(charlie, plans.name, "x") == "no_such_room"
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    assert refused(alice, direct.name, "x") == "direct_has_no_title"
    archiving.archive(alice, "lobby")
    assert refused(alice, "lobby", "x") == "room_archived"
    assert refused(bob, "lobby", "x") == "cannot_rename"


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("", "room_title_empty"),
        (" \u200b ", "room_title_empty"),
        ("x" * 81, "room_title_too_long"),
        ("👍", "room_title_unusable"),
        ("a\u202eb", "hidden_characters"),
    ],
)
def test_the_rules_are_those_of_new_rooms(alice, lobby, title, reason):
    assert refused(alice, "lobby", title) == reason
    assert (Room.objects.get().title, notices()) == ("Lobby", [])


# --- what happens ---


def test_the_title_is_cleaned_told_and_indexed_and_the_address_stays(alice, lobby):
    room = rename(alice, "lobby", "  Garden \n shed ")
    assert (room.title, room.name, room.pk) == ("Garden shed", "lobby", lobby.pk)
    assert notices() == [told("Lobby", "Garden shed")]
    assert Message.objects.get().text == "renamed the room from “Lobby” to “Garden shed”"
    assert set(RoomKey.objects.values_list("key", flat=True)) == {"garden shed", "shed"}
    assert not index_batch()
    assert found(alice, "shed") == found(alice, "GARD") == ["Garden shed"]
    assert found(alice, "lobb") == ["Garden shed"]  # it was called so


def test_the_same_title_changes_nothing_and_another_spelling_does(alice, lobby):
    rename(alice, "lobby", " Lobby")
    assert (notices(), Room.objects.get().seq) == ([], 0)
    assert rename(alice, "lobby", "LOBBY").title == "LOBBY"
    assert notices() == [told("Lobby", "LOBBY")]


def test_what_fails_leaves_title_and_index_as_they_were(alice, lobby, monkeypatch):
    def full(*_):
        raise ChatError("server_busy")

    monkeypatch.setattr("rooms.services.renaming.post_notice", full)
    assert refused(alice, "lobby", "Garden") == "server_busy"
    assert Room.objects.get().title == "Lobby"
    assert (found(alice, "lobb"), found(alice, "gard")) == (["Lobby"], [])


def test_an_invitation_that_waits_says_the_new_title(alice, charlie, sent, django_capture_on_commit_callbacks):
    plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    assert not personal_invitations.invite(alice, plans.name, "charlie").is_member
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        rename(alice, plans.name, "Secret plans")
    assert personal_invitations.pending_for(charlie.id)[0].room.title == "Secret plans"
    heard = [json.loads(payload["text"]) for group, payload in sent if group == f"user_{charlie.id}"]
    assert [each["invitations"][0]["room"] for each in heard if each["type"] == "invitations"] == [
        {"title": "Secret plans", "kind": "private"}
    ]


@pytest.mark.django_db(transaction=True)
def test_invitations_are_told_in_a_bounded_number_and_not_while_the_room_is_locked(alice, make_user, monkeypatch):
    plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    guests = [make_user(f"guest{number}") for number in range(3)]
    for guest in guests:
        personal_invitations.invite(alice, plans.name, guest.username)
    heard = []
    monkeypatch.setattr(personal_invitations, "MAX_TOLD", 2)
    monkeypatch.setattr(
        personal_invitations, "publish_pending", lambda user_id: heard.append((user_id, connection.in_atomic_block))
    )
    rename(alice, plans.name, "Secret plans")
    assert heard == [(guest.id, False) for guest in guests[:2]]


# --- one title, one public room ---


def test_the_new_title_leads_there_and_so_does_the_address(alice, bob, lobby):
    rename(alice, "lobby", "Café Garden")
    for typed in ("Café Garden", "cafe garden", "lobby"):
        assert find_public_room(typed) == lobby
        assert membership.create_room(bob, typed) == lobby
    assert found(bob, "cafe-garden") == ["Café Garden"]
    assert find_public_room("Lobby ") is None


def test_whoever_takes_the_old_title_gets_a_room_of_their_own(alice, bob, lobby):
    rename(alice, "lobby", "Garden")
    second = membership.create_room(bob, "Lobby")
    assert (second.name, second.title) == ("lobby-2", "Lobby")
    assert refused(alice, "lobby", "lobby") == "room_title_taken"
    assert find_public_room("Garden") == lobby


def test_a_title_that_leads_to_another_public_room_is_refused(alice, bob, lobby):
    garden = membership.create_room(bob, "Garden")
    assert refused(alice, "lobby", "GARDEN") == "room_title_taken"
    rename(bob, garden.name, "Shed")
    for taken in ("shed", "garden"):  # its title, its address
        assert refused(alice, "lobby", taken) == "room_title_taken"
    assert rename(alice, "lobby", "Lobby!").title == "Lobby!"


def test_the_title_of_a_private_room_is_free_for_all(alice, bob, lobby):
    plans = membership.create_room(bob, "Plans", RoomKind.PRIVATE)
    assert rename(alice, "lobby", "Plans").title == "Plans"
    assert rename(bob, plans.name, "Lobby").title == "Lobby"
    assert rename(bob, plans.name, "Plans").title == "Plans"


def test_too_many_rooms_with_such_a_title_are_refused(alice, lobby, monkeypatch):
    monkeypatch.setattr(room_names, "MAX_SAME_SLUG", 3)
    for title in ("C#", "C++", "C*"):
        membership.create_room(alice, title)
    assert refused(alice, "lobby", "C!") == "too_many_same_titles"


def test_two_rooms_with_each_others_address_send_nobody_to_and_fro(client, alice, bob, lobby):
    membership.create_room(alice, "Garden")
    rename(alice, "lobby", "Attic")
    rename(alice, "garden", "Lobby")
    rename(alice, "lobby", "Garden")
    client.force_login(bob)
    assert client.get("/chat/Garden/", follow=True).redirect_chain == [("/chat/lobby/", 302)]
    for name in ("lobby", "garden"):
        moderation.remove(alice, name, bob.id, ban=True)
    for name in ("lobby", "garden"):
        assert client.get(f"/chat/{name}/").status_code == 404
    assert client.get("/chat/Garden/", follow=True).status_code == 404


# --- at once ---


@pytest.mark.django_db(transaction=True)
def test_of_two_renames_at_once_the_last_one_told_stays(alice, lobby):
    together([(alice, "lobby", title) for title in ("Garden", "Attic")])
    first, last = (each["params"] for each in notices())
    assert {first["title"], last["title"]} == {"Garden", "Attic"}
    assert (first["before"], last["before"]) == ("Lobby", first["title"])
    assert Room.objects.get().title == last["title"]
    assert found(alice, last["title"]) == [last["title"]]
    assert not index_batch()
    assert RoomKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_give_the_same_title_at_once_tell_it_once(alice, lobby):
    together([(alice, "lobby", "Garden")] * 2)
    assert notices() == [told("Lobby", "Garden")]


def together(calls: list[tuple]) -> None:
    start, done = threading.Barrier(len(calls)), []

    def run(*args):
        start.wait()
        try:
            done.append(rename(*args))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=args) for args in calls]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    assert len(done) == len(calls)  # nobody is refused because somebody else waits for the room
