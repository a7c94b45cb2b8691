"""How long a token lasts, and what a process of the version before takes it for."""

from datetime import timedelta

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Token
from accounts.scopes import Scope
from accounts.security import authentication
from conftest import confirm

from .test_tokens import FORM, made_on_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, alice):
    client.force_login(alice)
    confirm(client)
    return client


def test_it_may_last_any_number_of_days_up_to_the_most(signed_in, settings):
    settings.TOKEN_MAX_DAYS = 10
    page = signed_in.get(reverse("tokens")).content.decode()
    assert 'max="10"' in page
    assert "forever" not in page
    assert timedelta(days=9) < made_on_page(signed_in, days="10")[0].end - timezone.now() <= timedelta(days=10)
    for wrong in ({"days": "11"}, {"days": "", "forever": "on"}):
        assert signed_in.post(reverse("tokens"), FORM | wrong).status_code == 400
    assert Token.objects.count() == 1


def test_it_need_not_expire_where_the_server_says_so(signed_in, settings):
    settings.TOKEN_MAX_DAYS = 0
    assert made_on_page(signed_in, days="", forever="on")[0].end is None
    assert signed_in.post(reverse("tokens"), FORM | {"days": ""}).status_code == 400
    assert "never expires" in signed_in.get(reverse("tokens")).content.decode()


# --- what the version before does not know ---


@pytest.mark.parametrize("lifetime", [None, timedelta(days=3)])
def test_one_that_manages_has_expired_for_the_version_before(alice, lifetime):
    token, secret = Token.issue(alice, "x", Scope.MANAGE, lifetime)
    before = Token.objects.filter(Q(expires=None) | Q(expires__gt=timezone.now()))  # as that version looks
    assert not before.exists()
    assert authentication.get_token_user(secret) == alice
    assert not authentication.find_ended_tokens({token.digest: alice.id})
    assert (token.has_expired, token.end is None) == (False, lifetime is None)
    assert not Token.objects.expired_before(timezone.now()).exists()


def test_one_that_manages_expires(alice):
    token, secret = Token.issue(alice, "x", Scope.MANAGE, timedelta(days=1))
    Token.objects.update(lasts_until=timezone.now() - timedelta(seconds=1))
    token.refresh_from_db()
    assert token.has_expired
    assert authentication.get_token_user(secret) is None
    assert Token.objects.expired_before(timezone.now()).get() == token


def test_a_scope_of_a_newer_version_opens_nothing(alice):
    _token, secret = Token.issue(alice, "x")
    Token.objects.update(scope="cook")
    assert authentication.get_token_user(secret) is None
