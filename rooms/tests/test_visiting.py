"""Pages of rooms that somebody has not joined, of rooms that do not exist, and of direct messages not begun yet."""

import json
import re
import uuid

import pytest

from rooms.models import Membership, Message, Room, RoomKind
from rooms.services import direct_messages, membership, messages, moderation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast", "unpublished")]


@pytest.fixture
def signed_in(client, charlie):
    """An outsider's browser."""
    client.force_login(charlie)
    return client


def page_of(response) -> str:
    return response.content.decode()


def boot_of(response) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="boot">(.*?)</script>', page_of(response))[1])


def belongs(user) -> set[str]:
    return set(Membership.objects.filter(user=user).values_list("room__name", flat=True))


# --- a public room ---


def test_a_public_room_is_shown_to_those_who_have_not_joined(signed_in, alice, charlie, lobby):
    for number in range(60):
        said = messages.post(alice, "lobby", f"message {number}")
    page = signed_in.get("/chat/lobby/")
    assert "message 59" in page_of(page)
    assert 'id="join"' in page_of(page)
    boot = boot_of(page)
    assert (boot["joined"], boot["room"]["moderates"]) == (False, False)
    assert boot["newId"] is None  # nothing is new to somebody who never read here
    assert "message 40" in page_of(signed_in.get(f"/chat/lobby/?around={said.message_id - 19}"))
    assert belongs(charlie) == set()


def test_a_button_joins_and_leads_back_to_what_was_looked_at(signed_in, alice, charlie, lobby):
    said = messages.post(alice, "lobby", "hello")
    address = f"/chat/lobby/?around={said.message_id}"
    assert f'action="{address}"' in page_of(signed_in.get(address))
    assert signed_in.post(address, {"do": "join"}).headers["location"] == address
    assert belongs(charlie) == {"lobby"}
    page = signed_in.get(address)
    assert 'id="join"' not in page_of(page)
    assert boot_of(page)["joined"] is True


def test_writing_in_a_public_room_joins_it(signed_in, charlie, lobby):
    form = {"message": "hello from the form", "id": str(uuid.uuid4())}
    for _twice in range(2):
        assert signed_in.post("/chat/lobby/", form).headers["location"] == "/chat/lobby/"
    assert [message.text for message in Message.objects.all()] == ["hello from the form"]
    assert belongs(charlie) == {"lobby"}


def test_what_cannot_be_posted_joins_nothing(signed_in, charlie, lobby):
    assert signed_in.post("/chat/lobby/", {"message": "x" * 9000}).status_code == 413
    assert belongs(charlie) == set()


def test_members_see_no_button(client, bob, lobby):
    client.force_login(bob)
    page = client.get("/chat/lobby/")
    assert 'id="join"' not in page_of(page)
    assert boot_of(page)["joined"] is True


def test_a_member_of_many_rooms_is_one_of_all(client, bob, lobby, monkeypatch):
    monkeypatch.setattr("rooms.web.sidebar.MAX_SIDEBAR_ROOMS", 1)
    membership.get_or_create_and_join(bob, "Kitchen")
    Membership.objects.filter(user=bob).update(muted=True)
    client.force_login(bob)
    for name in ("lobby", "kitchen"):
        boot = boot_of(client.get(f"/chat/{name}/"))
        assert (boot["joined"], boot["room"]["muted"]) == (True, True)


def test_the_page_about_a_room_shows_and_lets_join(signed_in, alice, charlie, lobby):
    messages.set_topic_and_description(alice, "lobby", topic="Tea", description="All about tea")
    page = page_of(signed_in.get("/chat/lobby/about/"))
    assert "Tea" in page and "All about tea" in page
    assert "bob" in page_of(signed_in.get("/chat/lobby/people/"))
    assert not re.search(r'value="(describe|invite|mute|leave|ban)"', page)
    assert belongs(charlie) == set()
    assert signed_in.post("/chat/lobby/about/", {"do": "join"}).headers["location"] == "/chat/lobby/"
    assert belongs(charlie) == {"lobby"}
    assert 'value="leave"' in page_of(signed_in.get("/chat/lobby/about/"))


def test_staff_keep_order_without_joining(client, make_user, lobby):
    root = make_user("root", is_staff=True)
    client.force_login(root)
    assert boot_of(client.get("/chat/lobby/"))["room"]["moderates"] is True
    assert 'value="ban"' in page_of(client.get("/chat/lobby/people/"))
    assert belongs(root) == set()


def test_somebody_who_is_banned_sees_nothing_and_cannot_join(signed_in, alice, charlie, lobby):
    moderation.remove(alice, "lobby", charlie.id, ban=True)
    for answer in (
        signed_in.get("/chat/lobby/"),
        signed_in.post("/chat/lobby/", {"do": "join"}),
        signed_in.post("/chat/lobby/", {"message": "hi"}),
        signed_in.get("/chat/lobby/about/"),
        signed_in.post("/chat/lobby/about/", {"do": "join"}),
        signed_in.get("/chat/Lobby/", follow=True),
    ):
        assert answer.status_code == 404
        assert "create-room" not in page_of(answer)
    assert signed_in.post("/chat/", {"title": "Lobby"}).status_code == 400
    assert Membership.objects.get(user=charlie).banned
    assert not Message.objects.exists()


