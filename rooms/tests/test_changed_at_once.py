"""Levels and groups that are changed at the same moment: no fault, and what follows from them is right."""

import pytest

from rooms.kernel.errors import ChatError
from rooms.models import GroupMember, Membership, PeopleGroup
from rooms.services import levels, membership, people_groups

from .groups import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 8


def faults(found: list) -> list:
    return [each for each in found if isinstance(each, Exception) and not isinstance(each, ChatError)]


def test_a_room_that_follows_the_default_follows_the_one_that_was_chosen_last(alice):
    room = membership.get_or_create_and_join(alice, "Plans")
    for _time in range(TIMES):
        levels.set_level(alice, room.name, "nothing")
        levels.set_default_level(alice, "mentions")
        follow = [lambda: levels.set_level(alice, room.name, "")] * 3
        assert not faults(in_threads(*follow, lambda: levels.set_default_level(alice, "all")))
        assert Membership.objects.get(room=room, user=alice).hears_all


def test_a_group_may_be_deleted_while_somebody_is_added(alice, make_user):
    staff = make_user("root", is_staff=True)
    for number in range(TIMES):
        name = f"group{number}"
        people_groups.create(staff, name)
        add = [lambda name=name: people_groups.add(staff, name, "alice")] * 3
        assert not faults(in_threads(*add, lambda name=name: people_groups.delete(staff, name)))
    assert not PeopleGroup.objects.exists() and not GroupMember.objects.exists()
