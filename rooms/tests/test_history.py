"""Reading: pages of a room, and the rooms of a person; each costs what it shows and not what exists."""

import pytest

from rooms.models import Membership, Message, RoomKind
from rooms.queries import history, own_rooms, unread_counts
from rooms.queries.serializers import message_event
from rooms.services import direct_messages, levels, membership, messages, moderation

from .timeline import fill, say, texts

pytestmark = pytest.mark.django_db


# --- pages ---


def test_the_newest_page_and_those_before_it(alice, lobby):
    say(alice, lobby, 7)
    page = history.page(lobby, limit=3)
    assert (texts(page), page.more, page.seq) == (["n4", "n5", "n6"], True, 7)
    page = history.page(lobby, before=page.messages[0].id, limit=3)
    assert (texts(page), page.more) == (["n1", "n2", "n3"], True)
    page = history.page(lobby, before=page.messages[0].id, limit=3)
    assert (texts(page), page.more) == (["n0"], False)
    page = history.page(lobby, before=page.messages[0].id, limit=3)
    assert (texts(page), page.more) == ([], False)


def test_a_page_that_fits_exactly_has_no_more(alice, lobby):
    say(alice, lobby, 3)
    assert history.page(lobby, limit=3).more is False


def test_pages_after_a_message(alice, lobby):
    ids = say(alice, lobby, 5)
    page = history.page(lobby, after=ids[0], limit=3)
    assert (texts(page), page.more) == (["n1", "n2", "n3"], True)
    page = history.page(lobby, after=ids[3], limit=3)
    assert (texts(page), page.more) == (["n4"], False)


@pytest.mark.parametrize(
    ("at", "limit", "shown", "more"),
    [
        (3, 4, ["n1", "n2", "n3", "n4"], True),
        (0, 4, ["n0", "n1", "n2", "n3"], False),
        (1, 4, ["n0", "n1", "n2", "n3"], False),
        (6, 4, ["n4", "n5", "n6"], True),
        (6, 1, ["n6"], True),
    ],
)
def test_pages_around_a_message_hold_it(alice, lobby, at, limit, shown, more):
    ids = say(alice, lobby, 7)
    page = history.page(lobby, around=ids[at], limit=limit)
    assert texts(page) == shown
    assert page.more is more


@pytest.mark.parametrize(
    ("where", "shown", "older", "at_newest"),
    [
        ({}, "5 6 7 8", True, True),
        ({"before": 5}, "1 2 3 4", True, False),
        ({"before": 2}, "0 1", False, False),
        ({"before": 0}, "", False, False),
        ({"after": 2}, "3 4 5 6", True, False),
        ({"after": 6}, "5 6 7 8", True, True),
        ({"around": 4}, "2 3 4 5", True, False),
        ({"around": 0}, "0 1", False, False),
        ({"around": 8}, "5 6 7 8", True, True),
    ],
)
def test_what_stands_on_a_page(alice, lobby, where, shown, older, at_newest):
    ids = say(alice, lobby, 9)
    say(alice, membership.get_or_create_and_join(alice, "elsewhere"), 2)
    found = history.versions(lobby, **{name: ids[at] for name, at in where.items()}, limit=4)
    assert [row[0] for row in found.rows] == [ids[int(at)] for at in shown.split()]
    assert (found.older, found.newest) == (older, None if at_newest else ids[8])


def test_a_page_around_a_message_that_is_gone_shows_its_neighbours(alice, lobby):
    ids = say(alice, lobby, 3)
    Message.objects.filter(pk=ids[1]).delete()
    assert texts(history.page(lobby, around=ids[1], limit=4)) == ["n0", "n2"]


@pytest.mark.parametrize(("limit", "count"), [(0, 1), (-5, 1), (1000, 100), (50, 50)])
def test_a_page_has_one_to_a_hundred_messages(alice, lobby, limit, count):
    fill(lobby, alice, 120)
    assert len(history.page(lobby, limit=limit).messages) == count


def test_a_page_holds_nothing_of_another_room(alice, lobby):
    other = membership.get_or_create_and_join(alice, "Other")
    say(alice, lobby, 2)
    elsewhere = say(alice, other, 2, "elsewhere {}")
    say(alice, lobby, 2, "later {}")
    everything = texts(history.page(lobby))
    assert everything == ["n0", "n1", "later 0", "later 1"]
    assert "elsewhere 0" not in texts(history.page(lobby, around=elsewhere[0]))


def test_a_page_costs_a_fixed_number_of_queries_whatever_it_holds(alice, bob, lobby, django_assert_num_queries):
    first = say(alice, lobby, 1)[0]
    for id in say(bob, lobby, 30):
        messages.react(alice, "lobby", id, "👍")
    for _ in range(20):
        messages.post(alice, "lobby", "yes", reply_to=first)
    with django_assert_num_queries(3):  # head, messages, reactions
        page = history.page(lobby)
        [message_event(message) for message in page.messages]


