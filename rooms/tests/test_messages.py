"""Changing what was said: who may, what it does, that it is told with a new number, and that twice is once."""

import json
import threading

import pytest
from django.db import connection, transaction

from rooms.kernel.notices import notice
from rooms.kernel.signals import messages_deleted, retry_requested, stop_requested
from rooms.models import Membership, Message, MessageState, Reaction, Role, Room
from rooms.services import bot_replies, direct_messages, membership
from rooms.services import messages as actions
from rooms.services.notices import post_notice

from .refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(monkeypatch):
    """The events that were handed to the publisher, with their group as `to`."""
    found = []

    def submit(group, payload):
        found.append({"to": group} | json.loads(payload.get("text", "{}")))

    monkeypatch.setattr("rooms.publishing.publisher.submit", submit)
    return found


@pytest.fixture
def said(alice, lobby):
    """A message of alice in the lobby; number 1."""
    return Message.objects.get(pk=actions.post(alice, "lobby", "first").message_id)


@pytest.fixture
def reply(said, bot_user, lobby):
    """A bot's reply to it that waits; number 2."""
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=lobby.pk)
        message = bot_replies.create_placeholder(room, bot_user, said)
        room.save()
    return message


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


# --- reactions ---


def test_a_reaction_twice_is_once(alice, bob, lobby, said):
    actions.react(bob, "lobby", said.pk, "👍")
    assert actions.react(bob, "lobby", said.pk, "👍").seq == head(lobby) == 2
    actions.unreact(bob, "lobby", said.pk, "👍")
    assert actions.unreact(bob, "lobby", said.pk, "👍").seq == head(lobby) == 3
    assert not Reaction.objects.exists()


def test_one_takes_back_only_ones_own(alice, bob, said):
    actions.react(bob, "lobby", said.pk, "👍")
    actions.unreact(alice, "lobby", said.pk, "👍")
    assert Reaction.objects.get().user == bob


@pytest.mark.parametrize(
    "emoji", ["", "ok", "<b>", "👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍", "a👍", "1"]
)
def test_a_reaction_is_an_emoji(bob, said, emoji):
    refused("invalid", actions.react, bob, "lobby", said.pk, emoji)


def test_a_message_holds_twenty_different_reactions_and_anyone_joins_them(alice, bob, said):
    for number in range(20):
        actions.react(bob, "lobby", said.pk, chr(0x1F600 + number))
    refused("invalid", actions.react, bob, "lobby", said.pk, "👍")
    actions.react(alice, "lobby", said.pk, chr(0x1F600))
    assert Reaction.objects.count() == 21


def test_a_deleted_message_takes_no_reaction(alice, bob, said):
    actions.delete(alice, "lobby", said.pk)
    refused("not_found", actions.react, bob, "lobby", said.pk, "👍")


# --- reading ---


def test_the_read_position_never_goes_back_nor_beyond_the_head(alice, bob, lobby, said):
    for text in "abc":
        actions.post(alice, "lobby", text)
    assert actions.mark_read(bob, "lobby", 3) == 3
    assert actions.mark_read(bob, "lobby", 2) == 3
    assert actions.mark_read(bob, "lobby", 10**9) == 4
    assert Membership.objects.get(user=bob).read_seq == 4
    assert Membership.objects.get(user=alice).read_seq == 0


def test_my_other_devices_hear_that_i_read(alice, bob, lobby, said, published):
    published.clear()
    actions.mark_read(bob, "lobby", 1)
    actions.mark_read(bob, "lobby", 1)
    assert published == [
        {"to": f"user_{bob.id}", "type": "unread", "room": "lobby", "seq": 1, "unread": 0}
        | {"mention": False, "mentions": 0}
    ]


def test_a_message_is_marked_unread_and_those_after_it(alice, bob, lobby, said, published):
    posted = [actions.post(alice, "lobby", text).message_id for text in ("a", "@bob", "c")]
    actions.mark_read(bob, "lobby", 4)
    published.clear()
    assert actions.mark_unread(bob, "lobby", posted[1]) == 2
    assert Membership.objects.get(user=bob).read_seq == 2
    fields = {"room": "lobby", "seq": 4, "unread": 2, "mention": True, "mentions": 1, "read": 2, "first": posted[1]}
    assert published == [{"to": f"user_{bob.id}", "type": "unread"} | fields]


def test_marking_unread_never_marks_anything_read(alice, bob, lobby, said, published):
    posted = [actions.post(alice, "lobby", text).message_id for text in "abc"]
    published.clear()
    assert actions.mark_unread(bob, "lobby", posted[2]) == 0
    assert published == []


def test_a_message_of_another_room_is_not_marked_unread(alice, bob, lobby):
    membership.get_or_create_and_join(alice, "Kitchen")
    there = actions.post(alice, "kitchen", "elsewhere").message_id
    refused("not_found", actions.mark_unread, bob, "lobby", there)


