"""Reading: pages, what changed since a number, what is unread; each costs what it shows and not what exists."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rooms.models import Membership, Message, Room, RoomKind
from rooms.queries import history
from rooms.queries.serializers import message_event
from rooms.services import direct_messages, membership, messages, moderation

pytestmark = pytest.mark.django_db


def say(user, room, count, text="n{}"):
    return [messages.post(user, room.name, text.format(number)).message_id for number in range(count)]


def fill(room, user, count):
    """Many messages quickly, as if they had been posted."""
    rows = [
        Message(room=room, seq=number, first_seq=number, sender=user, text=f"n{number}", html=f"<p>n{number}</p>")
        for number in range(room.seq + 1, room.seq + count + 1)
    ]
    Message.objects.bulk_create(rows)
    Room.objects.filter(pk=room.pk).update(seq=room.seq + count)
    room.refresh_from_db()


def texts(page):
    return [message.text for message in page.messages]


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


# --- what changed ---


def test_what_changed_since_is_the_latest_state_of_each_message_by_number(alice, bob, lobby):
    first, second, third = say(alice, lobby, 3)
    messages.edit(alice, "lobby", first, "edited")
    messages.react(bob, "lobby", second, "👍")
    found, head = history.changed_since(lobby.id, 2)
    assert [(message.id, message.seq) for message in found] == [(third, 3), (first, 4), (second, 5)]
    assert head == 5
    assert found[1].text == "edited"
    assert history.changed_since(lobby.id, 5) == ([], 5)


def test_nothing_is_left_out_at_any_number(alice, bob, lobby):
    ids = say(alice, lobby, 3)
    messages.delete(alice, "lobby", ids[1])
    messages.react(bob, "lobby", ids[0], "👍")
    now = {message.id: message.seq for message in Message.objects.all()}
    for since in range(6):
        found, head = history.changed_since(lobby.id, since)
        assert {message.id: message.seq for message in found} == {id: seq for id, seq in now.items() if seq > since}
        assert head == 5


def test_beyond_the_head_or_too_much_is_a_fresh_start(alice, lobby):
    fill(lobby, alice, 30)
    assert history.changed_since(lobby.id, 31) is None
    assert history.changed_since(lobby.id, 10, limit=19) is None
    found, head = history.changed_since(lobby.id, 10, limit=20)
    assert (len(found), head) == (20, 30)


def test_another_rooms_changes_are_not_among_them(alice, lobby):
    say(alice, membership.get_or_create_and_join(alice, "Other"), 3)
    say(alice, lobby, 1)
    assert [message.text for message in history.changed_since(lobby.id, 0)[0]] == ["n0"]


def plan(function) -> str:
    """What the database says about how it runs the widest query of a function."""
    with CaptureQueriesContext(connection) as queries:
        function()
    widest = max((query["sql"] for query in queries if query["sql"].startswith("SELECT")), key=len)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
            cursor.execute("EXPLAIN " + widest)
            return "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("EXPLAIN QUERY PLAN " + widest)
        return "\n".join(row[3] for row in cursor.fetchall())


def test_catching_up_reads_one_range_of_an_index(alice, lobby):
    other = membership.get_or_create_and_join(alice, "Other")
    fill(lobby, alice, 3000)
    fill(other, alice, 3000)
    found = plan(lambda: history.changed_since(lobby.id, 2950))
    if connection.vendor == "postgresql":
        assert "one_change_a_number" in found
        assert "Seq Scan on rooms_message  (" not in found  # a small table of quoted messages may be
    else:
        assert "SEARCH rooms_message USING INDEX" in found
        assert "(room_id=? AND seq>?)" in found
        assert "TEMP B-TREE" not in found


def test_a_page_of_history_reads_one_range_of_an_index(alice, lobby):
    other = membership.get_or_create_and_join(alice, "Other")
    fill(lobby, alice, 3000)
    fill(other, alice, 3000)
    middle = Message.objects.filter(room=lobby)[1500].id
    found = plan(lambda: history.page(lobby, before=middle))
    if connection.vendor == "postgresql":
        assert "Seq Scan on rooms_message  (" not in found  # a small table of quoted messages may be
        assert "Sort" not in found
    else:
        assert "SEARCH rooms_message USING INDEX" in found
        assert "TEMP B-TREE" not in found


# --- what is unread ---


def unread(user):
    return {room.name: (room.unread, room.mentioned) for room in history.rooms_of(user.id)}


def unread_by_event(user, room):
    [row] = history.unread_of([user.id], [room.id])
    return row["unread"], row["mentioned"]


def test_unread_is_what_others_said_since_i_read(alice, bob, lobby):
    say(alice, lobby, 3)
    say(bob, lobby, 2)
    assert unread(bob) == {"lobby": (3, False)}
    assert unread(alice) == {"lobby": (2, False)}
    messages.mark_read(bob, "lobby", 2)
    assert unread(bob) == {"lobby": (1, False)}
    messages.mark_read(bob, "lobby", 10**6)
    assert unread(bob) == {"lobby": (0, False)}
    assert unread_by_event(alice, lobby) == (2, False)


def test_an_edit_or_a_reaction_makes_nothing_unread_again_and_what_is_deleted_is_not(alice, bob, lobby):
    first, second = say(alice, lobby, 2)
    messages.mark_read(bob, "lobby", 1)
    messages.edit(alice, "lobby", first, "edited")
    messages.react(alice, "lobby", first, "👍")
    assert unread(bob) == {"lobby": (1, False)}
    messages.delete(alice, "lobby", second)
    assert unread(bob) == {"lobby": (0, False)}
    assert unread_by_event(bob, lobby) == (0, False)


def test_a_mention_is_told_until_it_is_read(alice, bob, lobby):
    messages.post(alice, "lobby", "hi @bob")
    say(alice, lobby, 1)
    assert unread(bob) == {"lobby": (2, True)}
    assert unread_by_event(bob, lobby) == (2, True)
    messages.mark_read(bob, "lobby", 1)
    assert unread(bob) == {"lobby": (1, False)}


def test_a_mention_that_is_taken_back_leaves_the_one_before(alice, bob, lobby):
    first, second, third = (messages.post(alice, "lobby", f"hi @bob {n}").message_id for n in range(3))
    messages.edit(alice, "lobby", third, "hi all")
    assert unread(bob) == {"lobby": (3, True)}
    messages.mark_read(bob, "lobby", 1)
    messages.delete(alice, "lobby", second)
    assert unread(bob) == {"lobby": (1, False)}
    assert unread_by_event(bob, lobby) == (1, False)


def test_unread_looks_at_the_last_500_messages_at_most(alice, bob, lobby):
    fill(lobby, alice, 700)
    assert unread(bob) == {"lobby": (500, False)}
    assert unread_by_event(bob, lobby) == (500, False)


def test_many_changes_hide_nothing_that_is_unread(alice, bob, lobby):
    messages.post(alice, "lobby", "hi @bob")
    say(alice, lobby, 2)
    Room.objects.filter(pk=lobby.pk).update(seq=2000)  # as after as many reactions
    assert unread(bob) == {"lobby": (3, True)}
    assert unread_by_event(bob, lobby) == (3, True)


def test_the_rooms_of_a_person_are_theirs_and_the_liveliest_first(alice, bob, charlie, lobby):
    membership.get_or_create_and_join(alice, "Quiet")
    private = membership.create_room(bob, "Plans", "private")
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    say(alice, lobby, 1)
    say(bob, direct, 1)
    assert [room.name for room in history.rooms_of(alice.id)] == [direct.name, "lobby", "quiet"]
    assert {room.name for room in history.rooms_of(bob.id)} == {direct.name, "lobby", private.name}
    assert list(history.rooms_of(charlie.id)) == []
    Membership.objects.filter(user=bob, room=lobby).update(muted=True)
    assert {room.name: room.muted for room in history.rooms_of(bob.id)}["lobby"] is True


def test_the_rooms_of_many_people_and_heads_of_many_rooms(alice, bob, charlie, lobby):
    other = membership.get_or_create_and_join(alice, "Other")
    say(alice, other, 2)
    moderation.remove(alice, "lobby", bob.id, ban=True)
    ids = [alice.id, bob.id, charlie.id]
    assert history.room_ids_of(ids) == {alice.id: {lobby.id, other.id}, bob.id: set(), charlie.id: set()}
    assert history.heads([lobby.id, other.id, 10**9]) == {lobby.id: 1, other.id: 2}  # a notice, and what was said
    assert history.unread_of([bob.id], [lobby.id]) == []


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
    membership.mute(bob, "two", True)
    direct_messages.get_or_create_direct_message(alice, "bob")
    fields = ("name", "title", "kind", "created", "read_seq", "muted", "unread", "mentioned")
    for user in (alice, bob, charlie, alice):
        for limit in (2, 200):
            mine = history.rooms_of(user.id).values_list(*fields)
            expected = [*mine.exclude(kind=RoomKind.DIRECT)[:limit], *mine.filter(kind=RoomKind.DIRECT)[:1]]
            found = history.first_rooms_of(user.id, limit, 1)
            assert [tuple(getattr(room, field) for field in fields) for room in found] == expected


def test_conversations_push_no_room_out_of_the_sidebar(alice, make_user):
    membership.get_or_create_and_join(alice, "Lobby")
    for number in range(5):
        direct = direct_messages.get_or_create_direct_message(make_user(f"stranger{number}"), "alice")
        say(direct.created_by, direct, 1)
    found = history.first_rooms_of(alice.id, 3, 3)
    assert [room.kind for room in found] == [RoomKind.PUBLIC, *[RoomKind.DIRECT] * 3]
