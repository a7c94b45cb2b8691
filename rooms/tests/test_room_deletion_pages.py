"""Deleting and restoring a room over HTTP and from its page."""

import pytest
from django.utils import timezone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


def test_over_http(client, alice, bob, open_plans):
    post = lambda address: client.post(f"/api/rooms/plans/{address}", {}, "application/json")  # noqa: E731
    client.force_login(bob)
    assert post("delete").status_code == 403
    client.force_login(alice)
    answer = post("delete").json()
    assert answer["deleted"] == "plans" and answer["until"] > timezone.now().isoformat()
    [listed] = client.get("/api/deleted-rooms").json()["rooms"]
    assert listed == {"name": "plans", "title": "Plans", "kind": "public", "until": answer["until"]}
    client.force_login(bob)
    assert client.get("/api/deleted-rooms").json() == {"rooms": []}
    assert post("restore").status_code == 404
    client.force_login(alice)
    assert post("restore").json()["name"] == "plans"


def test_from_the_page(client, alice, bob, open_plans, lobby):
    about = "/chat/plans/about/"
    client.force_login(bob)
    assert "Delete room" not in client.get(about).content.decode()
    client.force_login(alice)
    assert "Delete room" not in client.get("/chat/lobby/about/").content.decode()
    assert "You can restore it for 30 days" in " ".join(client.get(about).content.decode().split())
    answer = client.post(about, {"do": "delete", "typed": "Plan"}, follow=True).content.decode()
    assert "This is not the name of the room." in answer
    page = client.post(about, {"do": "delete", "typed": "plans"}, follow=True).content.decode()
    assert "Will be deleted for good on" in page
    assert "/deleted-rooms/" in client.get("/chat/").content.decode()
    assert "Wird am" in client.get("/deleted-rooms/", headers={"Accept-Language": "de"}).content.decode()
    assert client.post("/deleted-rooms/", {"room": "plans"}).url == "/chat/plans/"
    assert "No deleted rooms" in client.get("/deleted-rooms/").content.decode()
    assert "/deleted-rooms/" not in client.get("/chat/").content.decode()
