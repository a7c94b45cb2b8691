"""Posts in groups: each its own answer, none twice, numbers without holes, and nothing published that is not saved."""

import json
import uuid

import pytest
from django.db import OperationalError, connection, transaction

from accounts.models import User
from rooms.kernel import write_errors
from rooms.kernel.errors import ChatError
from rooms.kernel.signals import message_posted
from rooms.models import Membership, Message, Room
from rooms.services import bot_replies, membership, messages, moderation, posting
from rooms.services.posting import Post, Posted, post_many

from .groups import in_threads, seqs

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(monkeypatch):
    """The message events that were handed to the publisher."""
    found = []

    def submit(group, payload):
        if payload.get("seq"):
            found.append(json.loads(payload["text"]))

    monkeypatch.setattr("rooms.publishing.publisher.submit", submit)
    return found


@pytest.fixture
def other(alice):
    return membership.get_or_create_and_join(alice, "Other")


@pytest.fixture
def hears():
    """hears(function): called for each posted message, inside its transaction."""
    connected = []

    def listen(function):
        def receiver(message, room, **kwargs):
            return function(message, room)

        message_posted.connect(receiver, weak=False)
        connected.append(receiver)

    yield listen
    for receiver in connected:
        message_posted.disconnect(receiver)


# --- numbers and order ---


def test_a_group_is_written_in_its_order_with_numbers_from_one(alice, bob, lobby, published):
    posts = [Post([alice, bob][number % 2], lobby.id, f"n{number}") for number in range(10)]
    outcomes = post_many(posts)
    assert [outcome.seq for outcome in outcomes] == list(range(1, 11))
    in_order = Message.objects.order_by("id")
    assert [message.text for message in in_order] == [f"n{number}" for number in range(10)]
    assert [message.id for message in in_order] == [outcome.message_id for outcome in outcomes]
    lobby.refresh_from_db()
    assert lobby.seq == 10


def test_a_group_for_two_rooms_counts_each_for_itself(alice, lobby, other):
    outcomes = post_many([Post(alice, room.id, "x") for room in (lobby, other, lobby, other, lobby)])
    assert [outcome.seq for outcome in outcomes] == [1, 1, 2, 2, 3]
    assert (seqs(lobby), seqs(other)) == ([1, 2, 3], [1, 2])


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_no_hole_and_no_double(alice, bob, lobby, other):
    def write(user, rooms):
        return lambda: [post_many([Post(user, room.id, "x", uuid.uuid4()) for room in rooms]) for _ in range(10)]

    found = in_threads(
        write(alice, [lobby, other]), write(bob, [other, lobby]), write(alice, [other]), write(bob, [lobby, lobby])
    )
    outcomes = [outcome for groups in found for group in groups for outcome in group]
    assert all(isinstance(outcome, Posted) for outcome in outcomes)
    assert len(outcomes) == 70
    assert seqs(lobby) == list(range(1, 41))
    assert seqs(other) == list(range(1, 31))
    assert sorted(Room.objects.values_list("seq", flat=True)) == [30, 40]


@pytest.mark.django_db(transaction=True)
def test_commit_order_is_number_order(alice, lobby, published):
    in_threads(*[lambda: [post_many([Post(alice, lobby.id, "x")]) for _ in range(10)]] * 3)
    # Published after the commit, by several threads: each thread's own come in order.
    assert sorted(event["seq"] for event in published) == list(range(1, 31))
    assert [message.seq for message in Message.objects.order_by("id")] == list(range(1, 31))


# --- one bad post and its neighbours ---


def test_each_post_gets_its_own_answer(alice, bob, charlie, lobby):
    private = membership.create_room(bob, "Plans", "private")
    elsewhere = messages.post(bob, private.name, "hidden").message_id
    outcomes = post_many(
        [
            Post(alice, lobby.id, "one"),
            Post(alice, 10**9, "no room"),
            Post(charlie, private.id, "not mine"),
            Post(alice, lobby.id, "quotes what is elsewhere", reply_to=elsewhere),
            Post(alice, lobby.id, "quotes nothing", reply_to=10**9),
            Post(bob, lobby.id, "two"),
        ]
    )
    codes = [outcome.code if isinstance(outcome, ChatError) else outcome.seq for outcome in outcomes]
    assert codes == [1, "not_found", "not_found", "not_found", "not_found", 2]
    assert outcomes[1].message == outcomes[2].message
    assert seqs(lobby) == [1, 2]


def test_a_post_that_breaks_a_listener_fails_alone(alice, lobby, hears, published, caplog):
    def listener(message, room):
        if message.text == "poison":
            raise ZeroDivisionError("a fault of ours")

    hears(listener)
    with transaction.atomic():
        good, bad, also = post_many([Post(alice, lobby.id, text) for text in ("good", "poison", "also good")])
    assert (good.seq, also.seq) == (1, 2)
    assert bad.code == "internal"
    assert bad.message.rstrip(".").split()[-1] in caplog.text
    assert list(Message.objects.order_by("seq").values_list("text", flat=True)) == ["good", "also good"]
    assert seqs(lobby) == [1, 2]


