"""All rooms read at once, and back; the page of what is unread; how many mentions are unread in each room."""

import html
import re

import pytest
from django.test import Client

from rooms.models import Membership
from rooms.queries import inbox, own_rooms, unread_counts
from rooms.services import inbox_changes, membership, messages, reading

from .api_client import Api, code

pytestmark = pytest.mark.django_db


@pytest.fixture
def kitchen(alice, bob):
    room = membership.get_or_create_and_join(alice, "Kitchen")
    membership.get_or_join(bob, "kitchen")
    return room


def counts(user) -> dict[str, tuple[int, int]]:
    """Room → unread messages, and mentions among them; the same from both queries."""
    rooms = {room.name: (room.unread, room.mentions) for room in own_rooms.rooms_of(user.id)}
    ids = Membership.objects.filter(user=user).values_list("room_id", flat=True)
    rows = unread_counts.unread_of([user.id], list(ids))
    assert rooms == {row["room__name"]: (row["unread"], row["mentions"]) for row in rows}
    return rooms


def test_all_rooms_are_read_and_put_back(lobby, kitchen, alice, bob):
    first = messages.post(alice, "lobby", "seen")
    messages.mark_read(bob, "lobby", first.seq)
    messages.post(alice, "lobby", "hi @bob")
    messages.post(alice, "kitchen", "one")
    messages.post(alice, "kitchen", "two @bob")
    assert counts(bob) == {"lobby": (1, 1), "kitchen": (2, 1)}
    api = Api(bob)
    _status, answer = api.post("/api/read-all")
    assert counts(bob) == {"lobby": (0, 0), "kitchen": (0, 0)}
    assert inbox.unread_counts([bob.id])[bob.id] == 0
    messages.post(alice, "kitchen", "three")
    assert api.post("/api/read-all/undo", answer) == (200, {"rooms": 2})
    assert counts(bob) == {"lobby": (1, 1), "kitchen": (3, 1)}
    assert inbox.unread_counts([bob.id])[bob.id] == 2
    assert counts(alice) == {"lobby": (0, 0), "kitchen": (0, 0)}


def test_other_tabs_hear_of_the_rooms_that_were_unread(lobby, kitchen, alice, bob, monkeypatch):
    told = []
    monkeypatch.setattr("rooms.publishing.events.to_user", lambda *args, **fields: told.append((args, fields)))
    messages.post(alice, "kitchen", "one")
    told.clear()
    assert reading.mark_all_read(bob) == [("kitchen", 0)]
    assert told == [((bob.id, "unread"), {"room": "kitchen", "seq": 1, "unread": 0, "mention": False, "mentions": 0})]
    assert reading.mark_all_read(bob) == []


def test_what_is_put_back_goes_never_forward_and_joins_nothing(lobby, kitchen, alice, bob, make_user):
    messages.post(alice, "lobby", "one")
    stranger = make_user("stranger")
    assert reading.restore_unread(stranger, [("lobby", 0)]) == 0
    assert not Membership.objects.filter(user=stranger).exists()
    reading.restore_unread(bob, [("lobby", 5), ("nowhere", 1), ("a\0b", 1)])
    assert counts(bob)["lobby"] == (1, 0)


@pytest.mark.parametrize("text", ["lobby", "lobby:x", ":1", "lobby:-1", "lobby:99999999999999999999"])
def test_nonsense_is_refused(bob, text):
    assert code(Api(bob).post("/api/read-all/undo", {"undo": text})) == (400, "invalid")


def test_a_mention_that_is_done_is_not_counted_at_its_room(lobby, alice, bob):
    messages.post(alice, "lobby", "hi @bob")
    inbox_changes.mark_all_done(bob)
    assert counts(bob) == {"lobby": (1, 0)}


def rows(answer) -> list[str]:
    found = re.findall(r'<li class="unread">.*?</li>', answer.content.decode(), re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]


def test_the_page_shows_rooms_with_the_beginning_of_what_is_new(lobby, kitchen, alice, bob):
    client = Client()
    client.force_login(bob)
    assert "You have read everything" in client.get("/unread/").content.decode()
    for number in range(5):
        messages.post(alice, "lobby", f"number *{number}*")
    messages.post(alice, "kitchen", "tea")
    first = messages.post(alice, "kitchen", "<b>bold</b>").message_id - 1
    answer = client.get("/unread/")
    tea, numbers = rows(answer)
    assert tea == "Kitchen 2 new messages alice tea alice <b>bold</b> Mark read : Kitchen"
    assert numbers == "Lobby 5 new messages alice number 0 alice number 1 alice number 2 and 2 more Mark read : Lobby"
    assert f'href="/chat/kitchen/?around={first}#m{first}"' in answer.content.decode()
    shown = re.search(r'name="seq" value="(\d+)"', answer.content.decode())[1]
    messages.post(alice, "kitchen", "after the page was made")
    answer = client.post("/unread/", {"room": "kitchen", "seq": shown}, follow=True)
    assert [row.split(" alice")[0] for row in rows(answer)] == ["Kitchen 1 new message", "Lobby 5 new messages"]
    answer = client.post("/unread/", {"do": "all"}, follow=True)
    assert rows(answer) == [] and "Everything is marked as read." in answer.content.decode()


@pytest.mark.parametrize("sent", [{"room": "lobby"}, {"room": "nowhere", "seq": 1}, {"seq": "x"}, {}])
def test_nonsense_on_the_page_reads_nothing(lobby, alice, bob, sent):
    client = Client()
    client.force_login(bob)
    messages.post(alice, "lobby", "one")
    assert len(rows(client.post("/unread/", sent, follow=True))) == 1
