"""What somebody wants to hear of a room: levels, the default, muting; and what a post costs where nobody hears all."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jobs.worker import run_all
from rooms.kernel.errors import ChatError
from rooms.models import Membership, Message, MessageState, Notification, NotificationKind, Room
from rooms.queries import inbox
from rooms.queries import levels as level_queries
from rooms.services import (
    audiences,
    blocks,
    bot_replies,
    direct_messages,
    levels,
    membership,
    messages,
    moderation,
)

from .api_client import Api
from .inbox_entries import entries, unread

pytestmark = pytest.mark.django_db


def kinds(user) -> list[str]:
    return [kind for kind, _message, _names in reversed(entries(user))]


def calling(user) -> int:
    return Notification.objects.calling().filter(user=user).count()


def say_all(alice, bob) -> None:
    """A plain message, a reply to bob, and one that names him."""
    asked = messages.post(bob, "lobby", "who?").message_id
    messages.post(alice, "lobby", "plain")
    messages.post(alice, "lobby", "me", reply_to=asked)
    messages.post(alice, "lobby", "it was me, @bob")


@pytest.mark.parametrize(
    ("level", "heard"), [("all", ["message", "reply", "mention"]), ("mentions", ["reply", "mention"]), ("nothing", [])]
)
@pytest.mark.parametrize("by_default", [False, True])
def test_a_level_says_what_calls(lobby, alice, bob, level, heard, by_default):
    membership.get_or_join(bob, "lobby")
    levels.set_default_level(bob, level) if by_default else levels.set_level(bob, "lobby", level)
    say_all(alice, bob)
    assert (kinds(bob), unread(bob), calling(bob)) == (heard, len(heard), len(heard))
    mine = Membership.objects.get(user=bob, room=lobby)
    assert bool(mine.mention_seq) is (level != "nothing")
    assert kinds(alice) == []


@pytest.mark.parametrize(
    ("fall", "left"),
    [
        (lambda bob: levels.set_level(bob, "lobby", "mentions"), ["reply", "mention"]),
        (lambda bob: levels.set_level(bob, "lobby", "nothing"), ["reply", "mention"]),
        (lambda bob: levels.set_default_level(bob, "mentions"), ["reply", "mention"]),
        (lambda bob: levels.mute(bob, "lobby", True), ["reply", "mention"]),
        (lambda bob: levels.mute(bob, "lobby", False), ["message", "reply", "mention"]),
        (lambda bob: levels.set_level(bob, "lobby", "all"), ["message", "reply", "mention"]),
    ],
)
def test_unread_messages_go_when_the_level_falls(lobby, alice, bob, fall, left):
    membership.get_or_join(bob, "lobby")
    levels.set_default_level(bob, "all")
    say_all(alice, bob)
    fall(bob)
    assert (kinds(bob), unread(bob)) == (left, len(left))


def test_what_was_seen_stays_when_the_level_falls(lobby, alice, bob):
    levels.set_level(bob, "lobby", "all")
    said = messages.post(alice, "lobby", "plain")
    messages.mark_read(bob, "lobby", said.seq)
    levels.set_level(bob, "lobby", "mentions")
    assert Notification.objects.filter(user=bob, message=said.message_id).exists()


def test_direct_messages_go_but_those_that_name_or_answer_me(alice, bob):
    room = direct_messages.get_or_create_direct_message(alice, "bob").name
    mine = messages.post(bob, room, "who?").message_id
    messages.post(alice, room, "plain")
    named = messages.post(alice, room, "you, @bob").message_id
    reply = messages.post(alice, room, "me", reply_to=mine).message_id
    levels.set_level(bob, room, "mentions")
    rows = Notification.objects.filter(user=bob).order_by("pk")
    assert list(rows.values_list("message", flat=True)) == [named, reply]
    messages.edit(alice, room, named, "you")  # it says nothing to bob any more
    messages.edit(alice, room, reply, "@bob, me")
    messages.edit(alice, room, reply, "me")
    assert list(rows.values_list("message", flat=True)) == [reply]
    levels.set_level(bob, room, "nothing")
    assert (rows.count(), unread(bob)) == (0, 0)


def test_a_choice_for_a_room_counts_more_than_the_default_which_rooms_joined_later_follow(lobby, alice, bob):
    levels.set_level(bob, "lobby", "mentions")
    levels.set_default_level(bob, "all")
    membership.get_or_create_and_join(alice, "Kitchen")
    membership.get_or_join(bob, "kitchen")
    messages.post(bob, "lobby", "I belong here")
    for name in ("lobby", "kitchen"):
        messages.post(alice, name, "plain")
    assert [each.row.room.name for each in inbox.page(bob.id).entries] == ["kitchen"]
    levels.set_level(bob, "lobby", "")
    levels.set_level(bob, "kitchen", "nothing")
    for name in ("lobby", "kitchen"):
        messages.post(alice, name, "again @bob")
    assert kinds(bob) == ["mention"]  # what was unread in the kitchen went with its level
    with pytest.raises(ChatError):
        levels.set_level(bob, "lobby", "much")


def test_a_muted_room_rings_nowhere_but_keeps_what_is_for_me_alone(lobby, alice, bob):
    levels.set_level(bob, "lobby", "all")
    levels.mute(bob, "lobby", True, timezone.now() + timedelta(hours=1))
    say_all(alice, bob)
    assert (kinds(bob), calling(bob)) == (["reply", "mention"], 0)
    assert set(Notification.objects.values_list("push_after", "mail_after")) == {(None, None)}
    Membership.objects.filter(user=bob).update(muted_until=timezone.now() - timedelta(seconds=2))
    messages.post(alice, "lobby", "the hour is over")
    assert kinds(bob)[-1] == "message"
    assert Notification.objects.filter(push_after__isnull=False, mail_after__isnull=False).count() == 1
    levels.mute(bob, "lobby", False)
    assert not Membership.objects.get(user=bob).is_muted


def test_what_was_to_ring_does_not_when_the_level_fell_or_the_room_was_muted_meanwhile(lobby, alice, bob):
    levels.set_level(bob, "lobby", "all")
    say_all(alice, bob)
    assert calling(bob) == 3
    levels.set_level(bob, "lobby", "mentions")
    assert calling(bob) == 2
    levels.mute(bob, "lobby", True)
    assert calling(bob) == 0
    levels.mute(bob, "lobby", False)
    levels.set_level(bob, "lobby", "")
    levels.set_default_level(bob, "nothing")
    assert (calling(bob), unread(bob)) == (0, 2)


@pytest.mark.parametrize(("level", "heard"), [("", 4), ("all", 4), ("mentions", 2), ("nothing", 0)])
def test_of_direct_messages_one_hears_everything_unless_one_chose_less(alice, bob, bot_user, level, heard):
    room = direct_messages.get_or_create_direct_message(alice, "bob")
    levels.set_default_level(bob, "nothing")
    levels.set_level(bob, room.name, level)
    asked = messages.post(bob, room.name, "who?").message_id
    messages.post(alice, room.name, "plain")
    messages.post(alice, room.name, "me", reply_to=asked)
    messages.post(alice, room.name, "it was me, @bob")
    messages.post(alice, room.name, f"wasn't it, @{bot_user.username}?")  # which is no word to bob
    assert Notification.objects.filter(user=bob, kind=NotificationKind.DIRECT).count() == calling(bob) == heard


def test_many_who_hear_everything_are_told_in_batches_by_a_job(lobby, alice, bob, make_user, monkeypatch):
    monkeypatch.setattr(audiences, "FEW", 2)
    monkeypatch.setattr(audiences, "BATCH_SIZE", 2)
    people = [bob, *(make_user(f"p{number}") for number in range(4))]
    for user in people:
        levels.set_level(user, "lobby", "all")
    levels.mute(people[1], "lobby", True)
    blocks.block(people[2], "alice")
    said = messages.post(alice, "lobby", "hello @bob").message_id
    assert Notification.objects.count() == 1
    moderation.remove(alice, "lobby", people[3].id)
    run_all()
    audiences.tell_in_batches.func(said)  # as after a worker that died
    rows = Notification.objects.filter(message=said).values_list("user__username", "kind").order_by("pk")
    assert list(rows) == [("bob", "mention"), ("p3", "message")]
    deleted = messages.post(alice, "lobby", "oh").message_id
    messages.delete(alice, "lobby", deleted)
    run_all()
    assert not Notification.objects.filter(message=deleted).exists()


def test_a_finished_reply_of_a_bot_is_a_message_for_who_hears_everything(lobby, alice, bob, bot_user):
    levels.set_level(bob, "lobby", "all")
    asked = Message.objects.get(pk=messages.post(alice, "lobby", "what?").message_id)
    reply = bot_replies.create_placeholder(Room.objects.get(pk=lobby.pk), bot_user, asked)
    Room.objects.filter(pk=lobby.pk).update(seq=reply.seq)
    assert kinds(bob) == ["message"]
    bot_replies.update(reply.id, text="So it is.", state=MessageState.COMPLETE)
    assert [(each.excerpt, each.count) for each in inbox.page(bob.id).entries] == [("So it is.", 2)]
    assert kinds(alice) == ["answer"]


def test_a_plain_message_costs_no_statement_more_where_nobody_hears_everything(lobby, alice, bob):
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            messages.post(alice, "lobby", "plain")
        return len(queries)

    membership.get_or_join(bob, "lobby")
    messages.post(alice, "lobby", "she joins")
    before = statements()
    levels.set_level(bob, "lobby", "nothing")
    assert statements() == before
    levels.set_level(bob, "lobby", "all")
    assert statements() > before


def test_levels_over_http(alice, bob, lobby):
    api = Api(bob)
    shown = api.post("/api/rooms/lobby/level", {"level": "nothing"})[1]
    assert (shown["level"], shown["muted"]) == ("nothing", True)
    assert api.post("/api/rooms/lobby/level", {"level": "loud"})[1]["reason"] == "unknown_level"
    assert api("PATCH", "/api/me/notifications", {"default_level": "all"})[1]["default_level"] == "all"
    assert api("PATCH", "/api/me/notifications", {"reactions": True})[1] == {
        "default_level": "all",
        "reactions": True,
        "keywords": [],
    }
    assert api("PATCH", "/api/me/notifications", {"reactions": "yes"})[1]["reason"] == "field_not_boolean"
    shown = api.post("/api/rooms/lobby/level", {"level": ""})[1]
    assert (shown["level"], shown["muted"]) == ("all", False)
    until = (timezone.now() + timedelta(hours=2)).isoformat()
    muted = api.post("/api/rooms/lobby/mute", {"until": until})[1]
    assert muted["muted"] and muted["muted_until"]
    assert api.get("/api/rooms")[1]["rooms"][0]["muted_until"] == muted["muted_until"]
    assert api.post("/api/rooms/lobby/mute", {"until": "soon"})[1]["reason"] == "parameter_not_time"
    assert api.post("/api/rooms/lobby/unmute")[1]["muted_until"] is None


def test_the_pages_offer_a_choice_of_three(client, alice, bob, lobby):
    direct_messages.get_or_create_direct_message(alice, "bob")
    client.force_login(bob)
    client.post("/chat/lobby/about/", {"do": "level", "level": "all"})
    client.post("/chat/lobby/about/", {"do": "mute", "muted": "on", "for": "1h"})
    assert Membership.objects.get(user=bob, room=lobby).muted_until > timezone.now()
    page = client.get("/chat/lobby/about/").content.decode()
    assert re.search(r'name="level" value="all"\s+aria-pressed="true"', page)
    assert "Muted until" in page
    client.post("/settings/notifications/", {"room": "lobby", "level": "nothing"})
    client.post("/settings/notifications/", {"default_level": "all"})
    assert level_queries.default_level_of(bob.id) == "all"
    page = client.get("/settings/notifications/").content.decode()
    assert page.count('<option value="nothing" selected>') == 1
    assert page.count('<option value="all" selected>') == 1
    assert 'data-level="nothing" class="is-muted"' in page
