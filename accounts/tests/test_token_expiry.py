"""The mail about a token that expires soon: to whom, when, and once."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.mail import token_expiry
from accounts.models import Token
from accounts.outgoing_mail import OutgoingMail
from accounts.scopes import Scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_limits")]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def addressed(alice):
    EmailAddress.objects.create(user=alice, email="alice@example.org", primary=True, verified=True)


def made(user, *, ago: timedelta = 60 * DAY, ends_in: timedelta = 3 * DAY, name: str = "backup", **narrow) -> Token:
    token, _secret = Token.issue(user, name, narrow.pop("scope", Scope.READ), ago + ends_in, **narrow)
    token.end_at(timezone.now() + ends_in)
    token.created = timezone.now() - ago
    token.save()
    return token


def told() -> list[str]:
    token_expiry._tell_some()
    return [row.content["text"] for row in OutgoingMail.objects.filter(kind="token_expires").order_by("pk")]


def test_its_owner_is_told_a_week_before_and_once(alice):
    token = made(alice, ends_in=8 * DAY)
    assert told() == []
    token.end_at(timezone.now() + 6 * DAY)
    token.save()
    (text,) = told()
    assert "“backup”" in text
    assert token.prefix in text
    assert "/accounts/tokens/" in text
    assert len(told()) == 1


@pytest.mark.parametrize("narrow", [{"scope": Scope.MANAGE}, {"only_rooms": [1]}])
def test_tokens_that_are_narrow_in_other_ways_are_no_exception(alice, narrow):
    made(alice, **narrow)
    assert len(told()) == 1


def test_nobody_is_told_of_what_they_know(alice):
    made(alice, ago=8 * DAY, ends_in=2 * DAY, name="made for ten days")
    made(alice, ago=DAY, ends_in=5 * DAY, name="made yesterday")
    made(alice, ends_in=-DAY, name="expired")
    made(alice, name="replaced")
    made(alice, ago=DAY, ends_in=50 * DAY, name="replaced")
    assert told() == []


def test_nobody_is_told_who_is_gone_or_has_no_address(alice, bob):
    made(bob)
    made(alice)
    alice.is_active = False
    alice.save()
    assert told() == []


def test_it_is_written_in_the_language_of_its_owner(alice):
    alice.preferences = {"language": "de"}
    alice.save()
    made(alice)
    assert "läuft am" in told()[0]


def test_without_a_mail_server_nobody_is_marked_as_told(alice, settings):
    settings.EMAIL_HOST = ""
    made(alice)
    token_expiry.tell_of_expiring_tokens.func()
    assert not Token.objects.filter(expiry_told=True).exists()
