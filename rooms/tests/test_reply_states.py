"""A bot's reply: from waiting to done, each step with a number, stopped by anyone in the room."""

import pytest

from rooms.kernel.signals import retry_requested, stop_requested
from rooms.models import Message, MessageState, Room
from rooms.services import bot_replies
from rooms.services import messages as actions

from .refusals import refused

pytestmark = pytest.mark.django_db


def head(room):
    return Room.objects.values_list("seq", flat=True).get(pk=room.pk)


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
