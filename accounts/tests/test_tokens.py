"""What a token may do, for how long, and what is told about it."""

import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Token
from accounts.scopes import Scope
from accounts.security import authentication, recent_use, token_use
from accounts.security.recent_use import RecentUse
from conftest import PASSWORD, confirm

pytestmark = pytest.mark.django_db
FORM = {"name": "backup", "scope": "read", "days": "30"}


@pytest.fixture
def signed_in(client, alice):
    client.force_login(alice)
    confirm(client)
    return client


@pytest.fixture(autouse=True)
def nothing_noted():
    token_use._used = RecentUse()


def made_on_page(client, **changes) -> tuple[Token, str]:
    page = client.post(reverse("tokens"), FORM | changes).content.decode()
    secret = re.search(r'value="(rt_\w+)"', page)[1]
    return Token.objects.get(digest=Token.hash(secret)), secret


def expired(user, days_ago: float = 1) -> tuple[Token, str]:
    token, secret = Token.issue(user, "old")
    Token.objects.filter(pk=token.pk).update(expires=timezone.now() - timedelta(days=days_ago))
    return token, secret


# --- scopes ---


@pytest.mark.parametrize(
    ("scope", "includes"),
    [
        ("read", {"read"}),
        ("write", {"read", "write"}),
        ("manage", {"read", "write", "manage"}),
        ("full", {"read", "write", "manage", "full"}),
    ],
)
def test_each_scope_includes_those_before_it(scope, includes):
    assert {needed.value for needed in Scope if Scope(scope).includes(needed)} == includes


def test_a_session_may_everything(client, alice):
    client.force_login(alice)
    assert authentication.get_session_user(client.session.session_key)[0].scope is Scope.FULL


@pytest.mark.parametrize("scope", Scope)
def test_a_token_carries_its_scope(alice, scope):
    _token, secret = Token.issue(alice, "x", scope)
    assert authentication.get_token_user(secret).scope is scope
    assert alice.scope is Scope.FULL


def test_a_token_of_before_is_full_and_has_no_end(alice):
    """As the migration leaves them: the database fills in what the earlier version does not know of."""
    Token(user=alice, name="old", digest=Token.hash("rt_old")).save()
    user = authentication.get_token_user("rt_old")
    assert (user, user.scope) == (alice, Scope.FULL)
    client = Client()
    client.force_login(alice)
    page = client.get(reverse("tokens")).content.decode()
    assert "rt_…" in page
    assert "never expires" in page
    assert "not used yet" in page


# --- an end ---


def test_the_page_makes_one_with_scope_and_end(signed_in, alice):
    token, secret = made_on_page(signed_in)
    assert (token.scope, secret.startswith(token.prefix)) == ("read", True)
    assert timedelta(days=29) < token.expires - timezone.now() <= timedelta(days=30)
    page = signed_in.get(reverse("tokens")).content.decode()
    assert f"{token.prefix}…" in page
    assert "valid until" in page
    assert secret not in page


@pytest.mark.parametrize("changes", [{"scope": "admin"}, {"scope": ""}, {"days": "0"}, {"days": "9999"}, {"days": ""}])
def test_no_other_scope_or_time_can_be_chosen(signed_in, changes):
    assert signed_in.post(reverse("tokens"), FORM | changes).status_code == 400
    assert not Token.objects.exists()


