"""What is refused to whoever must set up a second factor first: pages, the API, sockets, by session and by token."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Token, User
from accounts.security import authentication, second_factor
from conftest import confirm
from mysite.monitoring import status

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fast")]


@pytest.fixture(autouse=True)
def rule(settings):
    settings.SECOND_FACTOR, settings.SECOND_FACTOR_GRACE = "all", 7


def add_factor(user: User) -> Authenticator:
    return Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})


def make_late(user: User) -> None:
    User.objects.filter(pk=user.pk).update(second_factor_due=timezone.now() - timedelta(seconds=1))
    user.refresh_from_db()


@pytest.fixture
def late(alice) -> User:
    make_late(alice)
    return alice


@pytest.mark.parametrize("page", ["rooms", "profile", "tokens", "settings", "my_data", "devices"])
def test_every_page_leads_to_the_one_where_it_is_set_up(client, late, page):
    client.force_login(late)
    answer = client.get(reverse(page))
    assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))
    assert client.post(reverse(page)).status_code == 302
    assert client.post(reverse(page)).url == reverse("mfa_index")


def test_that_page_says_why_and_shows_nothing_of_a_room(client, late, lobby):
    client.force_login(late)
    page = client.get(reverse("mfa_index")).content.decode()
    assert "to go on" in page
    assert "Sign out" in page
    for other in ("Lobby", reverse("tokens"), 'id="side"'):
        assert other not in page


def test_they_can_set_one_up_and_go_on(client, late, monkeypatch):
    client.force_login(late)
    confirm(client)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.validate_totp_code", lambda *_args: True)
    assert client.post(reverse("mfa_activate_totp"), {"code": "123456"}).status_code == 302
    assert client.get(reverse("profile")).status_code == 200


def test_they_can_confirm_who_they_are_at_their_issuer(client, late):
    client.force_login(late)
    assert client.get(reverse("sso_confirm")).status_code == 403  # there is none: no redirect


def test_they_can_sign_out(client, late):
    client.force_login(late)
    assert client.post(reverse("account_logout")).url != reverse("mfa_index")
    assert "_auth_user_id" not in client.session


def test_the_api_refuses_session_and_token_in_the_same_words(client, late, lobby):
    _token, secret = Token.issue(late, "x")
    client.force_login(late)
    by_token = Client().get("/api/rooms", headers={"Authorization": f"Bearer {secret}"})
    by_session = client.get("/api/rooms")
    for answer in (by_token, by_session):
        assert (answer.status_code, answer.json()["reason"]) == (403, "second_factor_needed")
        assert "Turn on two-factor" in answer.json()["message"]


def test_whoever_loads_somebody_by_token_or_session_is_told(client, late):
    _token, secret = Token.issue(late, "x")
    client.force_login(late)
    with pytest.raises(second_factor.SecondFactorNeeded):
        authentication.get_token_user(secret)
    with pytest.raises(second_factor.SecondFactorNeeded):
        authentication.get_session_user(client.session.session_key)


def test_figures_for_staff_are_refused_as_well(late):
    User.objects.filter(pk=late.pk).update(is_staff=True)
    header = f"Bearer {Token.issue(late, 'x')[1]}"
    assert not status._is_staff({}, header)
    add_factor(late)
    assert status._is_staff({}, header)


def test_the_regular_look_ends_their_sessions_and_tokens(client, late):
    token, _secret = Token.issue(late, "x")
    client.force_login(late)
    key = client.session.session_key
    assert authentication.find_ended_tokens({token.digest: late.pk}) == {token.digest}
    assert authentication.find_ended_sessions({key: late.pk}) == {key}
    add_factor(late)
    assert not authentication.find_ended_tokens({token.digest: late.pk})
    assert not authentication.find_ended_sessions({key: late.pk})


# --- sockets ---


def bearer(user: User) -> dict[str, str]:
    return {"Authorization": f"Bearer {Token.issue(user, 'x')[1]}"}


@pytest.mark.django_db(transaction=True)
def test_their_sockets_are_refused_with_the_reason(web, late, lobby):
    for name, headers in ((late, {}), (None, bearer(late))):
        with web.open(name, "lobby", headers=headers, **({"origin": ""} if headers else {})) as socket:
            assert socket.closed() == (4001, "reason=second_factor_needed")


@pytest.mark.django_db(transaction=True)
def test_an_open_socket_ends_when_the_time_is_up(web, hub, within, alice, bob, lobby):
    User.objects.filter(pk=bob.pk).update(second_factor_due=timezone.now() + timedelta(days=1))
    with web.open(alice, "lobby") as hers, web.open(bob, "lobby") as his:
        hers.wait("welcome")
        his.wait("welcome")
        make_late(alice)
        within(hub._periodic_tasks.end_overdue)
        assert hers.closed() == (4001, "reason=second_factor_needed")
        his.send("ping")


@pytest.mark.django_db(transaction=True)
def test_without_the_rule_nobody_is_looked_for(hub, within, alice, settings, django_assert_num_queries):
    settings.SECOND_FACTOR = "nobody"
    make_late(alice)
    with django_assert_num_queries(0):
        assert second_factor.become_overdue() == set()
