"""A token's secret: how scanners know it, and how it is replaced by another one."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import token_secrets
from accounts.models import Token
from accounts.scopes import Scope
from accounts.security.access_revocation import access_ended
from accounts.security.authentication import get_token_user
from conftest import confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, alice) -> Client:
    client.force_login(alice)
    confirm(client)
    return client


def replace(client: Client, token: Token, hours: int = 24, **changes):
    return client.post(reverse("replace_token", args=[token.pk]), {"hours": hours} | changes)


def secret_in(answer) -> str:
    return re.search(r'value="(rt_\w+)"', answer.content.decode())[1]


def test_the_documented_expression_finds_secrets_and_nothing_else():
    text = (Path(settings.BASE_DIR) / "docs" / "security.md").read_text()
    expression = re.compile(re.search(r"`(\\brt_[^`]+)`", text)[1])
    secret = token_secrets.make()
    assert expression.findall(f'TOKEN="{secret}"; x') == [secret]
    for other in (secret[:-1], secret + "a", "rt_start_of_a_name_that_is_long_enough_to_be_one", "rt_" + "-" * 43):
        assert expression.findall(other) == []


def test_a_checksum_tells_ours_from_others():
    secrets = {token_secrets.make() for _ in range(200)}
    assert len(secrets) == 200
    for secret in secrets:
        assert not token_secrets.is_mistyped(secret)
        other = secret[:-1] + ("A" if secret[-1] != "A" else "B")
        assert token_secrets.is_mistyped(other)
    assert not token_secrets.is_mistyped("rt_" + "-_" * 21 + "x")  # of before: they have none


def test_a_mistyped_secret_asks_no_database(alice, django_assert_num_queries):
    _token, secret = Token.issue(alice, "x")
    with django_assert_num_queries(0):
        assert get_token_user(secret[:-1] + ("A" if secret[-1] != "A" else "B")) is None
    assert get_token_user(secret) == alice


def test_the_old_secret_works_for_the_chosen_time(signed_in, alice, monkeypatch):
    old, secret = Token.issue(alice, "backup", Scope.READ, timedelta(days=30))
    new = secret_in(replace(signed_in, old))
    assert get_token_user(new).scope is Scope.READ
    assert get_token_user(secret) == alice
    made = Token.objects.get(digest=Token.hash(new))
    assert made.name == "backup"
    assert timedelta(days=29) < made.expires - timezone.now() <= timedelta(days=30)
    old.refresh_from_db()
    assert timedelta(hours=23) < old.expires - timezone.now() <= timedelta(hours=24)
    Token.objects.filter(pk=old.pk).update(expires=timezone.now())
    assert get_token_user(secret) is None


def test_or_it_ends_now_and_what_it_opened_too(signed_in, alice):
    old, secret = Token.issue(alice, "backup")
    told = []

    def listen(user_id, digest, **_kwargs):
        told.append(digest)

    access_ended.connect(listen)
    new = secret_in(replace(signed_in, old, 0))
    access_ended.disconnect(listen)
    assert told == [old.digest]
    assert get_token_user(secret) is None
    assert get_token_user(new).scope is Scope.FULL
    assert Token.objects.get().end <= timezone.now() + timedelta(days=365)  # however long the old one lasted


@pytest.mark.parametrize("longest", [0, 10])
def test_the_new_one_lasts_no_longer_than_the_server_allows(signed_in, alice, settings, longest):
    settings.TOKEN_MAX_DAYS = longest
    old, secret = Token.issue(alice, "rooms", Scope.MANAGE)
    made = Token.objects.get(digest=Token.hash(secret_in(replace(signed_in, old))))
    assert made.end is None if longest == 0 else made.end <= timezone.now() + timedelta(days=10)
    assert made.scope == Scope.MANAGE
    old.refresh_from_db()
    assert old.end <= timezone.now() + timedelta(days=1)
    assert get_token_user(secret) == alice


def test_a_token_that_ends_sooner_lives_no_longer(signed_in, alice):
    old, _secret = Token.issue(alice, "backup", Scope.READ, timedelta(minutes=5))
    replace(signed_in, old)
    old.refresh_from_db()
    assert old.expires - timezone.now() <= timedelta(minutes=5)


@pytest.mark.parametrize("hours", [48, -1, "x", ""])
def test_no_longer_than_a_day(signed_in, alice, hours):
    old, _secret = Token.issue(alice, "backup")
    assert replace(signed_in, old, hours).status_code == 400
    assert Token.objects.count() == 1


def test_only_ones_own_that_still_work_and_after_saying_who_one_is(client, signed_in, alice, bob):
    theirs, _secret = Token.issue(bob, "theirs")
    ended, _secret = Token.issue(alice, "ended")
    Token.objects.filter(pk=ended.pk).update(expires=timezone.now() - timedelta(days=1))
    assert [replace(signed_in, each).status_code for each in (theirs, ended)] == [404, 404]
    mine, _secret = Token.issue(alice, "mine")
    other = Client()
    other.force_login(alice)
    assert "reauthenticate" in replace(other, mine).url
    assert other.get(reverse("replace_token", args=[mine.pk])).status_code == 200


def test_the_list_warns_of_what_may_do_everything(signed_in, alice):
    Token.issue(alice, "narrow", Scope.READ, timedelta(days=30))
    assert "can do all that you can" not in signed_in.get(reverse("tokens")).content.decode()
    Token.issue(alice, "old")
    assert "can do all that you can" in signed_in.get(reverse("tokens")).content.decode()
