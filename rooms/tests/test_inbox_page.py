"""The inbox as a page, without JavaScript."""

import html
import re

import pytest
from django.test import Client

from rooms.models import Notification
from rooms.queries import inbox
from rooms.services import levels, membership, messages, personal_invitations

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(bob):
    client = Client()
    client.force_login(bob)
    return client


def rows(answer) -> list[str]:
    """The words of each row."""
    found = re.findall(r"<li data-id.*?</li>", answer.content.decode(), re.DOTALL)
    return [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in found]


def test_without_reactions_it_says_where_to_turn_them_on(browser, bob):
    assert "/settings/notifications/#reactions" in browser.get("/inbox/?kind=reactions").content.decode()
    browser.post("/settings/notifications/", {"set": "reactions", "reactions": "on"})
    assert 'name="reactions" checked' in browser.get("/settings/notifications/").content.decode()
    assert "#reactions" not in browser.get("/inbox/?kind=reactions").content.decode()
    browser.post("/settings/notifications/", {"set": "reactions"})
    assert 'name="reactions" checked' not in browser.get("/settings/notifications/").content.decode()


def count_at_the_side(answer) -> str:
    row = re.search(r'id="side-inbox".*?</ul>', answer.content.decode(), re.DOTALL)
    return re.search(r'class="badge">(\d*)<', row[0])[1]


def test_it_says_who_did_what_where_and_leads_there(browser, lobby, alice, bob):
    levels.set_reactions(bob, True)
    mine = messages.post(bob, "lobby", "my **words**").message_id
    said = messages.post(alice, "lobby", "hi *@bob*, <b>look</b>").message_id
    messages.react(alice, "lobby", mine, "👍")
    answer = browser.get("/inbox/")
    reaction, mention = rows(answer)
    assert re.search(r"alice reacted 👍 \(unread\) Lobby .* my words Done", reaction)
    assert re.search(r"alice mentioned you \(unread\) Lobby .* hi @bob, <b>look</b> Done", mention)
    assert f'href="/chat/lobby/?around={said}#m{said}"' in answer.content.decode()
    assert count_at_the_side(answer) == "2"
    assert len(rows(browser.get("/inbox/?kind=mentions"))) == 1
    assert rows(browser.get("/inbox/?kind=replies")) == []
    assert len(rows(browser.get("/inbox/?kind=nonsense"))) == 2


def test_done_is_done_and_can_be_undone(browser, lobby, alice, bob):
    messages.post(alice, "lobby", "one @bob")
    messages.post(alice, "lobby", "two @bob")
    first = Notification.objects.order_by("pk").first().pk
    answer = browser.post("/inbox/", {"done": first}, follow=True)
    assert [row.split(" Done")[0][-8:] for row in rows(answer)] == ["two @bob"]
    assert "Marked as done." in answer.content.decode()
    assert len(rows(browser.get("/inbox/?done=1"))) == 1
    restore = re.search(r'name="restore" value="([^"]+)"', answer.content.decode())[1]
    assert len(rows(browser.post("/inbox/", {"restore": restore}, follow=True))) == 2
    answer = browser.post("/inbox/", {"do": "all"}, follow=True)
    assert rows(answer) == [] and "Nothing waits for you" in answer.content.decode()
    assert count_at_the_side(answer) == ""


NONSENSE = [{"done": "x"}, {"done": "99999999999999999999"}, {"restore": "x"}, {"do": "x"}, {}]


@pytest.mark.parametrize("sent", [*NONSENSE, {"restore": "2026-11-20"}, {"restore": "0001-01-01T00:00:00+14:00"}])
def test_nonsense_changes_nothing(browser, lobby, alice, sent):
    messages.post(alice, "lobby", "one @bob")
    assert len(rows(browser.post("/inbox/", sent, follow=True))) == 1


def test_an_empty_one_says_so_and_invitations_stand_there(browser, bob, make_user):
    assert "Nothing waits for you" in browser.get("/inbox/").content.decode()
    charlie = make_user("charlie")
    room = membership.create_room(charlie, "Plans", "private")
    personal_invitations.invite(charlie, room.name, "bob")
    page = browser.get("/inbox/")
    assert "charlie invites you to the private room" in " ".join(page.content.decode().split())
    assert rows(page) == []  # it stands there once, with the buttons to answer it
    assert len(rows(browser.get("/inbox/?kind=more"))) == 1


def test_there_is_a_way_to_older_ones(browser, lobby, alice, monkeypatch):
    monkeypatch.setattr(inbox, "PAGE", 2)
    for number in range(3):
        messages.post(alice, "lobby", f"@bob {number}")
    answer = browser.get("/inbox/")
    older = html.unescape(re.search(r'href="(/inbox/\?before=[^"]+)"', answer.content.decode())[1])
    assert [len(rows(answer)), len(rows(browser.get(older)))] == [2, 1]
