"""The page about a person, and the card at their name: what each reader may see of them."""

import pytest

from rooms.models import RoomKind
from rooms.services import contact_permissions, direct_messages, membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


@pytest.fixture
def card(client, alice):
    """card(username): what alice sees."""
    client.force_login(alice)
    return lambda name: client.get(f"/people/{name}/?card=1").content.decode()


def test_a_card_is_no_whole_page_and_says_who_it_is(card, bob):
    found = card("bob")
    assert "<html" not in found
    assert "@bob" in found
    assert 'href="/dm/bob/"' in found
    assert "@bob" in card("BOB")


def test_only_rooms_that_both_are_in_are_named(card, alice, bob, lobby):
    membership.create_room(bob, "Secret plans", RoomKind.PRIVATE)
    direct_messages.get_or_create_direct_message(alice, "bob")
    found = card("bob")
    assert 'href="/chat/lobby/">Lobby</a>' in found
    assert "Secret" not in found
    assert "/dm--" not in found


def test_the_local_time_shows_when_its_owner_allows_it(card, bob):
    type(bob).objects.filter(pk=bob.pk).update(time_zone="Asia/Tokyo")
    assert "local time" not in card("bob")
    contact_permissions.save_settings(bob.id, show_local_time=True)
    assert "local time" in card("bob")


def test_presence_is_shown_to_those_who_may_know_it(monkeypatch, card, bob, lobby):
    from presence.types import PresenceStatus

    status = PresenceStatus(here=True, away=False, seen=1.0)
    monkeypatch.setattr("presence.sync_client.get_status", lambda ids: dict.fromkeys(ids, status))
    assert "Here now" in card("bob")
    contact_permissions.save_settings(bob.id, hide_presence=True)
    assert "Here now" not in card("bob")


def test_ones_own_card_leads_to_ones_settings(card):
    found = card("alice")
    assert "Edit profile" in found
    assert "data-block-person" not in found


def test_a_bot_can_be_mentioned(card, bot_user):
    found = card(bot_user.username)
    assert ">APP</span>" in found
    assert "data-mention" in found


def test_the_address_of_before_leads_on(client, alice, bob):
    client.force_login(alice)
    assert client.get("/dm/bob/about/").headers["Location"] == "/people/bob/"


def test_names_in_messages_lead_to_the_page(client, alice, lobby):
    from rooms.services import messages

    messages.post(alice, "lobby", "hello")
    client.force_login(alice)
    assert 'href="/people/alice/"' in client.get("/chat/lobby/").content.decode()


def test_a_name_that_is_nobodys_leads_to_those_like_it(client, alice, make_user):
    make_user("gertrude")
    client.force_login(alice)
    page = client.get("/people/gertrud/")
    assert page.status_code == 404
    assert 'href="/dm/gertrude/"' in page.content.decode()