# --- what is unread ---


def unread(user):
    return {room.name: (room.unread, room.mentioned) for room in own_rooms.rooms_of(user.id)}


def test_the_rooms_of_a_person_are_theirs_and_the_liveliest_first(alice, bob, charlie, lobby):
    membership.get_or_create_and_join(alice, "Quiet")
    private = membership.create_room(bob, "Plans", "private")
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    say(alice, lobby, 1)
    say(bob, direct, 1)
    assert [room.name for room in own_rooms.rooms_of(alice.id)] == [direct.name, "lobby", "quiet"]
    assert {room.name for room in own_rooms.rooms_of(bob.id)} == {direct.name, "lobby", private.name}
    assert list(own_rooms.rooms_of(charlie.id)) == []
    Membership.objects.filter(user=bob, room=lobby).update(muted=True)
    assert {room.name: room.muted for room in own_rooms.rooms_of(bob.id)}["lobby"] is True


def test_the_rooms_of_many_people_and_heads_of_many_rooms(alice, bob, charlie, lobby):
    other = membership.get_or_create_and_join(alice, "Other")
    say(alice, other, 2)
    moderation.remove(alice, "lobby", bob.id, ban=True)
    ids = [alice.id, bob.id, charlie.id]
    assert own_rooms.room_ids_of(ids) == {alice.id: {lobby.id, other.id}, bob.id: set(), charlie.id: set()}
    assert history.heads([lobby.id, other.id, 10**9]) == {lobby.id: 1, other.id: 2}  # a notice, and what was said
    assert unread_counts.unread_of([bob.id], [lobby.id]) == []


# --- the event ---


def test_the_event_of_a_message_is_as_the_protocol_has_it(alice, bob, lobby):
    question = messages.post(alice, "lobby", "which **one**?\n\n" + "x" * 200)
    id = messages.post(bob, "lobby", "this one @alice", reply_to=question.message_id).message_id
    messages.react(alice, "lobby", id, "👍")
    messages.react(bob, "lobby", id, "🎉")
    messages.react(bob, "lobby", id, "👍")
    event = message_event(Message.objects.for_wire().get(pk=id))
    assert {key: event[key] for key in ("type", "room", "id", "kind", "seq", "state", "deleted", "edited")} == {
        "type": "message",
        "room": "lobby",
        "id": id,
        "kind": "human",
        "seq": 5,
        "state": "complete",
        "deleted": False,
        "edited": None,
    }
    assert event["sender"] == {"id": bob.id, "name": "bob", "bot": False}
    assert event["mentions"] == [alice.id]
    assert event["reactions"] == [{"emoji": "👍", "users": [alice.id, bob.id]}, {"emoji": "🎉", "users": [bob.id]}]
    quote = event["reply_to"]
    assert (quote["id"], quote["sender"]) == (question.message_id, "alice")
    assert quote["excerpt"].startswith("which one? xxx")
    assert len(quote["excerpt"]) == 120
    assert event["created"].endswith("Z")
    assert "note" not in event


def test_the_rooms_of_each_page_are_those_of_the_query(alice, bob, charlie):
    """Its SQL is made once, for anybody: each must get their own."""
    for user, titles in ((alice, ("One", "Two", "Three")), (bob, ("Two", "Three"))):
        for title in titles:
            say(user, membership.get_or_create_and_join(user, title), 3, "hello @bob {}")
    levels.mute(bob, "two", True)
    direct_messages.get_or_create_direct_message(alice, "bob")
    fields = ("name", "title", "kind", "created", "read_seq", "muted", "level", "unread", "mentioned")
    for user in (alice, bob, charlie, alice):
        for limit in (2, 200):
            mine = own_rooms.rooms_of(user.id).values_list(*fields)
            expected = [*mine.exclude(kind=RoomKind.DIRECT)[:limit], *mine.filter(kind=RoomKind.DIRECT)[:1]]
            found = own_rooms.first_rooms_of(user.id, limit, 1)
            assert [tuple(getattr(room, field) for field in fields) for room in found] == expected


def test_conversations_push_no_room_out_of_the_sidebar(alice, make_user):
    membership.get_or_create_and_join(alice, "Lobby")
    for number in range(5):
        direct = direct_messages.get_or_create_direct_message(make_user(f"stranger{number}"), "alice")
        say(direct.created_by, direct, 1)
    found = own_rooms.first_rooms_of(alice.id, 3, 3)
    assert [room.kind for room in found] == [RoomKind.PUBLIC, *[RoomKind.DIRECT] * 3]
