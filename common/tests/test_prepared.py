"""What is prepared is what Django would have answered, each time, on every database."""

from datetime import timedelta

import pytest
from django.db.models import Exists, OuterRef, Value
from django.utils import timezone

from accounts.models import User
from common.prepared import Prepared
from rooms.models import Membership, Message, Room
from rooms.queries.own_rooms import own_room, rooms_of
from rooms.services import membership, messages

pytestmark = pytest.mark.django_db


@pytest.fixture
def rooms(alice, bob):
    found = [membership.get_or_create_and_join(alice, title) for title in ("Lobby", "Kitchen")]
    membership.get_or_join(bob, "lobby")
    messages.post(bob, "lobby", "hello @alice")
    return found


def values(row) -> dict:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_each_value_is_as_django_reads_it(alice, bob, rooms):
    alice.preferences = {"density": "compact"}
    alice.save()
    person = Prepared(lambda id: User.objects.filter(pk=id), int)
    for user in (alice, bob):
        assert values(person.first(user.pk)) == values(User.objects.filter(pk=user.pk).get())
        assert values(User.objects.get(pk=user.pk)) == values(User.objects.get(id=user.pk))
    assert person.first(2**40) is None
    assert not person.first(bob.pk)._state.adding


def test_what_is_read_with_it_comes_along(alice, bob, rooms, django_assert_num_queries):
    def build(room_id, since):
        mentioned = Exists(Membership.objects.filter(room=OuterRef("room"), mention_seq__gt=0))
        found = Message.objects.filter(room=room_id, created__gt=since).annotate(mentioned=mentioned, one=Value(1))
        return found.select_related("sender", "room").order_by("-pk")[:2]

    said, since = Prepared(build, int, type(timezone.now())), timezone.now() - timedelta(minutes=5)
    for room in rooms:
        expected = list(build(room.pk, since))
        with django_assert_num_queries(1):
            found = said(room.pk, since)
            assert [(row.sender.username, row.room.title) for row in found] == [
                (row.sender.username, row.room.title) for row in expected
            ]
        assert [row.mentioned for row in found] == [row.mentioned for row in expected]
        assert [(row.pk, row.created, row.one) for row in found] == [(row.pk, row.created, 1) for row in expected]
    assert said(rooms[0].pk, timezone.now() + timedelta(minutes=5)) == []


def test_a_room_of_a_person_is_as_in_the_list_of_all(alice, bob, rooms):
    for user in (alice, bob):
        listed = {room.pk: values(room) for room in rooms_of(user.id)}
        for room in rooms:
            found = own_room(user.id, room.pk)
            assert (values(found) if found else None) == listed.get(room.pk)


def test_a_text_is_a_value_whatever_is_in_it(alice, rooms):
    by_title = Prepared(lambda title, name: Room.objects.filter(title=title, name=name), str, str)
    Room.objects.filter(name="lobby").update(title="'; %s \\ \"")
    assert [room.name for room in by_title("'; %s \\ \"", "lobby")] == ["lobby"]
    assert by_title("lobby", "'; %s \\ \"") == by_title("%", "lobby") == []


def test_what_changes_a_value_is_refused(alice):
    with pytest.raises(ValueError, match="not compared with as it is"):
        Prepared(lambda name: Room.objects.filter(name__startswith=name), str)("lob")
