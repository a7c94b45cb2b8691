"""When somebody is taken out of a room, the room is told, their other pages hear of it, and they read why."""

import json

import pytest

from rooms.kernel.slugs import user_group
from rooms.models import Erasure, Membership, Message, Removal, RoomKind
from rooms.privacy import erasure
from rooms.privacy.personal_data import iter_sections
from rooms.services import archiving, deletion, membership, moderation, personal_invitations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


def notices() -> list[dict]:
    return list(Message.objects.filter(kind="notice").order_by("id").values_list("notice", flat=True))


@pytest.mark.parametrize(("ban", "reason"), [(False, "person_removed"), (True, "person_banned")])
def test_the_room_is_told_who_is_gone(alice, bob, lobby, ban, reason):
    moderation.remove(alice, "lobby", bob.id, ban=ban)
    assert notices() == [{"reason": reason, "params": {"name": "bob"}}]
    assert Message.objects.get().sender == alice


def test_a_ban_of_somebody_who_is_not_in_the_room_is_nobodys_business(alice, charlie, lobby):
    moderation.remove(alice, "lobby", charlie.id, ban=True)
    moderation.remove(alice, "lobby", charlie.id, ban=True)
    assert notices() == []


def test_an_archived_room_takes_no_notice_and_the_person_goes_all_the_same(alice, bob, lobby):
    archiving.archive(alice, "lobby")
    before = notices()
    moderation.remove(alice, "lobby", bob.id)
    assert not Membership.objects.filter(room=lobby, user=bob).exists()
    assert notices() == before


def test_their_other_pages_hear_of_it(monkeypatch, alice, bob, lobby, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr("rooms.publishing.publisher.submit", lambda group, payload: told.append((group, payload)))
    with django_capture_on_commit_callbacks(execute=True):
        moderation.remove(alice, "lobby", bob.id)
    events = [json.loads(payload["text"])["type"] for group, payload in told if group == user_group(bob.id)
              and "text" in payload]  # fmt: skip
    assert "rooms" in events


def test_who_is_banned_reads_why_the_room_is_gone(client, alice, bob, charlie, lobby):
    secret = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    moderation.remove(alice, "lobby", bob.id, ban=True)
    client.force_login(bob)
    answer = client.get("/chat/lobby/")
    assert answer.status_code == 404
    assert "A moderator has banned you from this room." in answer.content.decode()
    client.force_login(charlie)
    assert "banned" not in client.get(f"/chat/{secret.name}/").content.decode()


def test_their_name_in_such_notices_is_erased(alice, bob, lobby):
    plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    personal_invitations.invite(alice, plans.name, "bob")
    moderation.remove(alice, "lobby", bob.id)
    erasure.begin(bob)
    while not erasure.is_done(bob.id):
        erasure.run_next_batch(bob.id)
    told = notices()
    assert [each["reason"] for each in told] == ["person_added", "person_removed"]
    assert {each["params"]["name"] for each in told} == {f"deleted-account-{bob.pk}"}
    assert not any("bob" in message.text for message in Message.objects.all())
    assert Erasure.objects.filter(name="bob").count() == 0


@pytest.mark.parametrize(("ban", "said"), [(False, "has removed you from this room"), (True, "has banned you")])
def test_who_was_in_a_private_room_reads_why_it_is_gone_and_nobody_else(client, alice, bob, charlie, ban, said):
    plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    membership.add_member(plans, bob)
    moderation.remove(alice, plans.name, bob.id, ban=ban)
    if ban:
        moderation.remove(alice, plans.name, charlie.id, ban=True)  # who never was there
    address = f"/chat/{plans.name}/"
    pages = {}
    for user in (bob, charlie):
        client.force_login(user)
        answer = client.get(address)
        pages[user.username] = answer.content.decode()
        assert answer.status_code == 404 and "Plans" not in pages[user.username]
    assert said in pages["bob"] and said not in pages["charlie"]
    missing = client.get("/chat/private--0123456789abcdef0123456789/").content.decode()
    assert pages["charlie"].replace(plans.name, "x") == missing.replace("private--0123456789abcdef0123456789", "x")
    client.force_login(bob)
    assert client.get(f"/api/rooms/{plans.name}").json()["reason"] == "no_such_room"


def test_who_is_back_is_told_of_it_no_more(client, alice, bob):
    plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    membership.add_member(plans, bob)
    moderation.remove(alice, plans.name, bob.id, ban=True)
    moderation.lift_ban(alice, plans.name, bob.id)
    client.force_login(bob)
    assert "has removed you from this room" in client.get(f"/chat/{plans.name}/").content.decode()
    membership.add_member(plans, bob)
    membership.leave(bob, plans.name)
    assert "has removed you" not in client.get(f"/chat/{plans.name}/").content.decode()


def test_members_of_a_deleted_room_read_that_it_was_deleted(client, alice, bob, charlie):
    plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    membership.add_member(plans, bob)
    deletion.delete(alice, plans.name)
    for user, is_told in ((alice, True), (bob, True), (charlie, False)):
        client.force_login(user)
        answer = client.get(f"/chat/{plans.name}/", headers={"Accept-Language": "de"})
        assert ("Dieser Raum wurde gelöscht." in answer.content.decode(), answer.status_code) == (is_told, 404)


def test_a_removal_is_exported_and_erased(alice, bob, lobby):
    moderation.remove(alice, "lobby", bob.id)
    sections = {section.key: list(section.rows) for section in iter_sections(bob) if section.key == "rooms_removed"}
    assert [(row["room"], row["banned"]) for row in sections["rooms_removed"]] == [("Lobby", False)]
    erasure.begin(bob)
    while not erasure.is_done(bob.id):
        erasure.run_next_batch(bob.id)
    assert not Removal.objects.exists()
