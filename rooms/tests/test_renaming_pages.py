"""Renaming a room over HTTP and from its page."""

import re

import pytest

from rooms.models import RoomKind
from rooms.services import archiving, membership, personal_invitations
from rooms.services.renaming import rename

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


def test_over_http(client, alice, bob, lobby):
    ask = lambda **body: client.post("/api/rooms/lobby/rename", body, "application/json")  # noqa: E731
    client.force_login(bob)
    assert (ask(title="Mine").status_code, ask(title="Mine").json()["reason"]) == (403, "cannot_rename")
    client.force_login(alice)
    room = ask(title="Garden").json()
    assert (room["name"], room["title"]) == ("lobby", "Garden")
    assert [room["title"] for room in client.get("/api/rooms").json()["rooms"]] == ["Garden"]
    assert client.get("/api/jump?q=gard").json()["rooms"][0]["title"] == "Garden"
    assert (ask(title="x" * 81).status_code, ask(title="").status_code, ask().status_code) == (413, 400, 400)
    membership.create_room(bob, "Attic")
    assert (ask(title="attic").status_code, ask(title="attic").json()["reason"]) == (409, "room_title_taken")


def test_from_the_page(client, alice, bob, lobby):
    about = "/chat/lobby/about/"
    client.force_login(bob)
    assert 'value="rename"' not in client.get(about).content.decode()
    refusal = client.post(about, {"do": "rename", "title": "Mine"}, follow=True).content.decode()
    assert "Only a moderator can rename the room." in refusal
    client.force_login(alice)
    page = client.post(about, {"do": "rename", "title": "Garden"}, follow=True).content.decode()
    assert re.search(r"</svg>Garden\s*</h1>", page) and 'value="Garden"' in page and "Saved." in page
    assert "Enter a name for the room." in client.post(about, {"do": "rename"}, follow=True).content.decode()
    german = client.get("/chat/lobby/", headers={"Accept-Language": "de"}).content.decode()
    assert "hat den Raum „Lobby“ in „Garden“ umbenannt" in german
    assert "<h1>Garden</h1>" in german and 'data-pattern="Nachricht an {name}"' in german
    archiving.archive(alice, "lobby")
    assert 'value="rename"' not in client.get(about).content.decode()


def test_the_page_of_invitations_says_the_new_title(client, alice, charlie):
    plans = membership.create_room(alice, "Plans", RoomKind.PRIVATE)
    personal_invitations.invite(alice, plans.name, "charlie")
    rename(alice, plans.name, "Secret plans")
    client.force_login(charlie)
    assert "Secret plans" in client.get("/invitations/").content.decode()
