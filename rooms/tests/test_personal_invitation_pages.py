"""Inviting and answering over the API and by the pages, and who sees where somebody is."""

import pytest
from django.test import Client
from django.utils import timezone

from rooms.models import PersonalInvitation
from rooms.services import blocks, contact_permissions, direct_messages, membership, messages
from rooms.services.personal_invitations import VALID_FOR, accept, invite, pending_for

from .api_client import Api
from .refusals import refused

pytestmark = pytest.mark.django_db


# --- told at once, and to nobody else ---


def test_the_one_who_is_asked_hears_of_it(alice, bob, plans, sent, django_capture_on_commit_callbacks):
    sent.clear()
    with django_capture_on_commit_callbacks(execute=True):
        invite(alice, plans.name, "bob")
    [(group, payload)] = [each for each in sent if '"type":"inbox"' not in each[1]["text"]]
    assert {each[0] for each in sent} == {group}
    assert group == f"user_{bob.id}"
    assert '"title":"Plans"' in payload["text"]
    assert plans.name not in payload["text"]
    assert payload["plain"] is False
    sent.clear()
    blocks.block(bob, "alice")
    with django_capture_on_commit_callbacks(execute=True):
        invite(alice, plans.name, "bob")
    assert sent == []


# --- the API ---


def test_inviting_and_answering_over_the_api(alice, bob, charlie, plans):
    mine, theirs = Api(alice), Api(bob)
    path = f"/api/rooms/{plans.name}"
    who = {"id": bob.id, "name": "bob", "bot": False}
    assert mine.post(f"{path}/invite", {"username": "bob"}) == (200, {"invited": who, "member": False})
    [asked] = mine.get(f"{path}/invited")[1]["invited"]
    assert (asked["person"], asked["by"]["name"]) == (who, "alice")
    [waiting] = theirs.get("/api/invitations")[1]["invitations"]
    assert waiting["room"] == {"title": "Plans", "kind": "private"}
    assert theirs.get("/api/rooms")[1]["invitations"] == [waiting]
    assert theirs.get(f"{path}/invited")[0] == 404
    assert theirs.post(f"/api/invitations/{waiting['id']}/accept") == (
        200,
        {"accepted": waiting["id"], "room": plans.name},
    )
    assert theirs.post(f"/api/invitations/{waiting['id']}/accept")[0] == 404
    mine.post(f"{path}/invite", {"username": "charlie"})
    [waiting] = Api(charlie).get("/api/invitations")[1]["invitations"]
    assert Api(charlie).post(f"/api/invitations/{waiting['id']}/decline") == (200, {"declined": waiting["id"]})
    assert mine.post(f"{path}/withdraw", {"username": "charlie"})[1]["withdrawn"]["name"] == "charlie"
    assert mine.get(f"{path}/invited") == (200, {"invited": []})


# --- the pages ---


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_inviting_and_answering_by_the_pages(alice, bob, plans):
    people = f"/chat/{plans.name}/people/"
    answer = browser(alice).post(people, {"do": "invite", "username": "@bob"}, follow=True)
    assert "bob is invited." in answer.content.decode()
    assert "invited by alice" in answer.content.decode()
    theirs = browser(bob)
    for path in ("/chat/", "/invitations/"):
        page = theirs.get(path).content.decode()
        assert "alice invites you to the private room" in page
        assert plans.name not in page
    waiting = pending_for(bob.id)[0].id
    assert theirs.get(f"/invitations/{waiting}/").status_code == 405
    said = theirs.post(f"/invitations/{waiting}/", {"do": "decline"}, follow=True).content.decode()
    assert "You declined the invitation." in said
    assert (
        "This invitation is no longer valid."
        in theirs.post(f"/invitations/{waiting}/", {"do": "accept"}, follow=True).content.decode()
    )
    assert "invited by alice" in browser(alice).get(people).content.decode()
    withdrawn = browser(alice).post(people, {"do": "withdraw", "username": "bob"}, follow=True).content.decode()
    assert "bob is no longer invited." in withdrawn
    assert "invited by alice" not in withdrawn


def test_accepting_leads_into_the_room(alice, bob, plans):
    invite(alice, plans.name, "bob")
    answer = browser(bob).post(f"/invitations/{pending_for(bob.id)[0].id}/", {"do": "accept"})
    assert answer.headers["Location"] == f"/chat/{plans.name}/"
    assert browser(bob).get(answer.headers["Location"]).status_code == 200


def test_the_settings_are_kept(bob):
    client = browser(bob)
    client.post("/privacy/", {"do": "settings", "ask_before_adding": "on"})
    found = contact_permissions.settings_of(bob.id)
    assert (found.ask_before_adding, found.hide_presence) == (True, False)
    client.post("/privacy/", {"do": "settings", "hide_presence": "on"})
    found = contact_permissions.settings_of(bob.id)
    assert (found.ask_before_adding, found.hide_presence) == (False, True)
    page = client.get("/privacy/").content.decode()
    assert 'name="hide_presence" checked' in page


# --- who sees where somebody is ---


def test_presence_is_shown_to_acquaintances_alone(alice, bob, charlie, lobby):
    def shown(to, *whose) -> set[str]:
        ids = contact_permissions.who_shows_presence(to.id, [user.id for user in whose])
        return {user.username for user in whose if user.id in ids}

    assert shown(alice, bob, charlie) == {"bob"}  # they share the lobby
    direct = direct_messages.get_or_create_direct_message(alice, "charlie")
    messages.post(alice, direct.name, "hello?")
    assert shown(alice, charlie) == shown(charlie, alice) == set()
    messages.post(charlie, direct.name, "hi")
    assert shown(alice, charlie) == {"charlie"}
    assert shown(charlie, alice) == {"alice"}
    contact_permissions.save_settings(charlie.id, hide_presence=True)
    blocks.block(bob, "alice")
    assert shown(alice, bob, charlie) == set()
    assert shown(bob, alice) == {"alice"}


def test_who_is_seen_costs_one_query(alice, make_user, lobby, django_assert_num_queries):
    others = [make_user(f"p{number}") for number in range(5)]
    for other in others:
        membership.get_or_join(other, "lobby")
    with django_assert_num_queries(1):
        assert len(contact_permissions.who_shows_presence(alice.id, [other.id for other in others])) == 5


def test_an_invitation_is_only_pending_for_a_time(alice, bob, plans):
    invite(alice, plans.name, "bob")
    waiting = pending_for(bob.id)[0].id
    PersonalInvitation.objects.update(created=timezone.now() - VALID_FOR)
    refused("not_found", accept, bob, waiting)
