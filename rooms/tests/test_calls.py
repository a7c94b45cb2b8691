"""@here, @room and groups: who may call, who hears it, how often, and what an edit or a deletion takes back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.reserved_names import is_reserved_for_erased
from jobs.worker import run_all
from presence import sync_client
from presence.types import PresenceStatus
from rooms.kernel.errors import ChatError
from rooms.models import Message, Notification, Role
from rooms.queries import inbox, unread_counts
from rooms.services import (
    audiences,
    blocks,
    calls,
    direct_messages,
    levels,
    membership,
    messages,
    notifications,
    people_groups,
)

from .api_client import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(monkeypatch):
    """Ids of those who are here."""
    ids = set()
    monkeypatch.setattr(sync_client, "get_status", lambda wanted: {id: PresenceStatus(here=id in ids) for id in wanted})
    return ids


@pytest.fixture
def people(lobby, alice, make_user):
    """alice owns the room; bob, carol and dave belong to it."""
    found = [alice, *(make_user(name) for name in ("bob", "carol", "dave"))]
    for user in found:
        membership.get_or_join(user, "lobby")
    return found


@pytest.fixture
def staff(make_user):
    user = make_user("staff_person")
    user.is_staff = True
    user.save()
    return user


def told(message_id: int) -> dict[str, str]:
    return dict(Notification.objects.filter(message=message_id).values_list("user__username", "kind"))


def test_a_moderator_calls_the_room_and_for_others_it_is_a_word(people):
    alice, bob, carol, dave = people
    said = messages.post(alice, "lobby", "fire drill, @room, and @bob first").message_id
    assert told(said) == {"bob": "mention", "carol": "room", "dave": "room"}
    message = Message.objects.get(pk=said)
    assert (message.audience, message.mentions) == (["room"], [bob.id])
    assert '<span class="mention" data-user="room">@room</span>' in message.html
    [row] = unread_counts.unread_of([carol.id], [message.room_id])
    assert (row["mentioned"], row["mentions"]) == (True, 1)
    said = messages.post(bob, "lobby", "is @everyone or @ROOM there?").message_id
    assert (told(said), Message.objects.get(pk=said).audience) == ({}, None)
    assert "data-user" not in Message.objects.get(pk=said).html
    said = messages.post(alice, "lobby", "`@room` is how it is written").message_id
    assert told(said) == {}
    assert [entry.row.kind for entry in inbox.page(dave.id, "mentions").entries] == ["room"]


def test_somebody_called_like_that_keeps_their_name(people, make_user):
    alice, *_others = people
    named = make_user("channel")
    membership.get_or_join(named, "lobby")
    said = messages.post(alice, "lobby", "hi @channel").message_id
    assert (told(said), Message.objects.get(pk=said).audience) == ({"channel": "mention"}, None)


def test_what_a_call_costs_does_not_grow_with_the_room_or_its_calls(people, make_user):
    """Posts wait for it. How many rows each query reads is bounded by its LIMIT."""
    alice, *_others = people
    messages.post(alice, "lobby", "@room")  # what is asked once is known
    with CaptureQueriesContext(connection) as small:
        messages.post(alice, "lobby", "@room")
    for number in range(audiences.FEW):
        membership.get_or_join(make_user(f"p{number}"), "lobby")
    with CaptureQueriesContext(connection) as large:
        messages.post(alice, "lobby", "@room")
    assert len(large) <= len(small)
    asked = [each["sql"] for each in large if "audience" in each["sql"] and each["sql"].startswith("SELECT")]
    assert len(asked) == 1 and "LIMIT 1" in asked[0]


def test_calls_of_groups_count_for_no_limit_of_the_room(people, staff):
    alice, bob, *_others = people
    people_groups.create(staff, "rooms")
    people_groups.add(staff, "rooms", "bob")
    for number in range(2 * calls.CALLS_AN_HOUR):
        messages.post(alice, "lobby", f"@rooms {number}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calls, "LARGE", 0)
        messages.post(alice, "lobby", "@room")


def test_levels_mutes_and_blocks_hold_for_calls(people):
    alice, bob, carol, dave = people
    levels.set_level(bob, "lobby", "nothing")
    levels.mute(carol, "lobby", True)
    blocks.block(dave, "alice")
    assert told(messages.post(alice, "lobby", "@room").message_id) == {}


def test_who_is_here_is_told_by_a_job(people, here):
    alice, bob, carol, dave = people
    levels.set_level(dave, "lobby", "all")
    here |= {alice.id, carol.id}
    said = messages.post(bob, "lobby", "coffee, @here?").message_id
    assert told(said) == {}
    run_all()
    assert told(said) == {"alice": "here", "carol": "here", "dave": "message"}


def test_the_job_waits_while_nobody_knows_who_is_here(people, monkeypatch):
    _alice, bob, *_others = people
    monkeypatch.setattr(sync_client, "get_status", lambda wanted: None)
    said = messages.post(bob, "lobby", "@here").message_id
    with pytest.raises(audiences.PresenceUnknown):
        audiences.tell_in_batches.func(said)


def test_a_group_calls_those_of_it_who_belong_to_the_room(people, staff, make_user):
    alice, bob, carol, _dave = people
    people_groups.create(staff, "@Design", "how things look")
    for user in (bob, carol, make_user("outsider")):
        people_groups.add(staff, "design", user.username)
    said = messages.post(bob, "lobby", "@DESIGN, what do you think?").message_id
    assert told(said) == {"carol": "group"}
    assert '<span class="mention" data-user="design">@DESIGN</span>' in Message.objects.get(pk=said).html
    assert Api(alice).get("/api/rooms/lobby/members?q=d")[1]["calls"] == [{"name": "design", "people": 2}]
    people_groups.remove(carol, "design", "carol")
    assert told(messages.post(bob, "lobby", "@design").message_id) == {}


def test_staff_alone_make_groups_of_names_that_are_free(staff, bob, make_user):
    with pytest.raises(ChatError, match="staff"):
        people_groups.create(bob, "design")
    for name in ("bob", "Room", "a b", "x" * 33, "everyone", ""):
        with pytest.raises(ChatError, match="32 letters"):
            people_groups.create(staff, name)
    people_groups.create(staff, "design")
    assert is_reserved_for_erased("Design")
    with pytest.raises(ChatError, match="already"):
        people_groups.create(staff, "design")
    with pytest.raises(ChatError, match="staff"):
        people_groups.remove(bob, "design", staff.username)


def test_the_pages_of_groups(client, staff, bob):
    client.force_login(staff)
    assert client.post("/groups/", {"name": "design", "about": "looks"}).headers["location"] == "/groups/design/"
    client.post("/groups/design/", {"do": "add", "username": "@bob"})
    client.force_login(bob)
    page = client.get("/groups/design/").content.decode()
    assert "Leave the group" in page and 'value="delete"' not in page
    client.post("/groups/design/", {"do": "delete"})
    client.post("/groups/design/", {"do": "leave"})
    assert "Nobody belongs to it." in client.get("/groups/design/").content.decode()
    assert "looks" in client.get("/groups/").content.decode()
    assert client.get("/groups/nobody/").status_code == 404


def test_whom_an_edit_no_longer_names_is_told_as_one_of_the_room(people):
    said = messages.post(people[0], "lobby", "@room, and @bob first").message_id
    assert told(said)["bob"] == "mention"
    messages.edit(people[0], "lobby", said, "@room")
    assert told(said) == {"bob": "room", "carol": "room", "dave": "room"}


def test_what_an_edit_takes_away_is_withdrawn_or_told_by_what_is_left(people, staff):
    alice, bob, carol, dave = people
    levels.set_level(dave, "lobby", "all")
    people_groups.create(staff, "design")
    people_groups.add(staff, "design", "bob")
    asked = messages.post(carol, "lobby", "who?").message_id
    said = messages.post(alice, "lobby", "@room @design", reply_to=asked).message_id
    assert told(said) == {"bob": "room", "carol": "reply", "dave": "room"}
    messages.edit(alice, "lobby", said, "@design @here")  # nobody is called anew
    assert told(said) == {"bob": "group", "carol": "reply", "dave": "message"}
    message = Message.objects.get(pk=said)
    assert message.audience == ["design"] and ">@here<" not in message.html
    messages.edit(alice, "lobby", said, "nobody")
    assert told(said) == {"carol": "reply", "dave": "message"}


def test_a_large_room_is_called_a_few_times_an_hour_by_a_job_which_a_deletion_takes_back(people, monkeypatch):
    alice, *_others = people
    for module, name in ((audiences, "FEW"), (calls, "LARGE"), (notifications, "CLEANED")):
        monkeypatch.setattr(module, name, 2)
    said = [messages.post(alice, "lobby", f"@all {number}").message_id for number in range(calls.CALLS_AN_HOUR)]
    assert told(said[0]) == {}
    with pytest.raises(ChatError) as refused:
        messages.post(alice, "lobby", "@room again")
    assert refused.value.reason == "too_many_calls" and 3500 < refused.value.retry_after <= 3600
    run_all()
    assert told(said[0]) == {"bob": "room", "carol": "room", "dave": "room"}
    messages.delete(alice, "lobby", said[0])
    run_all()
    assert told(said[0]) == {}


def test_in_direct_messages_nobody_else_is_called(alice, bob):
    room = direct_messages.get_or_create_direct_message(alice, "bob")
    said = messages.post(alice, room.name, "@here @room").message_id
    assert (told(said), Message.objects.get(pk=said).audience) == ({"bob": "direct"}, None)


def test_completion_offers_what_one_may_call(people):
    alice, bob, *_others = people
    assert Api(alice).get("/api/rooms/lobby/members?q=ro")[1]["calls"] == [{"name": "room", "people": 3}]
    assert Api(bob).get("/api/rooms/lobby/members?q=ro")[1]["calls"] == []
    assert [each["name"] for each in Api(bob).get("/api/rooms/lobby/members?q=")[1]["calls"]] == ["here"]
    assert membership.get_visible_room_and_membership(alice.id, "lobby")[1].role == Role.OWNER
