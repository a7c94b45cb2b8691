"""Making an account by the page: what is asked for, and what is told to whom."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
NEW = {"username": "dora", "password1": "many horses 7", "password2": "many horses 7"}


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), NEW | changes)


def test_signing_up_needs_a_name_and_a_password_and_signs_in(client):
    answer = sign_up(client)
    assert (answer.status_code, answer.url) == (302, "/chat/")
    assert client.session["_auth_user_id"] == str(User.objects.get(username="dora").id)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "x"}, "username"),
        ({"username": "a b"}, "username"),
        ({"username": "a/b"}, "username"),
        ({"username": ".dot"}, "username"),
        ({"username": "ends."}, "username"),
        ({"username": "ümlaut"}, "username"),
        ({"username": "x" * 33}, "username"),
        ({"username": "alice\n"}, "username"),
        ({"username": "everyone"}, "username"),
        ({"username": "System"}, "username"),
        ({"username": "Bot"}, "username"),
        ({"username": "admin"}, "username"),
        ({"username": "Moderator_"}, "username"),
        ({"username": "r.o.o.t"}, "username"),
        ({"username": "Round-Table"}, "username"),
        ({"username": "bot_"}, "username"),
        ({"username": "b.o-t"}, "username"),
        ({"username": "ALICE"}, "username"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "12345678", "password2": "12345678"}, "password1"),
        ({"password1": "password", "password2": "password"}, "password1"),
        ({"password2": "different"}, "password2"),
        ({"email": "no address"}, "email"),
    ],
)
@pytest.mark.usefixtures("with_context")
def test_a_mistake_is_told_at_its_field_and_makes_nobody(client, alice, changes, field):
    answer = sign_up(client, **changes)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert list(form.errors) == [field]
    assert f'id="id_{field}_error"' in answer.content.decode()
    if "username" in changes and changes["username"].strip().lower() == "alice":
        return
    assert User.objects.filter(is_bot=False).count() == 1


def test_a_browser_says_what_is_wrong_with_a_name_before_the_passwords_are_lost(client):
    [pattern] = re.findall(r'pattern="([^"]+)"', client.get(reverse("account_signup")).content.decode())
    for name, is_right in (("dora", True), ("żółw-1.b", True), ("Dora B", False), ("dora@example.org", False)):
        assert bool(re.fullmatch(pattern, name)) is is_right


def test_signing_up_with_a_known_address_is_answered_like_any_other(client, alice):
    EmailAddress.objects.create(user=alice, email="alice@example.org", verified=True, primary=True)
    known = sign_up(client, email="alice@example.org")
    client.logout()
    unknown = sign_up(client, username="erin", email="erin@example.org")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url) == (302, "/chat/")


def test_two_who_take_a_name_at_the_same_moment_get_one_account_and_a_sentence(client, monkeypatch):
    sign_up(client)
    client.logout()
    monkeypatch.setattr("accounts.adapter.AccountAdapter.clean_username", lambda self, name, shallow=False: name)
    answer = client.post(reverse("account_signup"), NEW | {"username": "Dora"}, follow=True)
    assert answer.redirect_chain == [("/accounts/login/", 302)]
    assert "has just been taken" in answer.content.decode()
    assert User.objects.filter(username__iexact="dora").count() == 1


def test_a_closed_server_makes_no_accounts(client, settings):
    settings.OPEN_SIGNUP = False
    assert "Sign-up is closed" in client.get(reverse("account_signup")).content.decode()
    sign_up(client)
    assert not User.objects.filter(username="dora").exists()
    assert "Create account" not in client.get(reverse("account_login")).content.decode()
