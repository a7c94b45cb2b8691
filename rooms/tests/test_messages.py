"""Changing what was said: who may, what it does, that it is told with a new number, and that twice is once."""

import json
import threading

import pytest
from django.db import connection, transaction

from rooms.kernel.notices import notice
from rooms.kernel.signals import messages_deleted
from rooms.models import Membership, Message, MessageState, Reaction, Role, Room
from rooms.services import bot_replies, direct_messages, membership
from rooms.services import messages as actions
from rooms.services.notices import post_notice

from .refusals import refused

pytestmark = pytest.mark.django_db


def head(room):
    return Room.objects.values_list("seq", flat=True).get(pk=room.pk)


# --- every change is told, with the next number ---


def test_every_change_takes_the_next_number_and_is_published_as_it_is(
    alice, bob, lobby, said, published, django_capture_on_commit_callbacks
):
    from rooms.queries.serializers import message_event

    steps = [
        lambda: actions.edit(alice, "lobby", said.pk, "second **now**"),
        lambda: actions.react(bob, "lobby", said.pk, "👍"),
        lambda: actions.react(alice, "lobby", said.pk, "👍"),
        lambda: actions.unreact(bob, "lobby", said.pk, "👍"),
        lambda: actions.delete(alice, "lobby", said.pk),
    ]
    for number, step in enumerate(steps, 2):
        published.clear()
        with django_capture_on_commit_callbacks(execute=True):
            changed = step()
        assert changed.seq == head(lobby) == number
        [event] = [each for each in published if each["type"] == "message"]  # the author hears of reactions, too
        assert event.pop("to") == "chat_lobby"
        assert event == json.loads(json.dumps(message_event(Message.objects.for_wire().get(pk=said.pk))))
        assert event["seq"] == number


@pytest.mark.django_db(transaction=True)
def test_changes_from_many_threads_take_numbers_without_holes(alice, bob, lobby):
    ids = [actions.post(alice, "lobby", f"n{number}").message_id for number in range(4)]

    def edit():
        for id in ids:
            actions.edit(alice, "lobby", id, "changed")
        connection.close()

    def react():
        for id in ids:
            actions.react(bob, "lobby", id, "👍")
        connection.close()

    def post():
        for _ in range(4):
            actions.post(bob, "lobby", "more")
        connection.close()

    threads = [threading.Thread(target=function) for function in (edit, react, post)]
    [thread.start() for thread in threads]
    [thread.join(60) for thread in threads]
    assert head(lobby) == 4 + 12
    seqs = list(Message.objects.values_list("seq", flat=True))
    assert len(set(seqs)) == len(seqs) == 8
    assert Reaction.objects.count() == 4
    assert Message.objects.filter(text="changed").count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_is_not_told(alice, lobby, said, published):
    published.clear()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.edit(alice, "lobby", said.pk, "undone")
        raise ZeroDivisionError
    assert published == []
    assert head(lobby) == 1


def test_a_change_does_not_make_a_room_livelier(alice, bob, lobby, said):
    before = Room.objects.get(pk=lobby.pk).active
    actions.react(bob, "lobby", said.pk, "👍")
    assert Room.objects.get(pk=lobby.pk).active == before


@pytest.mark.parametrize(
    "change",
    [
        lambda user, room, id: actions.edit(user, room, id, "x"),
        actions.delete,
        lambda user, room, id: actions.react(user, room, id, "👍"),
        lambda user, room, id: actions.unreact(user, room, id, "👍"),
        bot_replies.stop,
        bot_replies.retry,
    ],
)
def test_a_message_of_another_room_or_of_none_cannot_be_changed(alice, bob, charlie, said, change):
    membership.get_or_create_and_join(alice, "Other")
    private = membership.create_room(bob, "Plans", "private")
    hidden = actions.post(bob, private.name, "hidden").message_id
    refused("not_found", change, alice, "other", said.pk)
    refused("not_found", change, alice, "lobby", hidden)
    refused("not_found", change, alice, "lobby", 10**12)
    assert refused("not_found", change, charlie, private.name, hidden) == "There is no such room."
    assert Message.objects.get(pk=hidden).text == "hidden"


