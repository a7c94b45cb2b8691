"""How an issuer ends what began there, and how long it lasts."""

import time

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import IssuerSession
from accounts.security import session_use

from .sso import issuer_of, sign_in

pytestmark = pytest.mark.django_db
LOGOUT = "/accounts/sso/with/company/logout/"


def is_in(client) -> bool:
    return client.get("/accounts/profile/").status_code == 200


def tell(company, **changed):
    """What the issuer sends; by a client that checks for forged requests."""
    return Client(enforce_csrf_checks=True).post(LOGOUT, {"logout_token": company.logout_token(**changed)})


@pytest.fixture
def two(company):
    """The same person in two browsers, each with a session of the issuer's own."""
    browsers = Client(), Client()
    for number, browser in enumerate(browsers, 1):
        company.person["sid"] = f"s{number}"
        assert sign_in(browser).status_code == 302
    return browsers


@pytest.mark.parametrize(
    ("named", "left"),
    [({"sub": "1001"}, [False, False]), ({"sid": "s1"}, [False, True]), ({"sub": "1001", "sid": "s2"}, [True, False])],
)
def test_a_logout_ends_what_it_names(company, two, named, left):
    answer = tell(company, **named)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert [is_in(browser) for browser in two] == left
    assert IssuerSession.objects.count() == sum(left)


def test_it_finds_a_session_whose_key_has_changed(company, two):
    first = two[0]
    session = first.session
    session.cycle_key()
    first.cookies["sessionid"] = session.session_key
    assert is_in(first)
    session_use.flush()  # as a web process does every few seconds
    tell(company, sub="1001")
    assert not is_in(first)


def test_a_session_that_began_otherwise_stays(client, company, two):
    client.force_login(IssuerSession.objects.first().user)
    tell(company, sub="1001")
    assert is_in(client)


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another-program"},
        {"iss": "https://elsewhere.example.org"},
        {"iat": 1_700_000_000},
        {"iat": None},
        {"exp": 1_700_000_000},
        {"jti": None},
        {"events": None},
        {"events": {}},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": "yes"}},
        {"nonce": "as an ID token has"},
        {"sub": None},
        {"sub": 1001},
    ],
    ids=str,
)
def test_a_message_that_is_none_ends_nothing(company, two, changed):
    assert tell(company, **({"sub": "1001"} | changed)).status_code == 400
    assert all(is_in(browser) for browser in two)


def test_a_message_counts_once(client, company):
    token = company.logout_token(sub="1001")
    sign_in(client)
    assert Client().post(LOGOUT, {"logout_token": token}).status_code == 200
    sign_in(client)
    assert Client().post(LOGOUT, {"logout_token": token}).status_code == 400
    assert is_in(client)


@pytest.mark.parametrize("token", ["", "abc", "a.b.c", "x" * 40_000])
def test_what_is_no_token_is_refused(company, token):
    assert Client().post(LOGOUT, {"logout_token": token}).status_code == 400


def test_a_session_lasts_as_long_as_the_issuer_says(client, company, settings):
    settings.SSO_PROVIDERS = (issuer_of(company, hours=2),)
    sign_in(client)
    for _ in range(2):
        session = client.session
        session["x"] = time.time()  # a change does not make it last longer
        session.save()
        left = (client.session.get_expiry_date() - timezone.now()).total_seconds()
        assert 7100 < left <= 7200
