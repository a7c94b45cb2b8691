"""What matters asks for the password again, and no token gets past that."""

import re
import time
from contextlib import nullcontext

import pytest
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import Token, User
from accounts.security.reauthentication import sudo_required
from conftest import PASSWORD, confirm

pytestmark = pytest.mark.django_db
PROFILE = {"email": "new@example.org"}
TOKEN = {"name": "script", "scope": "full", "days": "90"}
# What asks first: the name of the address, its arguments, and a form that would change something.
GUARDED = [
    ("tokens", TOKEN),
    ("profile", PROFILE),
    ("mfa_activate_totp", {"code": "123456"}),
    ("download_my_data", {}),
    ("delete_account", {"username": "alice", "messages": "delete"}),
]


@pytest.fixture
def signed_in(client, alice):
    client.force_login(alice)
    return client


def asks(answer) -> bool:
    return answer.status_code == 302 and answer.url.startswith(reverse("account_reauthenticate"))


@pytest.mark.parametrize(("name", "form"), GUARDED)
def test_it_asks_for_the_password_first(signed_in, alice, name, form):
    assert asks(signed_in.post(reverse(name), form))
    alice.refresh_from_db()
    assert (alice.email, Token.objects.count(), alice.authenticator_set.count()) == ("", 0, 0)


def test_what_was_asked_for_is_done_once_the_password_is_given(signed_in, alice):
    question = signed_in.post(reverse("tokens"), TOKEN).url
    wrong = signed_in.post(question, {"password": "wrong", "next": reverse("tokens")})
    assert "Wrong password." in wrong.content.decode()
    assert not Token.objects.exists()
    made = signed_in.post(question, {"password": PASSWORD, "next": reverse("tokens")})
    assert re.search(r'value="(rt_\w+)"', made.content.decode())
    assert Token.objects.get().name == "script"


def test_the_address_changes_once_the_password_is_given(signed_in, alice):
    question = signed_in.post(reverse("profile"), PROFILE).url
    signed_in.post(question, {"password": PASSWORD, "next": reverse("profile")})
    alice.refresh_from_db()
    assert alice.email == "new@example.org"


def test_a_profile_with_the_same_address_asks_nothing(signed_in, alice):
    User.objects.filter(pk=alice.pk).update(email="new@example.org")
    assert not asks(signed_in.post(reverse("profile"), PROFILE | {"display_name": "Al"}))
    alice.refresh_from_db()
    assert alice.display_name == "Al"


def test_a_confirmation_counts_for_five_minutes(signed_in, monkeypatch):
    confirm(signed_in)
    assert not asks(signed_in.post(reverse("tokens"), TOKEN))
    later = time.time() + 301
    monkeypatch.setattr("time.time", lambda: later)
    assert asks(signed_in.post(reverse("tokens"), TOKEN))


def test_signing_in_is_no_confirmation(client, alice):
    """A browser that was left signed in, and one where somebody just signed in, look the same to whoever sits down."""
    client.post(reverse("account_login"), {"login": "alice", "password": PASSWORD})
    assert asks(client.post(reverse("tokens"), TOKEN))


def test_a_code_of_the_second_factor_confirms_as_well(signed_in, alice):
    key = generate_totp_secret()
    TOTP.activate(alice, key)
    code = format_hotp_value(hotp_value(key, int(time.time()) // 30))
    signed_in.post(reverse("mfa_reauthenticate"), {"code": code})
    assert not asks(signed_in.post(reverse("tokens"), TOKEN))


@pytest.mark.parametrize(("name", "form"), GUARDED)
def test_a_token_opens_none_of_these_pages(alice, name, form):
    _token, secret = Token.issue(alice, "script")
    answer = Client().post(reverse(name), form, headers={"Authorization": f"Bearer {secret}"})
    assert answer.url.startswith(reverse("account_login"))
    assert Token.objects.count() == 1


def test_one_session_confirms_for_no_other(signed_in, alice):
    confirm(signed_in)
    other = Client()
    other.force_login(alice)
    assert asks(other.post(reverse("tokens"), TOKEN))


@pytest.mark.parametrize(("method", "runs"), [("GET", True), ("HEAD", True), ("POST", False), ("DELETE", False)])
def test_a_view_only_shows_itself_without_a_confirmation(signed_in, alice, method, runs):
    request = RequestFactory().generic(method, "/x/")
    request.user, request.session = alice, signed_in.session
    ran = []

    @login_required
    @sudo_required
    def view(request):
        ran.append(method)
        return HttpResponse()

    with nullcontext() if runs else pytest.raises(ReauthenticationRequired):
        view(request)
    assert bool(ran) is runs