# --- edit ---


def test_an_edit_changes_text_html_mentions_and_time(alice, bob, lobby, said):
    changed = actions.edit(alice, "lobby", said.pk, "hi @bob  \r\n**now**\n")
    assert changed.text == "hi @bob  \n**now**"
    assert "<strong>now</strong>" in changed.html
    assert changed.mentions == [bob.id]
    assert changed.edited is not None
    assert changed.first_seq == 1
    assert Membership.objects.get(room=lobby, user=bob).mention_seq == 0  # an edit calls nobody


@pytest.mark.parametrize(("text", "code"), [("", "invalid"), ("\x07", "invalid"), ("x" * 8001, "too_long")])
def test_an_edit_is_checked_like_a_post(alice, said, text, code):
    refused(code, actions.edit, alice, "lobby", said.pk, text)
    refused(code, actions.post, alice, "lobby", text)


def test_only_its_author_edits_a_message_moderators_too_not(alice, bob, said, reply):
    Membership.objects.filter(user=bob).update(role=Role.MODERATOR)
    refused("forbidden", actions.edit, bob, "lobby", said.pk, "x")
    refused("forbidden", actions.edit, alice, "lobby", reply.pk, "x")


def test_what_was_deleted_or_is_a_notice_cannot_be_edited(alice, said):
    actions.delete(alice, "lobby", said.pk)
    refused("not_found", actions.edit, alice, "lobby", said.pk, "back")
    told = post_notice(alice, said.room_id, notice("topic_removed"))
    refused("forbidden", actions.edit, alice, "lobby", told.message_id, "x")


# --- delete ---


def test_a_deleted_message_stays_as_a_tombstone_without_anything_of_it(alice, bob, lobby, said):
    actions.edit(alice, "lobby", said.pk, "secret @bob")
    actions.react(bob, "lobby", said.pk, "👍")
    answer = actions.post(bob, "lobby", "what?", reply_to=said.pk)
    actions.delete(alice, "lobby", said.pk)
    row = Message.objects.for_wire().get(pk=said.pk)
    assert (row.text, row.html, row.note, row.mentions, row.deleted) == ("", "", "", [], True)
    assert not row.reactions.exists()
    from rooms.queries.serializers import message_event

    quoting = message_event(Message.objects.for_wire().get(pk=answer.message_id))
    assert quoting["reply_to"] == {"id": said.pk, "sender": "alice", "sender_id": alice.id, "excerpt": ""}


def test_deleting_twice_is_once(alice, lobby, said, published, django_capture_on_commit_callbacks):
    first = actions.delete(alice, "lobby", said.pk)
    with django_capture_on_commit_callbacks() as told:
        again = actions.delete(alice, "lobby", said.pk)
    assert told == []
    assert again.seq == first.seq == head(lobby) == 2


def test_moderators_delete_what_others_said_but_not_in_direct_messages(alice, bob, charlie, lobby, said, make_user):
    membership.get_or_join(charlie, "lobby")
    refused("forbidden", actions.delete, bob, "lobby", said.pk)
    Membership.objects.filter(user=bob, room=lobby).update(role=Role.MODERATOR)
    assert actions.delete(bob, "lobby", said.pk).deleted
    again = actions.post(charlie, "lobby", "x")
    assert actions.delete(make_user("root", is_staff=True), "lobby", again.message_id).deleted
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    theirs = actions.post(bob, direct.name, "x")
    refused("forbidden", actions.delete, alice, direct.name, theirs.message_id)


def test_deleting_a_reply_that_is_being_written_ends_it_and_is_heard(alice, lobby, reply):
    found = []

    def receiver(messages, room, **kwargs):
        found.extend((message.pk, room.pk) for message in messages)

    messages_deleted.connect(receiver)
    actions.delete(alice, "lobby", reply.pk)
    messages_deleted.disconnect(receiver)
    assert found == [(reply.pk, lobby.pk)]
    assert Message.objects.get(pk=reply.pk).state == MessageState.STOPPED
