"""SSO_ONLY: people sign in by an issuer, and owners also by their password."""

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Token, User
from accounts.roles import ServerRole
from conftest import PASSWORD

from .sso import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def only(company, settings):
    settings.SSO_ONLY = True
    return company


def log_in(client, name: str):
    return client.post(reverse("account_login"), {"login": name, "password": PASSWORD})


def came_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_a_password_lets_nobody_in(client, only, alice):
    answer = log_in(client, "alice")
    assert answer.status_code == 403 and "Continue with Company" in answer.content.decode()
    assert not came_in(client)


def test_the_page_shows_the_issuers_and_a_way_for_owners(client, only):
    page = client.get(reverse("account_login")).content.decode()
    assert "Continue with Company" in page and 'type="password"' not in page
    assert reverse("account_signup") not in page and reverse("account_reset_password") not in page
    assert 'type="password"' in client.get(reverse("account_login") + "?password=1").content.decode()


def test_settings_offer_a_password_to_owners_alone(client, only, alice):
    client.force_login(alice)
    address = reverse("account_change_password")
    assert address not in client.get(reverse("connections")).content.decode()
    alice.is_staff = alice.is_superuser = True
    alice.save()
    assert address in client.get(reverse("connections")).content.decode()


def test_the_issuer_lets_people_in(client, only):
    assert sign_in(client).status_code == 302 and came_in(client)


def test_an_owner_comes_in_while_the_issuer_is_down(client, only, alice):
    only.close()
    alice.is_staff = alice.is_superuser = True
    alice.save()
    assert log_in(client, "alice").status_code == 302 and came_in(client)


def test_the_command_makes_an_owner_who_can_come_again(client, only, alice, capsys):
    only.close()
    alice.is_staff = alice.is_superuser = True
    alice.set_unusable_password()
    alice.save()
    call_command("ownerlink", recover=True)
    link = capsys.readouterr().out.strip()
    path = "/" + link.split("/", 3)[3]
    fields = {"username": "rescue", "password1": "a longer phrase", "password2": "a longer phrase"}
    assert client.post(path, fields).status_code == 302 and came_in(client)
    assert User.objects.get(username="rescue").role == ServerRole.OWNER
    client.logout()
    client.post(reverse("account_login"), {"login": "rescue", "password": "a longer phrase"})
    assert came_in(client)


def test_nobody_signs_up_with_a_password(client, only):
    fields = {"username": "erin", "password1": "a longer phrase", "password2": "a longer phrase"}
    assert "Sign-up is closed" in client.post(reverse("account_signup"), fields).content.decode()
    assert not User.objects.filter(username="erin").exists()


def test_no_link_sets_a_password(client, only, alice, mailoutbox):
    alice.email = "alice@example.org"
    alice.save()
    answer = client.post(reverse("account_reset_password"), {"email": alice.email})
    assert "Continue with Company" in answer.content.decode() and not mailoutbox


@pytest.mark.parametrize("page", ["account_change_password", "account_set_password"])
def test_nobody_sets_a_password_but_owners(client, only, alice, page):
    if page == "account_set_password":
        alice.set_unusable_password()
        alice.save()
    client.force_login(alice)
    fields = {"oldpassword": PASSWORD, "password1": "a longer phrase", "password2": "a longer phrase"}
    assert client.post(reverse(page), fields).status_code == 403
    alice.refresh_from_db()
    assert not alice.check_password("a longer phrase")
    alice.is_staff = alice.is_superuser = True
    alice.save()
    client.force_login(alice)
    assert client.get(reverse(page)).status_code == 200


def test_tokens_go_on(client, only, alice):
    _token, secret = Token.issue(alice, "script")
    assert client.get("/api/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 200


def test_without_an_issuer_passwords_work(client, only, alice, settings):
    settings.SSO_PROVIDERS = ()
    assert log_in(client, "alice").status_code == 302 and came_in(client)
