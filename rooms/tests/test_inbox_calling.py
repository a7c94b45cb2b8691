"""What a page asks for that rings: once, a moment after it heard that something calls."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from rooms.models import Membership, Notification
from rooms.services import levels, messages, reading

from .api_client import Api

pytestmark = pytest.mark.django_db


def calls(api: Api) -> list[tuple[str, str]]:
    return [(each["kind"], each["excerpt"]) for each in api.get("/api/inbox/new")[1]["items"]]


def test_what_is_unread_and_new_calls(lobby, alice, bob):
    api = Api(bob)
    levels.set_reactions(bob, True)
    mine = messages.post(bob, "lobby", "hello").message_id
    old = messages.post(alice, "lobby", "long ago, @bob").message_id
    Notification.objects.filter(message=old).update(created=timezone.now() - timedelta(minutes=2))
    gone = messages.post(alice, "lobby", "not said, @bob").message_id
    messages.post(alice, "lobby", "now, @bob")
    messages.delete(alice, "lobby", gone)
    assert calls(api) == [("mention", "now, @bob")]
    messages.react(alice, "lobby", mine, "👍")
    assert ("reaction", "hello") in calls(api)
    Membership.objects.filter(user=bob).update(muted=True)
    assert calls(api) == []
    assert api.get("/api/inbox/new")[1]["unread"] == 3  # it stands in the inbox all the same
    Membership.objects.filter(user=bob).update(muted=False)
    assert len(calls(api)) == 2
    reading.mark_all_read(bob)
    assert calls(api) == []


def test_it_says_whether_somebody_wants_to_be_left_alone(lobby, bob):
    api = Api(bob)
    assert api.get("/api/inbox/new") == (200, {"items": [], "unread": 0, "quiet": False})
    User.objects.filter(pk=bob.pk).update(availability="dnd")
    assert api.get("/api/inbox/new")[1]["quiet"] is True
    User.objects.filter(pk=bob.pk).update(status_until=timezone.now())
    assert api.get("/api/inbox/new")[1]["quiet"] is False