# --- what is said about a room ---


def test_a_topic_is_told_once_and_only_when_it_changes(alice, lobby):
    actions.set_topic_and_description(alice, "lobby", topic=" Tea\n time ")
    actions.set_topic_and_description(alice, "lobby", topic="Tea time")
    actions.set_topic_and_description(alice, "lobby", description="All of it.")
    actions.set_topic_and_description(alice, "lobby", topic="")
    room = Room.objects.get(pk=lobby.pk)
    assert (room.topic, room.description) == ("", "All of it.")
    texts = Message.objects.filter(kind="notice").order_by("id").values_list("text", flat=True)
    assert list(texts) == ["set the topic to “Tea time”", "removed the topic"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"topic": "x" * 201}, "too_long"),
        ({"description": "x" * 2001}, "too_long"),
        ({"topic": "a\u202eb"}, "invalid"),
        ({"description": "a\u2066b"}, "invalid"),
    ],
)
def test_an_impossible_description_changes_nothing(alice, lobby, changes, code):
    refused(
        code, actions.set_topic_and_description, alice, "lobby", **({"topic": "new", "description": "new"} | changes)
    )
    room = Room.objects.get(pk=lobby.pk)
    assert (room.topic, room.description, room.seq) == ("", "", 0)


# --- a bot's reply ---


def test_a_reply_goes_from_waiting_to_done_and_each_step_has_a_number(lobby, reply):
    assert (reply.state, reply.seq) == (MessageState.QUEUED, 2)
    bot_replies.update(reply.pk, state=MessageState.STREAMING)
    bot_replies.checkpoint({reply.pk: "so far"})
    assert Message.objects.get(pk=reply.pk).text == "so far"
    assert head(lobby) == 3
    done = bot_replies.update(reply.pk, text="so **far**", state=MessageState.COMPLETE)
    assert (done.seq, done.html) == (4, "<p>so <strong>far</strong></p>\n")
    bot_replies.checkpoint({reply.pk: "late"})
    assert Message.objects.get(pk=reply.pk).text == "so **far**"


def test_a_reply_in_another_state_or_deleted_is_left_alone(alice, reply):
    assert bot_replies.update(reply.pk, state=MessageState.COMPLETE, only_from=(MessageState.STREAMING,)) is None
    actions.delete(alice, "lobby", reply.pk)
    assert bot_replies.update(reply.pk, text="late", state=MessageState.COMPLETE) is None
    assert bot_replies.update(10**12, text="x") is None
    assert Message.objects.get(pk=reply.pk).text == ""


def test_a_finished_reply_is_in_normal_form(reply):
    assert bot_replies.update(reply.pk, text="Cafe\u0301", state=MessageState.STREAMING).text == "Cafe\u0301"
    done = bot_replies.update(reply.pk, state=MessageState.COMPLETE)
    assert (done.text, done.html) == ("Café", "<p>Café</p>\n")


def test_what_a_bot_says_is_sanitised_like_everything(reply):
    done = bot_replies.update(reply.pk, text="<script>alert(1)</script> [x](javascript:alert(1))", state="complete")
    assert "<script" not in done.html
    assert "javascript:" not in done.html.replace("[x](javascript:alert(1))", "")


def test_anyone_in_the_room_stops_a_reply_and_who_asked_asks_again(alice, bob, charlie, reply, monkeypatch):
    found = []
    for signal in (stop_requested, retry_requested):
        monkeypatch.setattr(signal, "receivers", [])  # this is about who may, not about what the bot then does

    def stopped(message, user, **kwargs):
        found.append(("stop", message.pk, user.username))

    def again(message, user, **kwargs):
        found.append(("again", message.pk, user.username))

    stop_requested.connect(stopped)
    retry_requested.connect(again)
    try:
        bot_replies.stop(bob, "lobby", reply.pk)
        refused("conflict", bot_replies.retry, alice, "lobby", reply.pk)
        Message.objects.filter(pk=reply.pk).update(state=MessageState.FAILED)
        refused("conflict", bot_replies.stop, bob, "lobby", reply.pk)
        refused("forbidden", bot_replies.retry, charlie, "lobby", reply.pk)
        bot_replies.retry(alice, "lobby", reply.pk)
    finally:
        stop_requested.disconnect(stopped)
        retry_requested.disconnect(again)
    assert found == [("stop", reply.pk, "bob"), ("again", reply.pk, "alice")]


def test_a_persons_message_is_no_reply_to_stop(alice, said):
    refused("not_found", bot_replies.stop, alice, "lobby", said.pk)
    refused("not_found", bot_replies.retry, alice, "lobby", said.pk)
