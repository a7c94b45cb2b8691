"""Each person stars rooms and puts them in an order of their own, which their other pages hear of and nobody else."""

import json

import pytest

from rooms.kernel.errors import ChatError
from rooms.kernel.slugs import user_group
from rooms.models import Membership, RoomKind
from rooms.services import arranging, direct_messages, levels, membership
from rooms.web.sidebar import get_sidebar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


@pytest.fixture
def abc(alice):
    """alice's rooms, whose addresses are a, b and c."""
    return [membership.create_room(alice, title) for title in ("A", "B", "C")]


@pytest.fixture
def told(monkeypatch, django_capture_on_commit_callbacks):
    """told(function, *args): the groups that are sent a `rooms` event by it."""
    groups = []

    def submit(group, payload):
        if json.loads(payload.get("text", "{}")).get("type") == "rooms":
            groups.append(group)

    monkeypatch.setattr("rooms.publishing.publisher.submit", submit)

    def call(function, *args):
        groups.clear()
        with django_capture_on_commit_callbacks(execute=True):
            function(*args)
        return list(groups)

    return call


def shown(user) -> list[str]:
    return [entry.title for entry in get_sidebar(user).rooms]


def test_rooms_stand_in_the_order_of_their_owner_and_the_others_follow_by_title(alice, bob, abc):
    membership.get_or_join(bob, "a")
    membership.get_or_join(bob, "c")
    arranging.arrange(alice, ["c", "a", "c", "no-such-room"])
    assert shown(alice) == ["C", "A", "B"]
    assert shown(bob) == ["A", "C"]
    arranging.arrange(alice, [])
    assert shown(alice) == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("name", "steps", "after"),
    [("c", -1, "ACB"), ("a", 1, "BAC"), ("a", -1, "ABC"), ("c", 1, "ABC"), ("a", 2, "BCA"), ("c", -9, "CAB")],
)
def test_one_room_moves_up_and_down_to_either_end(alice, abc, name, steps, after):
    arranging.move(alice, name, steps)
    assert shown(alice) == list(after)


def test_a_starred_room_moves_among_the_starred_ones(alice, abc):
    arranging.star(alice, "a", True)
    arranging.star(alice, "c", True)
    arranging.move(alice, "c", -1)
    assert [entry.title for entry in get_sidebar(alice).starred] == ["C", "A"]


def test_stars_are_each_persons_own_and_direct_messages_have_them_too(alice, bob, abc):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    arranging.star(alice, direct.name, True)
    assert get_sidebar(alice).direct_messages[0].starred
    assert not get_sidebar(bob).direct_messages[0].starred
    arranging.star(alice, direct.name, False)
    assert not get_sidebar(alice).direct_messages[0].starred


def test_what_one_may_not_see_cannot_be_starred(alice, bob):
    plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    with pytest.raises(ChatError, match="no_such_room|room"):
        arranging.star(bob, plans.name, True)
    arranging.arrange(bob, [plans.name])
    assert not Membership.objects.filter(user=bob).exists()


def test_only_ones_own_pages_are_told_and_only_of_a_change(alice, bob, abc, told):
    mine = [user_group(alice.id)]
    assert told(arranging.star, alice, "a", True) == mine
    assert told(arranging.star, alice, "a", True) == []
    assert told(arranging.arrange, alice, ["b"]) == mine
    assert told(arranging.arrange, alice, ["b"]) == []
    assert told(arranging.move, alice, "b", -1) == []
    assert told(levels.mute, alice, "a", True) == mine


def test_the_api_stars_and_arranges(client, alice, abc):
    client.force_login(alice)

    def post(address: str, body: dict):
        return client.post(f"/api/{address}", json.dumps(body), "application/json")

    assert post("rooms/b/star", {}).json()["starred"] is True
    assert post("order", {"rooms": ["c", "b"]}).json() == {"rooms": ["c", "b"]}
    listed = {room["name"]: (room["starred"], room["position"]) for room in client.get("/api/rooms").json()["rooms"]}
    assert listed == {"a": (False, 0), "b": (True, 2), "c": (False, 1)}
    assert post("rooms/b/unstar", {}).json()["starred"] is False
    assert post("order", {"rooms": "c"}).json()["reason"] == "field_not_texts"
    assert post("order", {"rooms": ["x"] * 501}).json()["reason"] == "too_many_rooms_in_order"


def test_the_page_about_a_room_has_buttons_for_it(client, alice, abc):
    client.force_login(alice)
    client.post("/chat/b/about/", {"do": "star", "starred": "on"})
    assert "Unstar the room" in client.get("/chat/b/about/").content.decode()
    client.post("/chat/c/about/", {"do": "move_up"})
    assert [entry.title for entry in get_sidebar(alice).rooms if not entry.starred] == ["C", "A"]


def test_a_room_is_muted_over_http(client, alice, lobby):
    client.force_login(alice)
    for action, muted in (("mute", True), ("unmute", False)):
        answer = client.post(f"/api/rooms/lobby/{action}", {}, "application/json")
        assert (answer.status_code, answer.json()["muted"]) == (200, muted)
