"""The inbox over the API: read, done and put back, page by page, by its own person."""

import pytest

from rooms.models import Notification
from rooms.queries import inbox
from rooms.services import inbox_changes, levels, messages

from .api_client import Api, code
from .inbox_entries import entries, unread

pytestmark = pytest.mark.django_db


def test_the_inbox_over_http(lobby, alice, bob):
    said = messages.post(alice, "lobby", "hi **@bob**").message_id
    api = Api(bob)
    _status, answer = api.get("/api/inbox")
    [item] = answer["items"]
    assert (answer["unread"], answer["more"]) == (1, False)
    assert item | {"id": 0, "created": ""} == {
        "id": 0,
        "kind": "mention",
        "room": {"name": "lobby", "title": "Lobby", "kind": "public"},
        "message_id": said,
        "by": {"id": alice.id, "name": "alice", "bot": False},
        "excerpt": "hi @bob",
        "count": 1,
        "reactions": [],
        "created": "",
        "unread": True,
        "done": None,
    }
    assert api.post(f"/api/inbox/{item['id']}/read") == (200, {"unread": 0})
    _status, done = api.post(f"/api/inbox/{item['id']}/done")
    assert api.post(f"/api/inbox/{item['id']}/done") == (200, done)
    assert api.get("/api/inbox")[1]["items"] == []
    assert api.get("/api/inbox?done=true")[1]["items"][0]["done"] == done["done"]
    assert api.post("/api/inbox/restore", {"done": done["done"]}) == (200, {"unread": 0})
    assert [each["id"] for each in api.get("/api/inbox")[1]["items"]] == [item["id"]]
    assert api.get("/api/rooms")[1]["inbox"] == 0


def test_all_of_one_kind_are_done_and_put_back_together(lobby, alice, bob):
    levels.set_reactions(bob, True)
    mine = messages.post(bob, "lobby", "hello").message_id
    messages.post(alice, "lobby", "hi @bob")
    messages.react(alice, "lobby", mine, "👍")
    api = Api(bob)
    _status, answer = api.post("/api/inbox/done", {"kind": "mentions"})
    assert (entries(bob), answer["unread"]) == ([("reaction", mine, "alice")], 1)
    assert entries(bob, kind="mentions", done=True) != []
    assert api.post("/api/inbox/restore", {"done": answer["done"]}) == (200, {"unread": 2})
    assert [each["kind"] for each in api.get("/api/inbox?kind=reactions")[1]["items"]] == ["reaction"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/inbox?kind=other", None),
        ("GET", "/api/inbox?before=x", None),
        ("POST", "/api/inbox/done", {"kind": "other"}),
        ("POST", "/api/inbox/restore", {"done": "yesterday"}),
        ("POST", "/api/inbox/restore", {"done": "2026-11-20T10:00:00"}),
        ("POST", "/api/inbox/restore", {"done": "0001-01-01T00:00:00+14:00"}),  # in UTC the year before the first
        ("POST", "/api/inbox/restore", {"done": "9999-12-31T23:59:59-14:00"}),
        ("POST", "/api/inbox/restore", {}),
    ],
)
def test_what_the_inbox_does_not_understand(bob, method, path, body):
    assert code(Api(bob)(method, path, body)) == (400, "invalid")


def test_nobody_else_does_anything_with_it(lobby, alice, bob):
    messages.post(alice, "lobby", "hi @bob")
    row = Notification.objects.get()
    for action in ("done", "read"):
        assert code(Api(alice).post(f"/api/inbox/{row.id}/{action}")) == (404, "not_found")
    inbox_changes.mark_all_done(alice)
    assert unread(bob) == 1


def test_pages_follow_each_other(lobby, alice, bob, fast, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 2)
    said = [messages.post(alice, "lobby", f"@bob {number}").message_id for number in range(5)]
    found, before = [], None
    while True:
        page = inbox.page(bob.id, before=before)
        found += [each.row.message_id for each in page.entries]
        before = page.entries[-1].row.id
        if not page.more:
            break
    assert found == said[::-1]
