"""Tokens for some rooms only: how they are made, shown and exported, and what older versions take them for."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts import token_changes
from accounts.models import Token
from accounts.outgoing_mail import OutgoingMail
from accounts.privacy.personal_data import export_tokens
from accounts.scopes import Scope
from accounts.security import authentication
from conftest import confirm
from rooms.models import Room
from rooms.services import membership

from .test_tokens import FORM, made_on_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, alice):
    client.force_login(alice)
    confirm(client)
    return client


@pytest.fixture
def garden(alice) -> Room:
    return membership.create_room(alice, "Garden", "private")


def test_it_is_made_for_the_rooms_that_are_chosen(signed_in, alice, garden):
    membership.create_room(alice, "Kitchen", "private")
    token, secret = made_on_page(signed_in, where="some", rooms=[str(garden.pk)])
    assert token.only_rooms == [garden.pk]
    assert authentication.get_token_user(secret).only_rooms == {garden.pk}
    assert "Only in: Garden" in signed_in.get(reverse("tokens")).content.decode()
    assert made_on_page(signed_in, where="all", rooms=[str(garden.pk)])[0].only_rooms is None


def test_without_a_choice_of_where_the_rooms_count(signed_in, garden):
    assert made_on_page(signed_in, rooms=[str(garden.pk)])[0].only_rooms == [garden.pk]
    assert made_on_page(signed_in)[0].only_rooms is None


def test_what_does_not_fit_together_is_refused(signed_in, alice, bob, garden):
    theirs = membership.create_room(bob, "Not mine", "private")
    some = FORM | {"where": "some", "rooms": [str(garden.pk)]}
    for wrong in ({"rooms": []}, {"rooms": [str(theirs.pk)]}, {"scope": "full"}, {"rooms": ["x"]}):
        assert signed_in.post(reverse("tokens"), some | wrong).status_code == 400
    assert not Token.objects.exists()
    with pytest.raises(ValueError, match="account"):
        Token.issue(alice, "x", Scope.FULL, None, [garden.pk])


@pytest.mark.usefixtures("fresh_limits")
def test_the_mail_about_it_says_in_how_many(signed_in, alice, garden):
    EmailAddress.objects.create(user=alice, email="alice@example.org", primary=True, verified=True)
    made_on_page(signed_in, where="some", rooms=[str(garden.pk)])
    made_on_page(signed_in)
    limited, other = (row.content["text"] for row in OutgoingMail.objects.filter(kind="token_created").order_by("pk"))
    assert "It is for 1 room only." in limited
    assert "room" not in other


def test_whoever_is_in_no_room_is_not_asked_where(signed_in):
    assert 'name="where"' not in signed_in.get(reverse("tokens")).content.decode()


def test_a_room_that_was_left_is_not_named(signed_in, alice, garden):
    made_on_page(signed_in, where="some", rooms=[str(garden.pk)])
    assert [each["rooms"] for each in export_tokens(alice)] == [["Garden"]]
    membership.leave(alice, garden.name)
    page = signed_in.get(reverse("tokens")).content.decode()
    assert "Only in rooms that you have left" in page
    assert "Garden" not in page
    assert [each["rooms"] for each in export_tokens(alice)] == [[]]


def test_one_that_replaces_it_is_for_the_same_rooms(alice, garden):
    token, _secret = Token.issue(alice, "x", Scope.MANAGE, timedelta(days=9), [garden.pk])
    made, _secret = token_changes.replace(token, 1)
    assert made.only_rooms == [garden.pk]
    assert timedelta(days=8) < made.end - timezone.now() <= timedelta(days=9)
    token.refresh_from_db()
    assert token.end - timezone.now() <= timedelta(hours=1)


@pytest.mark.parametrize("scope", [Scope.READ, Scope.WRITE, Scope.MANAGE])
@pytest.mark.parametrize("lifetime", [None, timedelta(days=3)])
def test_for_older_versions_it_has_expired(alice, garden, scope, lifetime):
    token, secret = Token.issue(alice, "x", scope, lifetime, [garden.pk])
    now = timezone.now()
    plain = Q(expires=None) | Q(expires__gt=now)  # as the one looks that knows no scope to manage
    managing = Q(scope=Scope.MANAGE) & (Q(lasts_until=None) | Q(lasts_until__gt=now))  # as the one after it does
    assert not Token.objects.filter(plain | managing).exists()
    assert authentication.get_token_user(secret) == alice
    assert not authentication.find_ended_tokens({token.digest: alice.id})
    assert not Token.objects.expired_before(timezone.now()).exists()
    assert (token.has_expired, token.end is None) == (False, lifetime is None)


@pytest.mark.parametrize("scope", [Scope.READ, Scope.MANAGE])
def test_it_expires(alice, garden, scope):
    token, secret = Token.issue(alice, "x", scope, timedelta(days=1), [garden.pk])
    Token.objects.update(rooms_until=timezone.now() - timedelta(seconds=1))
    assert authentication.get_token_user(secret) is None
    assert Token.objects.expired_before(timezone.now()).get() == token


def test_the_command_takes_rooms(alice, garden, capsys):
    call_command("token", "alice", "--scope", "read", "--room", garden.name)
    assert authentication.get_token_user(capsys.readouterr().out.strip()).only_rooms == {garden.pk}
    for wrong in (["--scope", "read", "--room", "nowhere"], ["--scope", "full", "--room", garden.name]):
        with pytest.raises(CommandError):
            call_command("token", "alice", *wrong)
    assert Token.objects.count() == 1
