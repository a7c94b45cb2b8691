"""Titles whose slugs are the same: each leads to its own room, never to another one."""

import threading
from itertools import combinations

import pytest
from django.db import connection

from rooms.kernel.errors import ChatError
from rooms.kernel.slugs import group_name, title_to_slug
from rooms.models import Membership, Room, RoomKind
from rooms.queries import room_names
from rooms.queries.room_names import find_public_room, find_rooms_with_slug
from rooms.services import membership, moderation

pytestmark = pytest.mark.django_db

# Each of these lists: one slug, different names.
SAME_SLUG = [
    ["C#", "C++", "C", "C*"],
    ["实施", "时事", "shi shi"],
    ["Tea & Cake", "Tea / Cake", "Tea+Cake"],
    ["R&D", "R/D", "R D"],
    ["北" * 80, "北" * 79 + "x", "北" * 78 + "xy"],
    ["x" * 79 + "!", "x" * 79 + "?"],
]


@pytest.mark.parametrize("titles", SAME_SLUG)
def test_titles_with_the_same_slug_are_different_rooms(alice, bob, titles):
    rooms = [membership.get_or_create_and_join(alice, title) for title in titles]
    assert len({room.pk for room in rooms}) == len({room.name for room in rooms}) == len(titles)
    for room, title in zip(rooms, titles, strict=True):
        assert room.title == title
        assert group_name(room.name)
        assert title_to_slug(room.name) == room.name
        assert membership.get_or_create_and_join(bob, title) == membership.create_room(bob, title) == room
        assert find_public_room(title) == room
    for room in rooms[1:]:  # the first address may be like the title of a later one
        assert find_public_room(room.name) == room


def test_second_addresses_are_numbered(alice):
    names = [membership.get_or_create_and_join(alice, title).name for title in ("C#", "C++", "C*", "C 2")]
    assert names == ["c", "c-2", "c-3", "c-2-2"]
    assert membership.get_or_create_and_join(alice, "c 2").title == "C 2"
    assert [room.title for room in find_rooms_with_slug("c")] == ["C#", "C++", "C*"]


@pytest.mark.parametrize("title", ["c++", " C  ++", "Ｃ＋＋"])
def test_a_title_is_the_same_in_any_spelling(alice, title):
    membership.get_or_create_and_join(alice, "C#")
    room = membership.get_or_create_and_join(alice, "C++")
    assert membership.get_or_create_and_join(alice, title) == room


def test_an_address_means_its_room_and_a_title_goes_before_it(alice):
    sharp = membership.get_or_create_and_join(alice, "C#")
    assert membership.get_or_create_and_join(alice, "c") == sharp
    plain = membership.get_or_create_and_join(alice, "C")
    assert plain.name == "c-2"
    assert membership.get_or_create_and_join(alice, "c") == plain
    assert membership.get_or_create_and_join(alice, "c-2") == plain


def test_a_private_room_is_never_found(alice, bob):
    room = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    assert find_public_room("Plans") is None
    assert find_public_room(room.name) is None
    assert membership.get_or_create_and_join(bob, "Plans").name == "plans"


def test_a_reserved_address_is_not_given_to_a_room(alice, bob):
    room = membership.get_or_create_and_join(alice, "Invite")
    assert (room.name, membership.get_or_create_and_join(bob, "invite")) == ("invite-2", room)


def test_a_room_that_has_a_reserved_address_already_keeps_it(alice, bob):
    room = Room.objects.create(name="invite", title="Invite")
    assert membership.get_or_create_and_join(bob, "invite") == room


def test_a_ban_is_for_one_room(alice, bob):
    room = membership.get_or_create_and_join(alice, "C++")
    moderation.remove(alice, room.name, bob.id, ban=True)
    with pytest.raises(ChatError) as caught:
        membership.get_or_create_and_join(bob, "C++")
    assert caught.value.code == "not_found"
    assert membership.get_or_create_and_join(bob, "C#").name == "c-2"
    assert Membership.objects.get(room=room, user=bob).banned


def test_too_many_rooms_with_one_slug_are_refused(alice, monkeypatch):
    monkeypatch.setattr(room_names, "MAX_SAME_SLUG", 3)
    for title in ("C#", "C++", "C*"):
        membership.get_or_create_and_join(alice, title)
    with pytest.raises(ChatError) as caught:
        membership.get_or_create_and_join(alice, "C!")
    assert caught.value.code == "conflict"


@pytest.mark.parametrize("text", ["", "👍", "-", "\0", "../.."])
def test_what_gives_no_address_finds_no_room(alice, text):
    membership.get_or_create_and_join(alice, "Lobby")
    assert find_public_room(text) is None
    assert find_rooms_with_slug(text) == []


@pytest.mark.django_db(transaction=True)
def test_those_who_make_rooms_with_one_slug_at_once_get_their_own(make_user):
    titles = ["C#", "C++", "C#", "C++"]
    users = [make_user(f"person{number}") for number in range(len(titles))]
    start, found = threading.Barrier(len(titles)), {}

    def run(user, title):
        start.wait()
        found[user.id] = membership.get_or_create_and_join(user, title)
        connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in zip(users, titles, strict=True)]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    rooms = [found[user.id] for user in users]
    for (one, title), (other, other_title) in combinations(zip(rooms, titles, strict=True), 2):
        assert (one == other) is (title == other_title)
        assert one.title == title
    assert Room.objects.count() == 2


def test_a_room_that_is_made_between_looking_and_naming_is_no_second_one(alice, bob, monkeypatch):
    find_free_name, made = membership.find_free_name, []

    def somebody_else_first(title):
        monkeypatch.setattr(membership, "find_free_name", find_free_name)
        made.append(membership.get_or_create_and_join(bob, title))
        return find_free_name(title)

    monkeypatch.setattr(membership, "find_free_name", somebody_else_first)
    assert [membership.get_or_create_and_join(alice, "Race")] == made
