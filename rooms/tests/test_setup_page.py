"""The page that says what is left to do on a new server."""

import re

import pytest

from accounts import owner_links
from accounts.role_changes import change_role
from accounts.roles import ServerRole

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


@pytest.fixture
def shown(client, alice):
    change_role(alice, ServerRole.OWNER, None)
    client.force_login(alice)
    return lambda: " ".join(re.sub(r"<[^>]+>", " ", client.get("/setup/").content.decode()).split())


def test_it_says_how_the_server_is_set_up(client, shown, settings):
    settings.OPEN_SIGNUP, settings.EMAIL_HOST, settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL = True, "", "", ""
    page = shown()
    assert "Anyone who finds this server." in page
    assert "This server sends no e-mail" in page and "The bot answers by rules until a model is connected." in page
    settings.OPEN_SIGNUP, settings.EMAIL_HOST = False, "mail.example.org"
    settings.OPENAI_API_KEY, settings.OPENAI_MODEL, settings.SIGNUP_CONFIRMATION = "sk-secret", "gpt-x", "required"
    page = shown()
    assert "Only people who are invited." in page and "They confirm their e-mail address first." in page
    assert "goes out by mail.example.org" in page and "The bot asks gpt-x." in page
    assert 'href="/server/settings/model/?from=setup"' in client.get("/setup/").content.decode()
    assert "Check the mail server" in page and "Bots and their checks" in page
    assert "sk-secret" not in page


def test_an_administrator_sees_no_link_that_leads_nowhere(client, alice, bob, settings):
    settings.EMAIL_HOST, settings.OPENAI_API_KEY = "mail.example.org", "sk-secret"
    change_role(bob, ServerRole.OWNER, None)
    change_role(alice, ServerRole.ADMIN, bob)
    client.force_login(alice)
    page = client.get("/setup/").content.decode()
    assert "Create an invitation" in page
    assert "Check the mail server" not in page and "Bots and their checks" not in page


def test_members_see_nothing_there(client, alice):
    client.force_login(alice)
    assert client.get("/setup/").status_code == 404


def test_who_becomes_the_owner_comes_here(client, alice):
    client.force_login(alice)
    assert client.post(f"/setup/{owner_links.make()}/").url == "/setup/"