def test_an_expired_token_opens_nothing_and_says_so_on_the_page(signed_in, alice):
    token, secret = expired(alice)
    assert authentication.get_token_user(secret) is None
    assert authentication.find_ended_tokens({token.digest: alice.id}) == {token.digest}
    answer = Client().get("/api/rooms", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "expired on" in signed_in.get(reverse("tokens")).content.decode()


def test_expired_ones_take_no_place_and_go_after_a_while(signed_in, alice):
    for _ in range(20):
        expired(alice, days_ago=31)
    shown, _secret = expired(alice, days_ago=29)
    made_on_page(signed_in)
    assert set(Token.objects.values_list("name", flat=True)) == {"old", "backup"}
    assert Token.objects.filter(name="old").get() == shown


# --- last use ---


def test_use_is_noted_and_written_down_later_and_once_in_five_minutes(alice, django_assert_num_queries, monkeypatch):
    token, secret = Token.issue(alice, "x")
    for _ in range(3):
        with django_assert_num_queries(1):  # nothing is written while somebody waits
            authentication.get_token_user(secret)
    with django_assert_num_queries(1):
        assert token_use.flush() == 1
    token.refresh_from_db()
    first = token.last_used
    assert timezone.now() - first < timedelta(minutes=1)
    authentication.get_token_user(secret)
    with django_assert_num_queries(0):
        assert token_use.flush() == 0
    monkeypatch.setattr(recent_use.time, "monotonic", lambda: 10**9)
    authentication.get_token_user(secret)
    with django_assert_num_queries(1):
        assert token_use.flush() == 0  # another process would have done so just now
    Token.objects.update(last_used=first - timedelta(minutes=6))
    monkeypatch.setattr(recent_use.time, "monotonic", lambda: 2 * 10**9)
    authentication.get_token_user(secret)
    assert token_use.flush() == 1
    token.refresh_from_db()
    assert token.last_used >= first


def test_what_opens_nothing_is_not_noted(alice):
    _token, secret = expired(alice)
    authentication.get_token_user(secret)
    authentication.get_token_user("rt_unknown")
    assert token_use.flush() == 0


# --- revoking all of them ---


def test_all_can_be_revoked_at_once(signed_in, alice, bob):
    for user in (alice, alice, bob):
        Token.issue(user, "x")
    assert "Revoke all" in signed_in.get(reverse("tokens")).content.decode()
    assert signed_in.get(reverse("revoke_tokens")).status_code == 405
    signed_in.post(reverse("revoke_tokens"))
    assert [token.user for token in Token.objects.all()] == [bob]


CHANGE = {"oldpassword": PASSWORD, "password1": "third horse 9", "password2": "third horse 9"}


@pytest.mark.parametrize(("answer", "left"), [({}, 2), ({"revoke": "on"}, 0)])
def test_a_new_password_offers_to_revoke_them(signed_in, alice, answer, left):
    for name in "xy":
        Token.issue(alice, name)
    assert "Also revoke all 2 of my tokens" in signed_in.get(reverse("account_change_password")).content.decode()
    assert signed_in.post(reverse("account_change_password"), CHANGE | answer).status_code == 302
    assert Token.objects.count() == left


def test_who_has_none_is_not_asked(signed_in, alice):
    expired(alice)
    assert "revoke" not in signed_in.get(reverse("account_change_password")).content.decode()
    assert signed_in.post(reverse("account_change_password"), CHANGE).status_code == 302


def test_a_wrong_password_revokes_nothing(signed_in, alice):
    Token.issue(alice, "x")
    answer = signed_in.post(reverse("account_change_password"), CHANGE | {"oldpassword": "wrong", "revoke": "on"})
    assert answer.status_code == 200
    assert Token.objects.count() == 1


# --- the command ---


def test_the_command_takes_a_scope_and_a_time(alice, capsys, settings):
    call_command("token", "alice", "--scope", "read", "--days", "7")
    assert authentication.get_token_user(capsys.readouterr().out.strip()).scope is Scope.READ
    assert Token.objects.get().expires < timezone.now() + timedelta(days=7)
    settings.TOKEN_MAX_DAYS = 0
    call_command("token", "alice", "--days", "0")
    assert Token.objects.latest("pk").expires is None
    settings.TOKEN_MAX_DAYS = 100
    for wrong in (["--days", "-1"], ["--days", "0"], ["--days", "101"], ["--days", "soon"], ["--scope", "admin"]):
        with pytest.raises(CommandError):
            call_command("token", "alice", *wrong)


def test_a_lifetime_of_nothing_has_ended(alice):
    token, _secret = Token.issue(alice, "a script", lifetime=timedelta(0))
    assert token.has_expired