def test_somebody_deactivated_or_banned_meanwhile_cannot_post(alice, bob, lobby):
    moderation.remove(alice, "lobby", bob.id, ban=True)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert [outcome.code for outcome in post_many([Post(bob, lobby.id, "x"), Post(alice, lobby.id, "x")])] == [
        "not_found",
        "not_found",
    ]
    assert not Message.objects.exclude(kind="notice").exists()  # of the ban


def test_whoever_posts_in_a_public_room_belongs_to_it(charlie, lobby):
    first, second = post_many([Post(charlie, lobby.id, "hi"), Post(charlie, lobby.id, "again")])
    assert (first.seq, second.seq) == (1, 2)
    assert Membership.objects.filter(room=lobby, user=charlie).count() == 1


def test_a_room_in_which_nothing_was_said_is_not_livelier(alice, bob, lobby):
    private = membership.create_room(bob, "Plans", "private")
    before = Room.objects.get(pk=private.pk).active
    post_many([Post(alice, lobby.id, "x"), Post(alice, private.id, "x")])
    assert Room.objects.get(pk=private.pk).active == before


def test_a_database_that_is_away_is_unavailable_for_all(alice, lobby, monkeypatch):
    asked = []

    def away(posts, patient):
        asked.append(len(posts))
        raise OperationalError("gone")

    monkeypatch.setattr(posting, "_write", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    outcomes = post_many([Post(alice, lobby.id, "a"), Post(alice, lobby.id, "b")])
    assert [outcome.code for outcome in outcomes] == ["unavailable", "unavailable"]
    assert asked == [2]


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_fails_is_no_ack(alice, lobby, published):
    def full():
        raise OperationalError("database or disk is full")

    posts = [Post(alice, lobby.id, text, uuid.uuid4()) for text in "ab"]
    with pytest.MonkeyPatch.context() as disk:
        disk.setattr(connection, "commit", full)
        outcomes = post_many(posts)
    assert [outcome.code for outcome in outcomes] == ["unavailable", "unavailable"]
    assert seqs(lobby) == published == []
    assert [outcome.created for outcome in post_many(posts)] == [True, True]


# --- what follows a post ---


def test_a_listener_may_post_into_the_same_room_in_the_same_transaction(alice, lobby, bot_user, hears, published):
    def listener(message, room):
        bot_replies.create_placeholder(room, bot_user, message)

    hears(listener)
    first, second = post_many([Post(alice, lobby.id, "one"), Post(alice, lobby.id, "two")])
    assert (first.seq, second.seq) == (1, 2)
    assert seqs(lobby) == [1, 2, 3, 4]
    lobby.refresh_from_db()
    assert lobby.seq == 4


def test_what_is_published_is_what_a_reader_finds(alice, bob, lobby, published, django_capture_on_commit_callbacks):
    from rooms.queries.serializers import message_event

    with django_capture_on_commit_callbacks(execute=True):
        first = messages.post(alice, "lobby", "hi **@bob**", uuid.uuid4())
        messages.post(bob, "lobby", "yes?", reply_to=first.message_id)
    found = [message_event(message) for message in Message.objects.for_wire().order_by("seq")]
    assert published == json.loads(json.dumps(found))


@pytest.mark.django_db(transaction=True)
def test_nothing_is_published_before_the_commit_or_without_it(alice, lobby, published):
    with transaction.atomic():
        post_many([Post(alice, lobby.id, "kept")])
        assert published == []
    assert [event["message"] for event in published] == ["kept"]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        post_many([Post(alice, lobby.id, "undone")])
        raise ZeroDivisionError
    assert [event["message"] for event in published] == ["kept"]
    assert seqs(lobby) == [1]
    messages.post(alice, "lobby", "next")
    assert seqs(lobby) == [1, 2]


def test_a_group_costs_a_fixed_number_of_queries(alice, bob, lobby, django_assert_num_queries, published, monkeypatch):
    monkeypatch.setattr(message_posted, "receivers", [])  # what others do when they hear of it is theirs
    posts = [Post([alice, bob][number % 2], lobby.id, f"n{number}", uuid.uuid4()) for number in range(50)]
    # savepoint, rooms, memberships, client ids, messages, heads, release
    with django_assert_num_queries(7):
        post_many(posts)


@pytest.mark.django_db(transaction=True)  # the connection is closed
def test_why_nothing_can_be_written_stands_in_the_log_now_and_then(alice, lobby, monkeypatch, caplog):
    def full(*_):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(posting, "_write", full)
    monkeypatch.setattr(write_errors, "_logged", -write_errors.LOG_EVERY)
    for _ in range(3):
        [outcome] = posting.post_many([Post(alice, lobby.id, "hello")])
        assert outcome.code == "unavailable"
    assert [record.message for record in caplog.records] == ["messages cannot be written: database or disk is full"]
