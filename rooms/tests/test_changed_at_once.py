"""Levels and groups that are changed at the same moment: no fault, and what follows from them is right."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from rooms.kernel.errors import ChatError
from rooms.models import GroupMember, Membership, PeopleGroup
from rooms.services import keywords, levels, membership, messages, people_groups

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


def test_a_room_that_is_joined_meanwhile_follows_what_was_chosen(alice, make_user):
    """Joined through its page, and by saying something there."""
    bob = make_user("bob")
    for number in range(TIMES):
        rooms = [membership.get_or_create_and_join(bob, f"Plans {number} {each}") for each in range(4)]
        levels.set_default_level(alice, "mentions")
        keywords.set_keywords(alice, [])
        come = [lambda room=room: membership.get_or_join(alice, room.name) for room in rooms[:2]]
        come += [lambda room=room: messages.post(alice, room.name, "I am here") for room in rooms[2:]]
        choose = [lambda: levels.set_default_level(alice, "all"), lambda: keywords.set_keywords(alice, ["tea"])]
        assert not faults(in_threads(*come, *choose))
        places = Membership.objects.filter(user=alice, room__in=rooms)
        assert list(places.values_list("hears_all", "hears_words")) == [(True, True)] * 4


def test_a_group_and_an_account_never_share_a_name(make_user):
    """Whoever is a moment later hears that the name is taken."""
    staff = make_user("root", is_staff=True)

    def sign_up(name: str) -> int:
        password = "correct horse battery"
        fields = {"username": name, "password1": password, "password2": password}
        return Client(REMOTE_ADDR=f"10.0.{len(name)}.1").post(reverse("account_signup"), fields).status_code

    for number in range(TIMES):
        name = "design" + "n" * number
        found = in_threads(lambda name=name: sign_up(name), lambda name=name: people_groups.create(staff, name))
        assert not faults(found)
        named = User.objects.filter(username=name).count(), PeopleGroup.objects.filter(name=name).count()
        assert sum(named) == 1, named


def test_a_group_may_be_deleted_while_somebody_is_added(alice, make_user):
    staff = make_user("root", is_staff=True)
    for number in range(TIMES):
        name = f"group{number}"
        people_groups.create(staff, name)
        add = [lambda name=name: people_groups.add(staff, name, "alice")] * 3
        assert not faults(in_threads(*add, lambda name=name: people_groups.delete(staff, name)))
    assert not PeopleGroup.objects.exists() and not GroupMember.objects.exists()
