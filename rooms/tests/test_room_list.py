"""The list of all rooms: what stands in it, in which order, and for whom."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rooms.models import Membership, Room
from rooms.queries import room_lists
from rooms.queries.room_lists import list_rooms
from rooms.services import archiving, membership, messages, moderation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


@pytest.fixture
def rooms(alice, bob, charlie):
    """Kitchen (three people, the last message), attic (one), cellar (private, alice's)."""
    membership.get_or_create_and_join(alice, "Attic")
    membership.get_or_create_and_join(alice, "Kitchen")
    for user in (bob, charlie):
        membership.get_or_join(user, "kitchen")
    membership.create_room(alice, "Cellar", "private")
    messages.post(alice, "kitchen", "tea?")


def titles(page) -> list[str]:
    html = page.content.decode()
    return re.findall(r'class="card-name">([^<]+)<', html[html.index('id="all-rooms"') :])


def test_the_order_is_that_of_the_last_message_or_what_the_reader_chooses(client, alice, rooms):
    client.force_login(alice)
    assert titles(client.get("/chat/")) == ["Kitchen", "Cellar", "Attic"]
    assert titles(client.get("/chat/?sort=name")) == ["Attic", "Cellar", "Kitchen"]
    assert titles(client.get("/chat/?sort=people"))[0] == "Kitchen"
    assert titles(client.get("/chat/?sort=colour")) == ["Kitchen", "Cellar", "Attic"]


def test_the_most_people_are_sought_among_those_with_the_latest_messages(alice, rooms, monkeypatch):
    def most() -> list[str]:
        return [room.title for room in list_rooms(alice.id, "people", 0, 10).rooms]

    assert most() == ["Kitchen", "Cellar", "Attic"]
    monkeypatch.setattr(room_lists, "MOST_COUNTED", 2)
    messages.post(alice, "attic", "hello")
    messages.post(alice, Room.objects.get(title="Cellar").name, "hello")
    assert set(most()) == {"Attic", "Cellar"}


def test_a_small_screen_shows_own_rooms_once(client, charlie, rooms):
    client.force_login(charlie)
    page = client.get("/chat/").content.decode()
    own, others = page[: page.index('id="all-rooms"')], page[page.index('id="all-rooms"') :]
    assert 'data-room="kitchen"' in own[own.index('class="cards') :]
    classes = re.findall(r'data-room="(\w+)" class="([^"]*)"', others)
    assert [name for name, names in classes if "is-mine" in names] == ["kitchen"]
    assert "not-mine" in page and "not-mine" not in client.get("/chat/?q=kit").content.decode()


def test_each_says_who_belongs_to_it_and_what_was_last(client, charlie, rooms):
    client.force_login(charlie)
    page = client.get("/chat/").content.decode()
    attic = page[page.rindex('data-room="attic"') :]
    kitchen = page[page.rindex('data-room="kitchen"') : page.rindex('data-room="attic"')]
    assert "joined" in kitchen and "3 people" in " ".join(kitchen.split()) and "last message at" in kitchen
    assert "no messages yet" in attic and "1 person" in " ".join(attic.split())
    assert 'value="join"' in attic and 'value="join"' not in kitchen
    assert "Cellar" not in page
    assert client.post("/chat/attic/", {"do": "join"}).status_code == 302
    assert Membership.objects.filter(user=charlie, room__name="attic").exists()


def test_rooms_that_cannot_be_entered_are_not_in_it(alice, charlie, rooms):
    archiving.archive(alice, "attic")
    moderation.remove(alice, "kitchen", charlie.id, ban=True)
    assert list_rooms(charlie.id, "", 0, 10).rooms == []
    assert {room.title for room in list_rooms(alice.id, "", 0, 10).rooms} == {"Kitchen", "Cellar"}


def test_a_room_is_found_by_the_beginning_of_a_word(client, alice, charlie, rooms):
    membership.get_or_create_and_join(alice, "Café Döner")
    client.force_login(charlie)
    assert titles(client.get("/chat/?q=doner")) == ["Café Döner"]
    assert titles(client.get("/chat/?q=cell")) == []
    assert "No room is called “zebra”" in client.get("/chat/?q=zebra").content.decode()


def test_there_are_more_pages(client, alice, rooms, monkeypatch):
    monkeypatch.setattr("rooms.web.room_lists.PAGE", 2)
    client.force_login(alice)
    first = client.get("/chat/?sort=name")
    assert titles(first) == ["Attic", "Cellar"]
    assert "sort=name&amp;page=2" in first.content.decode()
    assert titles(client.get("/chat/?sort=name&page=2")) == ["Kitchen"]
    assert titles(client.get("/chat/?page=999999999999")) == []


def test_the_number_of_queries_does_not_grow_with_the_rooms(client, alice, rooms, django_assert_num_queries):

    client.force_login(alice)
    client.get("/chat/")
    with CaptureQueriesContext(connection) as few:
        client.get("/chat/")
    Room.objects.bulk_create(Room(name=f"more-{number}", title=f"More {number}") for number in range(20))
    with django_assert_num_queries(len(few)):
        client.get("/chat/")


def test_where_nothing_is_yet_it_says_what_to_do(client, alice):
    client.force_login(alice)
    assert "Create the first one" in client.get("/chat/").content.decode()
