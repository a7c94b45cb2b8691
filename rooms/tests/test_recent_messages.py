"""Moderators delete what somebody has said in the last hours: all of it, once, in portions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from jobs.worker import run_all
from rooms.kernel.errors import ChatError
from rooms.models import Membership, Message, Notification, Reaction
from rooms.services import messages, recent_messages

from .api_client import Api

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "unpublished")]


@pytest.fixture
def spam(alice, bob, lobby, monkeypatch):
    """Ids of what bob has said: two hours ago, and in the last hour more than fits into a portion."""
    monkeypatch.setattr("rooms.services.recent_messages.BATCH_SIZE", 3)
    ids = [messages.post(bob, "lobby", f"buy @alice {number}").message_id for number in range(8)]
    Message.objects.filter(pk=ids[0]).update(created=timezone.now() - timedelta(hours=2))
    return ids


def texts(ids) -> list[str]:
    return list(Message.objects.filter(pk__in=ids).order_by("pk").values_list("text", flat=True))


def test_what_they_said_in_the_last_hours_becomes_tombstones(alice, bob, lobby, spam):
    kept = messages.post(alice, "lobby", "hm").message_id
    messages.react(alice, "lobby", spam[3], "👍")
    lobby.refresh_from_db()
    head = lobby.seq
    assert recent_messages.delete_recent(alice, "lobby", bob.id, 1) == 7
    run_all()
    assert texts(spam) == ["buy @alice 0", *[""] * 7]
    assert texts([kept]) == ["hm"]
    assert not Reaction.objects.exists()
    assert set(Notification.objects.values_list("message", flat=True)) == {spam[0]}
    numbers = list(Message.objects.filter(pk__in=spam[1:]).order_by("pk").values_list("seq", flat=True))
    assert numbers == list(range(head + 1, head + 8))
    lobby.refresh_from_db()
    assert lobby.seq == head + 7


def test_it_is_one_entry_and_twice_is_once(alice, bob, lobby, spam):
    recent_messages.delete_recent(alice, "lobby", bob.id, 6)
    run_all()
    lobby.refresh_from_db()
    head = lobby.seq
    assert recent_messages.delete_recent(alice, "lobby", bob.id, 6) == 0
    recent_messages.delete_between.enqueue(
        lobby.pk, bob.pk, (timezone.now() - timedelta(hours=6)).isoformat(), timezone.now().isoformat()
    )
    run_all()
    lobby.refresh_from_db()
    assert lobby.seq == head
    [entry] = Entry.objects.filter(act="room.messages_deleted")
    assert (entry.actor, entry.person, entry.params) == (alice.pk, bob.pk, {"hours": 6, "count": 8})


def test_what_they_say_later_stays(alice, bob, lobby, spam):
    recent_messages.delete_recent(alice, "lobby", bob.id, 1)
    later = messages.post(bob, "lobby", "sorry").message_id
    run_all()
    assert texts([later]) == ["sorry"]


def test_members_may_not(bob, charlie, lobby):
    for user, hours, reason in ((bob, 1, "not_author_or_moderator"), (charlie, 1, "not_author_or_moderator")):
        with pytest.raises(ChatError) as refused:
            recent_messages.delete_recent(user, "lobby", bob.id, hours)
        assert refused.value.reason == reason


def test_it_goes_with_a_ban_by_the_form(client, alice, bob, lobby, spam):
    client.force_login(alice)
    fields = {"do": "ban", "username": "bob", "messages": "24"}
    page = client.post("/chat/lobby/people/", fields, follow=True).content.decode()
    assert "8 messages are being deleted." in page
    run_all()
    assert texts(spam) == [""] * 8
    assert Membership.objects.get(user=bob).banned
    assert [entry.act for entry in Entry.objects.order_by("pk")] == ["room.person_banned", "room.messages_deleted"]


def test_it_goes_by_the_api(alice, bob, lobby, spam):
    api = Api(alice)
    assert api.post("/api/rooms/lobby/delete-messages", {"username": "bob", "hours": 2})[1]["reason"] == "unknown_hours"
    answer = api.post("/api/rooms/lobby/delete-messages", {"username": "bob", "hours": 1})[1]
    assert (answer["person"]["name"], answer["messages"]) == ("bob", 7)
    run_all()
    assert texts(spam)[1:] == [""] * 7
