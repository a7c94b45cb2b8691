"""The list beside the server's own pages: who sees which of them, and which one is marked."""

import re

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.rights import SERVER_RIGHTS, ServerAction
from accounts.role_changes import change_role
from accounts.roles import ServerRole
from rooms.services import server_invitations
from rooms.web import server_nav

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def person(make_user):
    def make(role: ServerRole):
        user = make_user(role.value)
        if role != ServerRole.MEMBER:
            change_role(user, role, None)
        return user

    return make


def links(page: str) -> dict[str, bool]:
    """Address → whether it is marked as the page that is shown."""
    nav = page[page.index('<nav class="settings-nav"') :]
    found = re.findall(r'<a href="([^"]+)"( aria-current="page")?', nav[: nav.index("</nav>")])
    return {address: bool(current) for address, current in found}


@pytest.mark.parametrize("role", [ServerRole.OWNER, ServerRole.ADMIN])
def test_who_runs_the_server_sees_all_pages_and_which_is_shown(person, role):
    user, browser = person(role), Client()
    browser.force_login(user)
    number = server_invitations.create(user).pk
    pages = {"/server/audit/": "/server/audit/", "/server/invitations/": "/server/invitations/"}
    pages[f"/server/invitations/{number}/"] = "/server/invitations/"  # a part of it
    for address, marked in pages.items():
        shown = links(browser.get(address).content.decode())
        assert set(shown) == {reverse(page.name) for page in server_nav.server_pages(user)}
        assert [each for each, current in shown.items() if current] == [marked]


@pytest.mark.parametrize("role", [ServerRole.MODERATOR, ServerRole.MEMBER])
def test_others_see_only_pages_that_are_theirs(person, role, monkeypatch):
    user = person(role)
    assert not server_nav.server_pages(user)
    request = RequestFactory().get("/")
    request.user = user
    assert server_nav.server_nav(request) == []  # nor an empty section
    monkeypatch.setitem(SERVER_RIGHTS, ServerAction.READ_AUDIT_LOG, {ServerRole.OWNER, ServerRole.MODERATOR})
    names = [page.name for page in server_nav.server_pages(user)]
    assert names == (["audit_log"] if role == ServerRole.MODERATOR else [])
