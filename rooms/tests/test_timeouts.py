"""Timeouts: somebody cannot write until a time, in a room or on the server, and knows why."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Entry
from rooms.kernel.protocol import timestamp
from rooms.models import Membership, ModerationNote, Notification, Role, Timeout
from rooms.services import direct_messages, membership, messages, moderation, timeouts

from .refusals import refused_with

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]


def soon(**time):
    return timezone.now() + timedelta(**(time or {"hours": 1}))


def acts() -> list[str]:
    return list(Entry.objects.exclude(act="account.role_changed").order_by("pk").values_list("act", flat=True))


@pytest.fixture
def root(make_user):
    return make_user("root", is_staff=True)


def end_all() -> None:
    Timeout.objects.update(until=timezone.now())


def test_a_member_cannot_write_until_it_ends_by_itself(alice, bob, lobby):
    mine = messages.post(bob, "lobby", "mine").message_id
    timeouts.time_out(alice, "lobby", bob.pk, soon(), "  Calm \n down ")
    for act, *rest in (
        (messages.post, "lobby", "hello"),
        (messages.edit, "lobby", mine, "edited"),
        (messages.react, "lobby", mine, "👍"),
        (messages.set_topic_and_description, "lobby", "Topic"),
    ):
        assert refused_with(act, bob, *rest) == "timed_out"
    assert Timeout.objects.get().reason == "Calm down"
    messages.delete(bob, "lobby", mine)
    membership.leave(bob, "lobby")
    assert refused_with(messages.post, bob, "lobby", "as a stranger") == "timed_out"
    membership.get_or_join(bob, "lobby")
    assert refused_with(messages.post, bob, "lobby", "back") == "timed_out"
    end_all()
    messages.post(bob, "lobby", "at last")
    assert acts() == ["room.person_timed_out"]


def test_a_moderator_lifts_it_and_the_person_is_told_of_both(alice, bob, lobby):
    timeouts.time_out(alice, "lobby", bob.pk, soon(), "noise")
    timeouts.time_out(alice, "lobby", bob.pk, soon(minutes=10), "noise")
    assert [each.user for each in timeouts.running_in(lobby)] == [bob]
    for _twice in range(2):
        timeouts.lift(alice, "lobby", bob.pk)
    messages.post(bob, "lobby", "thanks")
    told = Notification.objects.filter(user=bob).order_by("pk").values_list("what", flat=True)
    assert list(told) == [ModerationNote.TIMED_OUT, ModerationNote.TIMED_OUT, ModerationNote.TIMEOUT_LIFTED]
    assert acts() == ["room.person_timed_out", "room.person_timed_out", "room.timeout_lifted"]


def test_who_may_whom_and_for_how_long(alice, bob, charlie, lobby, root):
    membership.get_or_join(charlie, "lobby")
    assert refused_with(timeouts.time_out, bob, "lobby", charlie.pk, soon(), "x") == "cannot_time_out"
    assert refused_with(timeouts.lift, bob, "lobby", charlie.pk) == "cannot_time_out"
    moderation.appoint(alice, "lobby", charlie.pk, Role.MODERATOR)
    assert refused_with(timeouts.time_out, alice, "lobby", charlie.pk, soon(), "x") == "cannot_time_out"
    assert refused_with(timeouts.time_out, charlie, "lobby", alice.pk, soon(), "x") == "cannot_time_out"
    assert refused_with(timeouts.time_out, charlie, "lobby", root.pk, soon(), "x") == "not_a_member"
    for until, reason in ((soon(days=29), "x"), (soon(hours=-1), "x"), (soon(), " ")):
        assert refused_with(timeouts.time_out, charlie, "lobby", bob.pk, until, reason) == "timeout_limits"
    assert refused_with(timeouts.time_out, charlie, "lobby", bob.pk, soon(), "x" * 201) == "explanation_too_long"
    assert not Timeout.objects.exists() and "room.person_timed_out" not in acts()


def test_who_becomes_a_moderator_is_free(alice, bob, lobby):
    timeouts.time_out(alice, "lobby", bob.pk, soon(), "x")
    moderation.appoint(alice, "lobby", bob.pk, Role.MODERATOR)
    messages.post(bob, "lobby", "free")


def test_on_the_whole_server_nobody_writes_anywhere(alice, bob, lobby, root, charlie):
    direct = direct_messages.get_or_create_direct_message(bob, "alice")
    assert refused_with(timeouts.time_out_on_server, alice, bob.pk, soon(), "spam") == "not_staff"
    assert refused_with(timeouts.time_out_on_server, root, root.pk, soon(), "spam") == "cannot_time_out"
    timeouts.time_out_on_server(root, bob.pk, soon(), "spam")
    for name in ("lobby", direct.name):
        assert refused_with(messages.post, bob, name, "hello") == "timed_out_on_server"
    membership.create_room(alice, "Another")
    own = membership.create_room(charlie, "Own")
    timeouts.time_out_on_server(root, charlie.pk, soon(), "spam")
    assert refused_with(messages.post, charlie, own.name, "hello") == "timed_out_on_server"
    timeouts.lift_on_server(root, charlie.pk)
    messages.post(charlie, own.name, "hello")
    assert refused_with(messages.post, bob, "another", "hello") == "timed_out_on_server"
    assert not Membership.objects.filter(room__name="another", user=bob).exists()
    timeouts.time_out(alice, "lobby", bob.pk, soon(minutes=1), "shorter")
    timeouts.lift_on_server(root, bob.pk)
    assert refused_with(messages.post, bob, "lobby", "hello") == "timed_out"
    messages.post(bob, direct.name, "hello")
    assert acts() == [
        "account.timed_out",
        "account.timed_out",
        "account.timeout_lifted",
        "room.person_timed_out",
        "account.timeout_lifted",
    ]


def test_by_the_api(client, alice, bob, lobby, root):
    def post(address, **fields):
        return client.post(f"/api/{address}", json.dumps(fields), "application/json")

    client.force_login(alice)
    until = timestamp(soon())
    made = post("rooms/lobby/timeout", username="bob", until=until, reason="noise").json()
    assert (made["until"], made["reason"], made["by"]["name"]) == (until, "noise", "alice")
    assert client.get("/api/rooms/lobby/timeouts").json() == {"timeouts": [made]}
    assert (
        post("rooms/lobby/timeout", username="bob", until="later", reason="x").json()["reason"] == "parameter_not_time"
    )
    assert post("server/timeouts", username="bob", until=until, reason="x").json()["reason"] == "not_staff"
    client.force_login(bob)
    refused = client.get("/api/rooms/lobby").json()["refused"]
    assert refused["reason"] == "timed_out" and refused["params"] == {"until": until, "why": "noise"}
    client.force_login(alice)
    assert post("rooms/lobby/lift_timeout", username="bob").json()["lifted"]["name"] == "bob"
    client.force_login(root)
    assert post("server/timeouts", username="bob", until=until, reason="spam").json()["reason"] == "spam"
    assert len(client.get("/api/server/timeouts").json()["timeouts"]) == 1
    assert post("server/lift_timeout", username="bob").json()["lifted"]["name"] == "bob"


def test_on_the_pages(client, alice, bob, lobby, root):
    client.force_login(alice)
    page = client.get("/chat/lobby/people/?whom=bob").content.decode()
    assert 'value="bob"' in page and "Time somebody out" in page
    fields = {"do": "time_out", "username": "bob", "for": "600", "reason": "<b>noise</b>"}
    page = client.post("/chat/lobby/people/", fields, follow=True).content.decode()
    assert "bob cannot write for now." in page and "&lt;b&gt;noise&lt;/b&gt;" in page and "In a timeout now" in page
    assert (
        "A timeout needs a reason"
        in client.post("/chat/lobby/people/", fields | {"for": "1"}, follow=True).content.decode()
    )
    client.force_login(bob)
    page = client.get("/chat/lobby/").content.decode()
    assert "You cannot write in this room until" in page and "&lt;b&gt;noise" in page
    assert "Time somebody out" not in client.get("/chat/lobby/people/").content.decode()
    assert client.get("/server/timeouts/").status_code == 404
    client.force_login(alice)
    fields = {"do": "lift_timeout", "username": "bob"}
    assert "bob can write again." in client.post("/chat/lobby/people/", fields, follow=True).content.decode()
    client.force_login(root)
    fields = {"do": "time_out", "username": "bob", "for": "3600", "reason": "spam"}
    page = client.post("/server/timeouts/", fields, follow=True).content.decode()
    assert "bob cannot write for now." in page and "spam" in page
    page = client.post("/server/timeouts/", {"do": "lift", "username": "bob"}, follow=True).content.decode()
    assert "bob can write again." in page and "Nobody." in page
