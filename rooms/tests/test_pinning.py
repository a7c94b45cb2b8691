"""Pinning: who may, what it does, how it is told, and what ends it."""

import pytest
from django.utils import timezone

from rooms.models import Erasure, Message, MessageKind, MessageState, Role, Room
from rooms.privacy import erasure_steps
from rooms.privacy.personal_data import iter_sections
from rooms.queries import pins
from rooms.queries.serializers import message_event
from rooms.services import archiving, direct_messages, membership, messages, moderation, pinning

from .refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(bob, lobby) -> int:
    """A message of bob in alice's lobby; number 1."""
    return messages.post(bob, "lobby", "the **door code** is 1234").message_id


def row(message_id: int) -> Message:
    return Message.objects.for_wire().get(pk=message_id)


def pinned_ids(room: Room) -> list[int]:
    return [message.pk for message in pins.pinned_in(room)]


# --- who may, and what ---


def test_owner_moderators_and_staff_pin_and_others_do_not(alice, bob, charlie, lobby, said, make_user):
    for user in (bob, charlie):
        assert refused("forbidden", pinning.pin, user, "lobby", said) == "Only a moderator can pin and unpin messages."
    moderation.appoint(alice, "lobby", bob.id, Role.MODERATOR)
    for user in (alice, bob, make_user("root", is_staff=True)):
        assert pinning.pin(user, "lobby", said).pinned_by == user
        refused("forbidden", pinning.unpin, charlie, "lobby", said)
        assert pinning.unpin(user, "lobby", said).pinned is None


def test_in_direct_messages_both_pin(alice, bob):
    room = direct_messages.get_or_create_direct_message(alice, "bob")
    by = messages.post(alice, room.name, "hi").message_id
    for user in (alice, bob):
        pinning.pin(user, room.name, by)
        assert pinned_ids(room) == [by]
        pinning.unpin(user, room.name, by)


def test_a_room_that_is_not_for_them_is_none_and_a_message_of_another_room_neither(alice, bob, said):
    plans = membership.create_room(alice, "Plans", "private")
    refused("not_found", pinning.pin, bob, plans.name, said)
    refused("not_found", pinning.pin, alice, plans.name, said)
    refused("not_found", pinning.unpin, alice, plans.name, said)


def test_notices_deleted_messages_and_replies_that_are_written_cannot_be_pinned(alice, bob, said, lobby):
    pinning.pin(alice, "lobby", said)
    notice = Message.objects.get(kind=MessageKind.NOTICE)
    refused("invalid", pinning.pin, alice, "lobby", notice.pk)
    messages.delete(bob, "lobby", said)
    refused("not_found", pinning.pin, alice, "lobby", said)
    reply = messages.post(bob, "lobby", "soon").message_id
    Message.objects.filter(pk=reply).update(kind=MessageKind.BOT, state=MessageState.STREAMING)
    refused("conflict", pinning.pin, alice, "lobby", reply)
    assert pinned_ids(lobby) == []


def test_an_archived_room_refuses_and_deleting_still_unpins(alice, lobby, said):
    other = messages.post(alice, "lobby", "more").message_id
    pinning.pin(alice, "lobby", said)
    archiving.archive(alice, "lobby")
    refused("forbidden", pinning.pin, alice, "lobby", other)
    refused("forbidden", pinning.unpin, alice, "lobby", said)
    assert pinned_ids(lobby) == [said]
    messages.delete(alice, "lobby", said)
    assert pinned_ids(lobby) == []


# --- what it does ---


def test_a_pin_is_part_of_the_message_and_a_notice_quotes_it(alice, bob, lobby, said):
    pinned = pinning.pin(alice, "lobby", said)
    event = message_event(row(said))
    assert event["pinned"].endswith("Z") and event["seq"] == pinned.seq == 2
    notice = message_event(Message.objects.for_wire().get(kind=MessageKind.NOTICE))
    assert (notice["seq"], notice["sender"]["name"], notice["message"]) == (3, "alice", "pinned a message")
    assert notice["notice"] == {"reason": "message_pinned", "params": {}}
    assert (notice["reply_to"]["id"], notice["reply_to"]["excerpt"]) == (said, "the door code is 1234")
    pinning.unpin(alice, "lobby", said)
    assert "pinned" not in message_event(row(said)) and row(said).seq == 4


def test_twice_is_once_and_the_first_who_pinned_it_stays(alice, bob, lobby, said):
    moderation.appoint(alice, "lobby", bob.id, Role.MODERATOR)
    pinning.pin(alice, "lobby", said)
    head = Room.objects.get(pk=lobby.pk).seq
    pinning.pin(bob, "lobby", said)
    assert row(said).pinned_by == alice and Room.objects.get(pk=lobby.pk).seq == head
    pinning.unpin(bob, "lobby", said)
    pinning.unpin(bob, "lobby", said)
    assert Room.objects.get(pk=lobby.pk).seq == head + 1


def test_the_latest_pin_comes_first(alice, lobby):
    first, second, third = (messages.post(alice, "lobby", text).message_id for text in ("a", "b", "c"))
    for each in (second, third, first):
        pinning.pin(alice, "lobby", each)
    assert pinned_ids(lobby) == [first, third, second]


