"""Notifications: what makes one, what withdraws it, who sees it, and how many are unread."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from rooms.models import Message, MessageState, Notification, Room
from rooms.queries import inbox, unread_counts
from rooms.services import (
    blocks,
    bot_replies,
    direct_messages,
    inbox_changes,
    levels,
    membership,
    messages,
    moderation,
    notifications,
)

from .api_client import Api, code
from .inbox_entries import entries, unread

pytestmark = pytest.mark.django_db


def test_a_mention_is_told_to_its_person_alone(lobby, alice, bob):
    said = messages.post(alice, "lobby", "hi @bob, says @alice")
    assert entries(bob) == [("mention", said.message_id, "alice")]
    assert entries(alice) == []
    assert (unread(bob), unread(alice)) == (1, 0)


def test_a_reply_is_told_and_one_that_also_names_is_one_notification(lobby, alice, bob):
    asked = messages.post(bob, "lobby", "who?").message_id
    plain = messages.post(alice, "lobby", "me", reply_to=asked).message_id
    naming = messages.post(alice, "lobby", "me, @bob", reply_to=asked).message_id
    messages.post(bob, "lobby", "to myself", reply_to=asked)
    assert entries(bob) == [("mention", naming, "alice"), ("reply", plain, "alice")]


def test_nobody_outside_the_room_and_no_bot_is_told(lobby, alice, make_user, bot_user):
    stranger = make_user("stranger")
    messages.post(alice, "lobby", f"@stranger and @{bot_user.username}")
    assert not Notification.objects.exists()
    membership.get_or_join(stranger, "lobby")
    assert entries(stranger) == []


def test_direct_messages_are_one_line_while_they_are_unread(alice, bob):
    levels.set_reactions(alice, True)
    room = direct_messages.get_or_create_direct_message(alice, "bob")
    said = messages.post(alice, room.name, "hi @bob")
    last = messages.post(alice, room.name, "are you there?")
    assert entries(bob) == [("direct", last.message_id, "alice")]
    assert ([each.count for each in inbox.page(bob.id).entries], unread(bob)) == ([2], 1)
    messages.mark_read(bob, room.name, said.seq)
    assert [each.count for each in inbox.page(bob.id).entries] == [1]
    messages.react(bob, room.name, said.message_id, "👍")
    messages.mark_read(bob, room.name, last.seq)
    assert (entries(bob), unread(bob)) == ([], 0)
    assert entries(alice) == [("reaction", said.message_id, "bob")]


def test_one_line_is_done_and_put_back_as_one(alice, bob):
    room = direct_messages.get_or_create_direct_message(alice, "bob")
    for text in ("one", "two"):
        messages.post(alice, room.name, text)
    row = inbox.page(bob.id).entries[0].row
    messages.post(alice, room.name, "three")
    done = inbox_changes.mark_done(bob, row.pk)
    assert [(each.excerpt, each.count) for each in inbox.page(bob.id).entries] == [("three", 1)]
    assert [(each.excerpt, each.count) for each in inbox.page(bob.id, done=True).entries] == [("two", 2)]
    inbox_changes.restore(bob, done)
    assert [each.count for each in inbox.page(bob.id, "direct").entries] == [3]
    inbox_changes.mark_opened(bob, Notification.objects.latest("pk").pk)
    assert (entries(bob), unread(bob)) == ([], 0)


def test_what_a_bot_finished_is_told_to_who_asked(lobby, alice, bob, bot_user):
    asked = Message.objects.get(pk=messages.post(bob, "lobby", "what?").message_id)
    reply = bot_replies.create_placeholder(Room.objects.get(pk=lobby.pk), bot_user, asked)
    Room.objects.filter(pk=lobby.pk).update(seq=reply.seq)
    bot_replies.update(reply.id, text="So", state=MessageState.STREAMING)
    assert entries(bob) == []
    bot_replies.update(reply.id, text="So it is.", state=MessageState.COMPLETE)
    assert entries(bob) == [("answer", reply.id, bot_user.username)]
    assert (unread(bob), entries(alice)) == (1, [])


def test_what_is_deleted_or_edited_away_is_withdrawn(lobby, alice, bob):
    first = messages.post(alice, "lobby", "hi @bob").message_id
    asked = messages.post(bob, "lobby", "yes?").message_id
    second = messages.post(alice, "lobby", "@bob, no", reply_to=asked).message_id
    messages.edit(alice, "lobby", second, "no")
    assert entries(bob) == [("reply", second, "alice"), ("mention", first, "alice")]
    messages.edit(alice, "lobby", first, "hi")
    assert entries(bob) == [("reply", second, "alice")]
    messages.delete(alice, "lobby", second)
    assert entries(bob) == []


def test_whom_somebody_blocks_does_not_reach_them(lobby, alice, bob):
    messages.post(alice, "lobby", "before @bob")
    said = messages.post(bob, "lobby", "hi").message_id
    blocks.block(bob, "alice")
    messages.post(alice, "lobby", "after @bob")
    messages.react(alice, "lobby", said, "👍")
    blocks.unblock(bob, "alice")
    assert not Notification.objects.exists()


def test_who_is_out_of_the_room_sees_nothing_of_it(lobby, alice, bob):
    messages.post(alice, "lobby", "hi @bob")
    moderation.remove(alice, "lobby", bob.id)
    assert entries(bob) == [("moderation", None, "alice")] and unread(bob) == 1
    row = Notification.objects.get(kind="mention")
    assert code(Api(bob).post(f"/api/inbox/{row.id}/done")) == (404, "not_found")


def test_reading_in_the_room_reads_it_in_the_inbox_and_back(lobby, alice, bob):
    messages.post(alice, "lobby", "hi @bob")
    second = messages.post(alice, "lobby", "again @bob")
    messages.mark_read(bob, "lobby", second.seq - 1)
    assert [each.unread for each in inbox.page(bob.id).entries] == [True, False]
    messages.mark_read(bob, "lobby", second.seq)
    assert (unread(bob), len(entries(bob))) == (0, 2)
    messages.mark_unread(bob, "lobby", second.message_id - 1)
    assert unread(bob) == 2


def test_the_count_is_told_when_it_changes(lobby, alice, bob, monkeypatch, django_capture_on_commit_callbacks):
    told = []
    monkeypatch.setattr("rooms.publishing.events.to_user", lambda *args, **fields: told.append((*args, fields)))

    def news(action):
        told.clear()
        with django_capture_on_commit_callbacks(execute=True):
            action()
        return [(user_id, fields["unread"]) for user_id, type, fields in told if type == "inbox"]

    assert news(lambda: messages.post(alice, "lobby", "hi")) == []
    assert news(lambda: messages.post(alice, "lobby", "hi @bob")) == [(bob.id, 1)]
    assert news(lambda: messages.mark_read(bob, "lobby", 1)) == []
    assert news(lambda: messages.mark_read(bob, "lobby", 2)) == [(bob.id, 0)]
    assert news(lambda: messages.mark_unread(bob, "lobby", Message.objects.last().pk)) == [(bob.id, 1)]
    messages.mark_read(bob, "lobby", 2)
    said = messages.post(alice, "lobby", "and @bob").message_id
    row = Notification.objects.latest("pk")
    assert news(lambda: inbox_changes.mark_opened(bob, row.pk)) == [(bob.id, 0)]
    assert news(lambda: inbox_changes.mark_all_done(bob)) == [(bob.id, 0)]
    assert news(lambda: messages.delete(alice, "lobby", said)) == [(bob.id, 0)]


def test_a_plain_message_costs_no_query_more_and_500_names_cost_one(lobby, alice, make_user):
    def inserts(text: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            messages.post(alice, "lobby", text)
        return [each["sql"] for each in queries if "INTO rooms_notification" in each["sql"]]

    for number in range(500):
        membership.get_or_join(make_user(f"p{number}"), "lobby")
    assert inserts("hello") == []
    assert len(inserts(" ".join(f"@p{number}" for number in range(500)))) == 1
    assert Notification.objects.count() == 500


# --- its end ---


def test_old_ones_go(lobby, alice, bob):
    for age in (29, 31, 179, 181):
        message = messages.post(alice, "lobby", f"@bob {age}")
        at = timezone.now() - timedelta(days=age)
        done = at if age < 100 else None
        Notification.objects.filter(message=message.message_id).update(created=at, done=done)
    assert notifications.delete_old_batch()
    assert not notifications.delete_old_batch()
    assert [each.message.text for each in Notification.objects.order_by("pk")] == ["@bob 29", "@bob 179"]


def test_an_upgrade_brings_the_last_unread_mention_of_each_room(lobby, alice, bob):
    messages.post(alice, "lobby", "one @bob")
    last = messages.post(alice, "lobby", "two @bob")
    Notification.objects.all().delete()
    migration = importlib.import_module("rooms.migrations.0015_notifications")
    migration.add_last_unread_mentions(apps, None)
    assert (entries(bob), unread(bob)) == ([("mention", last.message_id, "alice")], 1)
    assert Notification.objects.get().seq == last.seq


def test_what_a_page_says_is_unread_begins_with_the_first_that_concerns_its_reader(lobby, alice, bob, make_user):
    def since(read_seq: int = 0):
        found = unread_counts.unread_since(lobby, bob.id, read_seq)
        return found and (found["first"], found["count"])

    assert since() is None
    messages.post(bob, "lobby", "mine")
    deleted = messages.post(alice, "lobby", "gone").message_id
    messages.delete(alice, "lobby", deleted)
    first = messages.post(alice, "lobby", "first")
    second = messages.post(alice, "lobby", "second")
    assert since() == (first.message_id, 2)
    assert since(first.seq) == (second.message_id, 1)
    carol = make_user("carol")
    membership.get_or_join(carol, "lobby")
    messages.post(carol, "lobby", "third")
    blocks.block(bob, "alice")
    assert since() == (Message.objects.last().pk, 1)
    assert since(99) is None


def test_an_answer_to_nobody_here_is_told_to_nobody(lobby, alice, bot_user):
    elsewhere = membership.get_or_create_and_join(alice, "Elsewhere")
    asked = Message.objects.get(pk=messages.post(alice, elsewhere.name, "what is new?").message_id)
    for question in (None, asked):
        about = {"sender": bot_user, "kind": "bot", "text": "Nothing.", "seq": lobby.next_seq(), "first_seq": lobby.seq}
        notifications.notify_of_answer(Message.objects.create(room=lobby, reply_to=question, **about))
    assert not Notification.objects.exists()
