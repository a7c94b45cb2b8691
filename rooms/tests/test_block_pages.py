"""Blocking over the API and by the pages: what is folded, left out or not announced."""

import pytest
from django.test import Client

from rooms.services import blocks, direct_messages, membership, messages

from .api_client import Api

pytestmark = pytest.mark.django_db


# --- the API ---


def test_the_api_lists_blocks_and_unblocks(alice, bob):
    api = Api(bob)
    who = {"id": alice.id, "name": "alice", "bot": False}
    assert api.post("/api/block", {"username": "alice"}) == (200, {"blocked": who})
    assert api.get("/api/blocks") == (200, {"blocked": [who]})
    assert api.get("/api/rooms")[1] == {"rooms": [], "blocked": [alice.id], "invitations": [], "inbox": 0}
    assert Api(alice).get("/api/blocks") == (200, {"blocked": []})
    assert api.post("/api/unblock", {"username": "alice"}) == (200, {"unblocked": who})
    assert api.get("/api/blocks") == (200, {"blocked": []})
    assert api.post("/api/block", {"username": "zoe"})[0] == 404


def test_reactions_of_blocked_people_are_not_shown(alice, bob, charlie, lobby):
    said = messages.post(bob, "lobby", "hi")
    membership.get_or_join(charlie, "lobby")
    messages.react(alice, "lobby", said.message_id, "👍")
    messages.react(charlie, "lobby", said.message_id, "👍")
    blocks.block(bob, "alice")
    path = f"/api/rooms/lobby/messages/{said.message_id}/reactions"
    [shown] = Api(bob).get(path)[1]["reactions"]
    assert [person["name"] for person in shown["people"]] == ["charlie"]
    [all_of_them] = Api(alice).get(path)[1]["reactions"]
    assert [person["name"] for person in all_of_them["people"]] == ["alice", "charlie"]


def test_where_somebody_is_a_blocked_person_is_not_told(alice, bob, lobby, monkeypatch):
    from presence.types import PresenceStatus

    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    monkeypatch.setattr(
        "presence.sync_client.get_status", lambda ids: dict.fromkeys(ids, PresenceStatus(True, False, 1_700_000_000))
    )
    online, room = f"/api/rooms/{direct.name}/online", f"/api/rooms/{direct.name}"

    def seen_by(user):
        api = Api(user)
        [listed] = [each for each in api.get("/api/rooms")[1]["rooms"] if each["kind"] == "direct"]
        return api.get(online)[1]["status"], api.get(room)[1]["here"], listed["here"]

    assert seen_by(alice) == ({"state": "here", "seen": "2023-11-14T22:13:20.000Z"}, True, True)
    blocks.block(bob, "alice")
    assert seen_by(alice) == (None, None, None)


# --- the pages ---


@pytest.fixture
def browser(bob):
    client = Client()
    client.force_login(bob)
    return client


def test_messages_of_blocked_people_are_folded_in_runs(browser, alice, bob, charlie, lobby):
    membership.get_or_join(charlie, "lobby")
    for user, text in ((alice, "a1"), (alice, "a2"), (bob, "b1"), (alice, "a3"), (charlie, "c1"), (bob, "b2")):
        messages.post(user, "lobby", text)
    blocks.block(bob, "alice")
    log = log_of(browser)
    folds = [part.partition("</details>")[0] for part in log.split('<details class="fold">')[1:]]
    assert ["2 messages from a person you blocked" in fold for fold in folds] == [True, False]
    assert "1 message from a person you blocked" in folds[1]
    assert [fold.count("<article") for fold in folds] == [2, 1]
    blocks.block(bob, "charlie")
    assert "2 messages from people you blocked" in log_of(browser)
    assert "fold" not in log_of(browser_of(alice))


def test_a_notice_is_not_folded(browser, alice, bob, lobby):
    blocks.block(bob, "alice")
    messages.set_topic_and_description(alice, "lobby", topic="Lunch")
    assert "Lunch" in log_of(browser)
    assert "fold" not in log_of(browser)


def test_quotes_and_reactions_are_left_out_for_who_blocked(browser, alice, bob, charlie, lobby):
    membership.get_or_join(charlie, "lobby")
    said = messages.post(alice, "lobby", "the words of alice")
    answer = messages.post(charlie, "lobby", "indeed", reply_to=said.message_id)
    messages.react(alice, "lobby", answer.message_id, "👍")
    messages.react(alice, "lobby", answer.message_id, "🎉")
    messages.react(charlie, "lobby", answer.message_id, "🎉")
    blocks.block(bob, "alice")
    shown = article(browser.get("/chat/lobby/").content.decode(), answer.message_id)
    assert "the words of alice" not in shown
    assert "Message from a person you blocked" in shown
    assert "👍" not in shown
    assert '<span>🎉</span> <b class="count">1</b>' in shown
    others = article(browser_of(charlie).get("/chat/lobby/").content.decode(), answer.message_id)
    assert "the words of alice" in others
    assert '<span>🎉</span> <b class="count">2</b>' in others


def test_nothing_new_is_announced_that_only_a_blocked_person_said(browser, alice, bob, lobby):
    blocks.block(bob, "alice")
    messages.post(alice, "lobby", "hi")
    assert "new-line" not in log_of(browser)


def test_the_sidebar_has_no_conversation_with_a_blocked_person(browser, alice, bob):
    direct = direct_messages.get_or_create_direct_message(alice, "bob")
    assert f'data-room="{direct.name}"' in browser.get("/chat/").content.decode()
    blocks.block(bob, "alice")
    assert f'data-room="{direct.name}"' not in browser.get("/chat/").content.decode()
    messages.post(alice, direct.name, "psst")
    page = browser.get("/dm/alice/").content.decode()
    assert "1 message from a person you blocked" in page
    assert "You blocked alice." in page


def test_hits_of_a_blocked_person_are_folded(browser, alice, bob, lobby):
    messages.post(alice, "lobby", "zebra one")
    messages.post(bob, "lobby", "zebra two")
    blocks.block(bob, "alice")
    page = browser.get("/search/?q=zebra").content.decode()
    assert page.count('<details class="fold">') == 1
    hits = browser.get("/api/search?q=zebra").json()["hits"]
    assert [(hit["message"]["sender"]["name"], hit["blocked"]) for hit in hits] == [("bob", False), ("alice", True)]


def test_blocking_and_unblocking_by_the_pages(browser, alice, bob):
    answer = browser.post("/people/alice/", {"do": "block"}, follow=True)
    assert "You blocked alice." in answer.content.decode()
    assert blocks.blocked_by(bob.id) == [alice]
    assert "alice" in browser.get("/privacy/").content.decode()
    browser.post("/privacy/", {"do": "unblock", "username": "alice"})
    assert blocks.blocked_by(bob.id) == []
    browser.post("/privacy/", {"do": "block", "username": "@alice"})
    assert blocks.blocked_by(bob.id) == [alice]
    assert "No one" not in browser.get("/people/alice/").content.decode()
    assert browser.get("/people/nobody/").status_code == 404
    assert browser.get("/people/ALICE/").headers["Location"] == "/people/alice/"
    assert "This is you." in browser.get("/people/bob/").content.decode()


def browser_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def log_of(client, path="/chat/lobby/") -> str:
    return client.get(path).content.decode().partition('id="log"')[2].partition("<template")[0]


def article(page: str, id: int) -> str:
    return page.partition(f'id="m{id}"')[2].partition("</article>")[0]