# --- no room ---


@pytest.mark.parametrize("name", ["kitchen", "Tea & Cake", "C++", "实施", "a--b", "invite"])
def test_an_address_of_no_room_offers_to_create_it(signed_in, charlie, name):
    page = signed_in.get(f"/chat/{name}/")
    assert page.status_code == 404
    assert "There is no room “" in page_of(page)
    assert not Room.objects.exists()
    title = re.search(r'<input type="hidden" name="title" value="([^"]+)"', page_of(page))[1].replace("&amp;", "&")
    assert title == name
    made = signed_in.post("/chat/", {"title": title}).headers["location"]
    assert signed_in.get(made).status_code == 200
    assert Membership.objects.get(user=charlie).role == "owner"
    assert Room.objects.get().title == name


def test_a_message_to_no_room_makes_none(signed_in):
    assert signed_in.post("/chat/kitchen/", {"message": "hi"}).status_code == 404
    assert signed_in.post("/chat/kitchen/", {"do": "join"}).status_code == 404
    assert not Room.objects.exists()


def test_another_room_is_never_opened_instead_and_is_named(signed_in, alice, charlie):
    membership.get_or_create_and_join(alice, "C#")
    page = signed_in.get("/chat/C++/")
    assert page.status_code == 404
    assert "Rooms with a similar name" in page_of(page)
    assert re.search(r'class="card-name[^>]*>C#<', page_of(page))
    assert signed_in.post("/chat/", {"title": "C++"}).headers["location"] == "/chat/c-2/"
    assert signed_in.get("/chat/C++/").headers["location"] == "/chat/c-2/"
    assert signed_in.get("/chat/C%23/").headers["location"] == "/chat/c/"
    assert belongs(charlie) == {"c-2"}


def test_a_room_that_has_only_the_address_is_shown_and_not_joined(signed_in, alice, charlie):
    membership.get_or_create_and_join(alice, "C#")
    assert signed_in.post("/chat/", {"title": "c"}).headers["location"] == "/chat/c/"
    assert belongs(charlie) == set()


def test_a_similar_room_that_is_not_for_me_is_not_named(signed_in, alice, charlie):
    room = membership.get_or_create_and_join(alice, "C#")
    moderation.remove(alice, room.name, charlie.id, ban=True)
    assert "C#" not in page_of(signed_in.get("/chat/C++/"))


def test_a_search_without_hits_leads_to_the_form_of_a_new_room(signed_in):
    page = page_of(signed_in.get("/chat/", {"q": "Tea & Cake"}))
    address = re.search(r'<a href="(/new-room/[^"]+)"', page)[1].replace("&amp;", "&")
    assert 'value="Tea &amp; Cake"' in page_of(signed_in.get(address))


def test_a_private_rooms_address_offers_nothing(signed_in, alice):
    room = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    missing = signed_in.get("/chat/private--0000000000000000000000000a/")
    assert (missing.status_code, "create-room" in page_of(missing)) == (404, False)
    assert signed_in.get(f"/chat/{room.name}/").content == missing.content


# --- direct messages ---


def test_direct_messages_begin_with_the_first_message(signed_in, charlie, bob):
    page = signed_in.get("/dm/bob/")
    boot = boot_of(page)
    assert (boot["joined"], boot["room"]["kind"], boot["room"]["with"]["name"]) == (False, "direct", "bob")
    assert 'id="join"' not in page_of(page)
    assert not Room.objects.exists()
    form = {"message": "hello", "id": str(uuid.uuid4())}
    for _twice in range(2):
        assert signed_in.post("/dm/bob/", form).headers["location"] == "/dm/bob/"
    assert Message.objects.get().room == direct_messages.get_or_create_direct_message(bob, "charlie")
    assert boot_of(signed_in.get("/dm/bob/"))["joined"] is True


@pytest.mark.parametrize("message", ["", "x" * 9000, "\x07"])
def test_what_cannot_be_said_begins_nothing(signed_in, bob, message):
    answer = signed_in.post("/dm/bob/", {"message": message})
    assert answer.status_code in (400, 413)
    assert boot_of(answer)["joined"] is False
    assert not Room.objects.exists()


def test_direct_messages_begin_with_nobody_who_is_gone(signed_in, make_user):
    make_user("dora", is_active=False)
    for name in ("dora", "nobody", "charlie"):
        assert signed_in.get(f"/dm/{name}/").status_code == 404
        assert signed_in.post(f"/dm/{name}/", {"message": "hi"}).status_code == 404
    assert not Room.objects.exists()
