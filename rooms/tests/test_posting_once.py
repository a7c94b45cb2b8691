"""The same client id is one message: from many threads and processes, in many rooms."""

import uuid

import pytest

from rooms.models import Message
from rooms.services import membership, messages, posting
from rooms.services.posting import Post, Posted, post_many

from .groups import in_threads, seqs

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(alice):
    return membership.get_or_create_and_join(alice, "Other")


def test_the_same_client_id_again_is_the_first_answer(alice, lobby):
    post = Post(alice, lobby.id, "once", uuid.uuid4())
    [first] = post_many([post])
    assert post_many([post]) == [Posted(first.message_id, first.seq, created=False)]
    messages.edit(alice, "lobby", first.message_id, "changed")
    assert post_many([post]) == [Posted(first.message_id, 1, created=False)]  # as it was then
    assert Message.objects.count() == 1


def test_the_same_client_id_twice_in_one_group_is_one_message(alice, lobby):
    post = Post(alice, lobby.id, "once", uuid.uuid4())
    first, second = post_many([post, post])
    assert (first.created, second.created) == (True, False)
    assert (first.message_id, first.seq) == (second.message_id, second.seq)
    assert seqs(lobby) == [1]


@pytest.mark.django_db(transaction=True)
def test_the_same_client_id_from_many_threads_at_once_is_one_message(alice, lobby):
    for _ in range(5):
        post = Post(alice, lobby.id, "once", uuid.uuid4())
        found = in_threads(*[lambda post=post: post_many([post])[0]] * 4)
        assert sorted(outcome.created for outcome in found) == [False, False, False, True]
        assert len({(outcome.message_id, outcome.seq) for outcome in found}) == 1
    assert seqs(lobby) == [1, 2, 3, 4, 5]


def test_an_id_that_another_process_wrote_a_moment_ago_is_found(alice, lobby, monkeypatch):
    same, known, unseen = Post(alice, lobby.id, "once", uuid.uuid4()), posting.messages_by_client_id, iter([True, True])
    [first] = post_many([same])
    monkeypatch.setattr(posting, "messages_by_client_id", lambda *ids: {} if next(unseen, False) else known(*ids))
    again, neighbour = post_many([same, Post(alice, lobby.id, "neighbour")])
    assert (again.message_id, again.seq, again.created) == (first.message_id, first.seq, False)
    assert neighbour.created
    assert seqs(lobby) == [1, 2]


def test_two_people_may_use_the_same_client_id(alice, bob, lobby):
    id = uuid.uuid4()
    first, second = post_many([Post(alice, lobby.id, "a", id), Post(bob, lobby.id, "b", id)])
    assert first.created
    assert second.created
    assert first.message_id != second.message_id


def test_a_client_id_of_another_room_is_a_conflict(alice, lobby, other):
    id = uuid.uuid4()
    first, second = post_many([Post(alice, lobby.id, "a", id), Post(alice, other.id, "a", id)])
    assert first.created
    assert second.code == "conflict"
    assert post_many([Post(alice, other.id, "a", id)])[0].code == "conflict"
    assert seqs(other) == []


@pytest.mark.django_db(transaction=True)
def test_a_client_id_used_in_two_rooms_at_the_same_moment_is_one_message_and_one_conflict(alice, lobby, other):
    for _ in range(5):
        id = uuid.uuid4()
        found = in_threads(
            *[lambda room=room, id=id: post_many([Post(alice, room.id, "x", id)])[0] for room in (lobby, other)]
        )
        assert sorted(type(outcome).__name__ for outcome in found) == ["ChatError", "Posted"]
    assert Message.objects.count() == 5
    assert len(seqs(lobby)) + len(seqs(other)) == 5
