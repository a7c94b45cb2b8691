"""Finding people and rooms by what is typed of their names."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from rooms.models import Room, RoomKey, RoomKind, UserKey
from rooms.search.directory import find_people, find_rooms
from rooms.search.name_index import index_all, index_batch
from rooms.services import direct_messages, membership, moderation, renaming
from rooms.text.name_keys import MAX_KEY, MAX_KEYS, fold_name, name_keys

pytestmark = pytest.mark.django_db


def people(typed: str, limit: int = 20, room=None) -> list[str]:
    return [user.username for user in find_people(typed, limit, room)[0]]


def rooms(user, typed: str, limit: int = 20) -> list[str]:
    return [found.room.title for found in find_rooms(user, typed, limit)[0]]


# --- keys ---


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Release notes", ["release notes", "notes"]),
        ("ann.daly_x", ["ann daly x", "daly x", "x"]),
        ("Café  Döner", ["cafe doner", "doner"]),
        ("Ёлка", ["елка"]),
        ("C#", ["c"]),
        ("重启DB", ["重启db", "启db", "db"]),
        ("__", [""]),
    ],
)
def test_a_name_is_looked_up_from_each_of_its_words(name, keys):
    assert name_keys(name) == keys


@pytest.mark.parametrize("name", ["北" * 80, "x " * 40, "ﬃ" * 80, "a" * 80])
def test_the_keys_of_a_name_are_bounded(name):
    assert 1 <= len(name_keys(name)) <= MAX_KEYS
    assert max(map(len, name_keys(name))) <= MAX_KEY


# --- people ---


def test_people_are_found_by_the_beginning_of_any_word(make_user):
    for name in ("dana", "Dave", "ann.daly", "bodan"):
        make_user(name)
    assert people("da") == ["dana", "Dave", "ann.daly"]
    assert people("DÁ") == people("da")
    assert people("ann-d") == ["ann.daly"]
    assert people("nobody") == []


def test_people_come_before_bots_and_those_who_are_gone_are_not_found(make_user):
    make_user("dalek", is_bot=True)
    make_user("dana")
    make_user("dave", is_active=False)
    assert people("da") == ["dana", "dalek"]


def test_members_of_a_room_only(alice, bob, charlie, make_user, lobby):
    make_user("bobby")
    membership.add_member(lobby, charlie)
    moderation.remove(alice, "lobby", charlie.id, ban=True)
    assert people("", room=lobby) == ["alice", "bob"]
    assert people("bo", room=lobby) == ["bob"]
    assert people("charlie", room=lobby) == []


def test_it_says_whether_there_are_more(make_user):
    for number in range(5):
        make_user(f"dora{number}")
    assert [find_people("dora", limit)[1] for limit in (4, 5, 6)] == [True, False, False]


def test_whoever_is_renamed_is_found_by_the_new_name_alone(alice):
    alice.username = "carol"
    alice.save()
    assert (people("alice"), people("carol")) == ([], ["carol"])


# --- rooms ---


def test_public_rooms_are_found_and_private_ones_only_by_members(alice, bob):
    membership.get_or_create_and_join(alice, "Release notes")
    membership.create_room(alice, "Release plans", RoomKind.PRIVATE)
    membership.get_or_create_and_join(alice, "Old releases")
    direct_messages.get_or_create_direct_message(alice, "bob")
    assert rooms(alice, "rel") == ["Release notes", "Release plans", "Old releases"]
    assert rooms(bob, "rel") == ["Release notes", "Old releases"]
    assert rooms(bob, "plans") == rooms(bob, "alice") == rooms(bob, "") == rooms(bob, "👍👍") == []
    assert [found.joined for found in find_rooms(alice, "rel", 20)[0]] == [True] * 3
    assert [found.joined for found in find_rooms(bob, "rel", 20)[0]] == [False] * 2


def test_neither_rooms_that_ban_me_nor_closed_ones_i_am_not_in(alice, bob, lobby):
    moderation.remove(alice, "lobby", bob.id, ban=True)
    attic = membership.get_or_create_and_join(alice, "Attic")
    Room.objects.filter(pk=attic.pk).update(archived=True)
    assert rooms(bob, "lobby") == rooms(bob, "att") == []
    assert rooms(alice, "att") == ["Attic"]
    assert rooms(bob, "attic") == ["Attic"]  # no other room can be called so


def test_the_room_that_is_called_exactly_so_comes_first(alice):
    for title in ("C#", "C++", "C", "Cats"):
        membership.get_or_create_and_join(alice, title)
    assert rooms(alice, "c++")[0] == "C++"
    assert rooms(alice, "C")[0] == "C"
    assert set(rooms(alice, "c++")) == {"C#", "C++", "C", "Cats"}
    assert rooms(alice, "C#", limit=1) == ["C#"]


# --- what keeps the keys ---


def test_what_changes_names_without_a_save_is_caught_up_with(alice, bob):
    room = membership.get_or_create_and_join(alice, "Kitchen")
    direct_messages.get_or_create_direct_message(alice, "bob")
    User.objects.bulk_create([User(username="dora"), User(username="erin")])
    Room.objects.filter(pk=room.pk).update(title="Garden shed")
    assert people("dora") == rooms(alice, "shed") == []
    index_all()
    assert (people("dora"), rooms(alice, "shed"), rooms(alice, "kitch")) == (["dora"], ["Garden shed"], [])
    assert not index_batch()
    assert RoomKey.objects.count() == 2


def test_keys_made_otherwise_are_made_anew(alice, monkeypatch):
    monkeypatch.setattr("rooms.search.name_index.VERSION", 99_999)
    UserKey.objects.update(key="old")
    index_all()
    assert people("alice") == ["alice"]


def test_a_migration_fills_what_is_missing(alice):
    UserKey.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert people("alice") == ["alice"]


def test_what_has_nothing_to_do_with_the_name_costs_nothing(alice):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        alice.save(update_fields=["last_login"])
    assert not [query for query in queries if "userkey" in query["sql"]]


def test_folding_twice_is_folding_once():
    for name in ("Café", "重启Redis", "ﬃ", "Ärger-1"):
        assert fold_name(fold_name(name)) == fold_name(name)


# --- ten thousand ---


def test_ten_thousand_names_are_found_through_the_index(alice):
    """What is read does not grow with the number of names: both databases say that they use the index."""
    User.objects.bulk_create(User(username=f"person{number:05}") for number in range(10_000))
    UserKey.objects.bulk_create(
        UserKey(user_id=id, key=name, position=0)
        for id, name in User.objects.filter(username__startswith="person").values_list("pk", "username")
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    assert people("person09999") == ["person09999"]
    found, more = find_people("person", 20)
    assert (len(found), more) == (20, True)
    narrow = UserKey.objects.filter(key__gte="person0999", key__lt="person0999\U0010ffff").order_by("key")[:21]
    assert "user_key" in narrow.explain()


# --- over HTTP ---


@pytest.fixture
def get(client, bob):
    client.force_login(bob)

    def call(path: str, **query):
        answer = client.get(path, query)
        return answer.status_code, answer.json()

    return call


def names(people: list[dict]) -> list[str]:
    return [person["name"] for person in people]


def test_the_api_finds_people_members_and_rooms(get, alice, bob, lobby, make_user):
    make_user("alfred")
    membership.get_or_create_and_join(alice, "Alps")
    status, found = get("/api/people", q="al")
    assert (status, names(found["people"]), found["more"]) == (200, ["alfred", "alice"], False)
    assert get("/api/people", q="al", limit=1)[1]["more"] is True
    assert names(get("/api/rooms/lobby/members", q="al")[1]["members"]) == ["alice"]
    jump = get("/api/jump", q="al")[1]
    assert names(jump["people"]) == ["alfred", "alice"]
    alps = {"name": "alps", "title": "Alps", "kind": "public", "topic": "", "joined": False}
    assert jump["rooms"] == [alps]
    assert get("/api/jump", q="lob")[1]["rooms"][0]["joined"] is True


def test_a_sign_asks_for_one_kind_and_nobody_jumps_to_themselves(get, alice, bob):
    membership.get_or_create_and_join(alice, "Bobsleigh")
    make = get("/api/jump", q="@bob")[1], get("/api/jump", q="#bob")[1], get("/api/jump", q="")[1]
    assert [(len(found["rooms"]), len(found["people"])) for found in make] == [(0, 0), (1, 0), (0, 0)]


def test_a_renamed_room_is_found_by_its_former_title(get, alice, bob):
    room = membership.get_or_create_and_join(alice, "Accounting")
    secret = membership.create_room(alice, "Acquisition", RoomKind.PRIVATE)
    for each, title in ((room, "Books"), (secret, "Plans"), (room, "Finance")):
        renaming.rename(alice, each.name, title)
    membership.get_or_create_and_join(bob, "Accessories")
    found = get("/api/jump", q="acc")[1]["rooms"]
    assert [(each["title"], each.get("was")) for each in found] == [("Accessories", None), ("Finance", "Accounting")]
    assert get("/api/jump", q="acq")[1]["rooms"] == []  # not for bob
    assert [each["was"] for each in get("/api/jump", q="boo")[1]["rooms"]] == ["Books"]
    renaming.rename(alice, room.name, "Accounting")
    assert [each.get("was") for each in get("/api/jump", q="accou")[1]["rooms"]] == [None]


def test_members_of_a_room_that_is_not_for_me_are_not_found(get, alice):
    private = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    missing = get("/api/rooms/private--0/members", q="al")
    assert missing[0] == 404
    assert get(f"/api/rooms/{private.name}/members", q="al") == missing


def test_look_ups_are_limited(get, monkeypatch, settings):
    monkeypatch.setattr("rooms.kernel.rate_limits.LOOKUPS", 2)
    settings.REDIS_PREFIX = "lookups-of-one-test"
    assert [get("/api/people", q="a")[0], get("/api/jump", q="a")[0], get("/api/people", q="a")[0]] == [200, 200, 429]