def test_a_room_holds_so_many_and_each_room_its_own(alice, lobby, said, monkeypatch):
    assert pinning.MAX_PINS == 50
    monkeypatch.setattr(pinning, "MAX_PINS", 2)
    other, last = (messages.post(alice, "lobby", text).message_id for text in ("b", "c"))
    for each in (said, other):
        pinning.pin(alice, "lobby", each)
    words = refused("conflict", pinning.pin, alice, "lobby", last)
    assert words == "There are already 2 pinned messages. Unpin one first."
    assert Message.objects.filter(kind=MessageKind.NOTICE).count() == 2
    room = membership.get_or_create_and_join(alice, "Other")
    pinning.pin(alice, room.name, messages.post(alice, room.name, "d").message_id)
    pinning.unpin(alice, "lobby", said)
    assert pinning.pin(alice, "lobby", last).pinned


# --- what ends it ---


def test_a_deleted_message_is_no_longer_pinned(alice, bob, lobby, said):
    pinning.pin(alice, "lobby", said)
    messages.delete(bob, "lobby", said)
    gone = row(said)
    assert (gone.pinned, gone.pinned_by) == (None, None) and "pinned" not in message_event(gone)
    assert pinned_ids(lobby) == []
    notice = message_event(Message.objects.for_wire().get(kind=MessageKind.NOTICE))
    assert "1234" not in str(notice)


def test_one_that_a_version_before_pins_has_deleted_counts_as_none(alice, lobby, said, monkeypatch):
    monkeypatch.setattr(pinning, "MAX_PINS", 1)
    pinning.pin(alice, "lobby", said)
    Message.objects.filter(pk=said).update(deleted=True)
    assert pinned_ids(lobby) == [] and "pinned" not in message_event(row(said))
    pinning.pin(alice, "lobby", messages.post(alice, "lobby", "more").message_id)


def test_who_pinned_what_is_handed_out_and_forgotten_with_the_account(alice, bob, lobby, said):
    pinning.pin(alice, "lobby", said)
    [section] = [each for each in iter_sections(alice) if each.key == "pins"]
    assert list(section.rows) == [{"room": "Lobby", "message": said, "pinned": row(said).pinned}]
    [other] = [each for each in iter_sections(bob) if each.key == "pins"]
    assert list(other.rows) == []
    erasure = Erasure(user=alice, name="alice", step="delete_contacts", created=timezone.now())
    while erasure_steps.delete_contacts(erasure):
        pass
    assert row(said).pinned_by is None and pinned_ids(lobby) == [said]


# --- over HTTP and sockets ---


def test_the_api_lists_pins_with_who_pinned_them(client, alice, bob, lobby, said):
    client.force_login(alice)
    body = {"type": "pin", "id": "6f1b1a52-0000-4000-8000-000000000000", "message_id": said}
    answer = client.post("/api/rooms/lobby/commands", body, content_type="application/json").json()
    assert (answer["message_id"], answer["seq"]) == (said, 2)
    client.force_login(bob)
    [pin] = client.get("/api/rooms/lobby/pins").json()["pins"]
    assert pin["by"]["name"] == "alice" and pin["pinned"] == pin["message"]["pinned"]
    assert pin["message"]["id"] == said
    Message.objects.update(pinned_by=None)
    assert client.get("/api/rooms/lobby/pins").json()["pins"][0]["by"] is None


def test_the_list_costs_as_many_queries_for_one_as_for_many(alice, lobby, django_assert_num_queries):
    for number in range(5):
        pinning.pin(alice, "lobby", messages.post(alice, "lobby", str(number)).message_id)
    with django_assert_num_queries(2):
        events = [message_event(message) | {"by": message.pinned_by.username} for message in pins.pinned_in(lobby)]
    assert len(events) == 5


@pytest.mark.django_db(transaction=True)
def test_a_pin_comes_at_once_and_after_a_reconnect(web, alice, bob, lobby, said):
    with web.open(alice, "lobby") as one, web.open(bob, "lobby") as other:
        id = one.send("pin", message_id=said)
        assert one.wait("ack", id=id)["seq"] == 2
        assert other.wait("message", seq=2)["pinned"]
        assert other.wait("message", seq=3)["notice"]["reason"] == "message_pinned"
        id = other.send("unpin", message_id=said)
        assert other.wait("error", id=id)["reason"] == "cannot_pin"
        one.send("unpin", message_id=said)
        assert "pinned" not in other.wait("message", seq=4)
        one.send("pin", message_id=said)
        other.wait("message", seq=6)
    with web.open(bob, "lobby", since=4) as back:
        assert back.wait("message", seq=5)["pinned"]


@pytest.mark.django_db(transaction=True)
def test_a_pin_counts_as_a_message_because_it_posts_one(web, alice, lobby, settings):
    settings.RATE_MESSAGES = 3
    ids = [messages.post(alice, "lobby", str(number)).message_id for number in range(4)]
    with web.open(alice, "lobby") as socket:
        for each in ids[:3]:
            socket.wait("ack", id=socket.send("pin", message_id=each))
        error = socket.wait("error", id=socket.send("pin", message_id=ids[3]))
        assert error["reason"] == "sending_too_fast" and error["retry_after"] > 0
        socket.wait("ack", id=socket.send("unpin", message_id=ids[0]))  # says nothing to the room
