"""Answers of an issuer that are not to be trusted, and issuers that do not answer."""

import base64
import hmac
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from django.test import Client

from accounts.issuers import fetching, metadata, tokens
from accounts.issuers.fetching import IssuerAway
from accounts.issuers.issuer import make_issuer
from accounts.models import User
from testing.issuer import private_key

from .sso import address_on, back, begin, immediately, issuer_of, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
LONG_AGO, FAR_AHEAD = 1_700_000_000, 4_000_000_000


def in_plain(claims: dict) -> str:
    """With the algorithm "none"."""
    parts = [json.dumps(each).encode() for each in ({"alg": "none", "typ": "JWT"}, claims)]
    return ".".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in parts) + "."


def with_hmac(claims: dict, secret: bytes) -> str:
    """By hand: the library does not take the key of another algorithm for a secret."""
    parts = [json.dumps(each).encode() for each in ({"alg": "HS256", "kid": "first"}, claims)]
    signed = ".".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in parts)
    mac = hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"


def came_in(client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "that of another sign-in"},
        {"nonce": None},
        {"aud": "another-program"},
        {"aud": ["roundtable", "another-program"]},
        {"aud": ["roundtable", "another-program"], "azp": "another-program"},
        {"azp": "another-program"},
        {"aud": None},
        {"iss": "https://elsewhere.example.org"},
        {"iss": None},
        {"exp": LONG_AGO},
        {"exp": None},
        {"iat": FAR_AHEAD},
        {"iat": None},
        {"nbf": FAR_AHEAD},
        {"sub": ""},
        {"sub": None},
        {"sub": 7},
        {"sub": "x" * 192},
        {"sub": "somebody else"},  # than userinfo is about
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_lets_nobody_in(client, company, change):
    company.change = lambda claims: {
        name: value for name, value in (claims | change).items() if value is not None or name not in change
    }
    assert sign_in(client).status_code == 401
    assert not came_in(client) and not User.objects.filter(is_bot=False).exists()


def test_a_token_for_several_programs_may_name_this_one(client, company):
    company.change = lambda claims: claims | {"aud": ["roundtable", "another-program"], "azp": "roundtable"}
    assert sign_in(client).status_code == 302 and came_in(client)


@pytest.mark.parametrize("how", ["none", "hmac with the secret", "hmac with the public key", "another key", "broken"])
def test_a_token_that_the_issuer_did_not_sign_lets_nobody_in(client, company, how):
    honest = company.sign_with_key
    pem = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    public = company.keys[0].private.public_key().public_bytes(*pem)
    company.sign = {
        "none": in_plain,
        "hmac with the secret": lambda claims: jwt.encode(claims, company.secret * 8, "HS256"),
        "hmac with the public key": lambda claims: with_hmac(claims, public),
        "another key": lambda claims: jwt.encode(claims, _another_key(), "RS256", {"kid": "first"}),
        "broken": lambda claims: honest(claims)[:-8] + "AAAAAAAA",
    }[how]
    assert sign_in(client).status_code == 401 and not came_in(client)


def test_new_keys_of_an_issuer_are_fetched_when_they_are_met(client, company):
    assert sign_in(client).status_code == 302
    asked = company.asked.count("/keys")
    client.logout()
    assert sign_in(client).status_code == 302 and company.asked.count("/keys") == asked  # they are kept
    client.logout()
    company.rotate()
    metadata.keys_of(issuer_of(company))  # still the old ones
    for kept in metadata._metadata.values():
        kept.at -= metadata.AGAIN + 1
    assert sign_in(client).status_code == 302 and company.asked.count("/keys") == asked + 1


def test_unknown_keys_do_not_make_the_issuer_be_asked_over_and_over(client, company):
    sign_in(client)
    client.logout()
    asked = company.asked.count("/keys")
    company.sign = lambda claims: jwt.encode(claims, _another_key(), "RS256", {"kid": "unknown"})
    for _attempt in range(3):
        assert sign_in(client).status_code == 401
    assert company.asked.count("/keys") <= asked + 1


def test_an_answer_counts_once_and_in_the_browser_that_asked(client, company):
    location = immediately(address_on(begin(client)))
    assert back(Client(), location, str).status_code == 401
    assert back(client, location, str).status_code == 302
    client.logout()
    assert back(client, location, str).status_code == 401 and not came_in(client)


def test_an_answer_of_another_issuer_is_refused(client, company):
    location = immediately(address_on(begin(client)))
    wrong = location.replace("&iss=", "&iss=https%3A%2F%2Felsewhere.example.org&x=")
    assert back(client, wrong, str).status_code == 401 and not came_in(client)


def test_a_code_of_another_sign_in_is_refused(client, company):
    """Somebody puts their own code into the browser of another: PKCE and the nonce hold it to its own sign-in."""
    stranger = Client()
    theirs = immediately(address_on(begin(stranger)))
    mine = immediately(address_on(begin(client)))
    code = theirs.partition("code=")[2].partition("&")[0]
    forged = mine.replace(mine.partition("code=")[2].partition("&")[0], code)
    assert back(client, forged, str).status_code == 401 and not came_in(client)


def test_somebody_who_changes_their_mind_is_told_so(client, company):
    begin(client)
    page = client.get("/accounts/sso/with/company/callback/?error=access_denied&state=x")
    assert page.status_code == 403 and "You did not sign in with Company" in page.content.decode()


def test_an_issuer_that_is_away_is_not_waited_for_again_and_again(client, company):
    company.close()
    page = begin(client)
    assert page.status_code == 503 and "cannot be reached" in page.content.decode()
    started = time.monotonic()
    assert begin(client).status_code == 503
    assert "did not answer a moment ago" in str(_failure(lambda: metadata.of(issuer_of(company))))
    assert time.monotonic() - started < fetching.SECONDS


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"issuer": "https://elsewhere.example.org"}, "of another issuer"),
        ({"jwks_uri": 7}, "no jwks_uri"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "does not begin with https"),
        ({"x": "y" * fetching.MAX_BYTES}, "more than"),
    ],
)
def test_an_issuer_that_describes_itself_wrongly_is_refused(company, config, says):
    company.config = config
    assert says in str(_failure(lambda: metadata.of(issuer_of(company))))


def test_an_issuer_on_a_private_network_is_asked_only_where_the_operator_chose_it(company):
    fields = {"key": "x", "client_id": "y", "issuer": "https://127.0.0.1:1/realm"}
    assert "private network" in str(_failure(lambda: metadata.of(make_issuer(fields, private=False))))
    assert "private network" not in str(_failure(lambda: metadata.of(make_issuer(fields, private=True))))


def test_plain_http_is_for_this_machine_only(company):
    away = issuer_of(company)
    assert "https" in str(_failure(lambda: fetching.get(away, "http://192.0.2.1/")))


def test_algorithms_with_a_shared_secret_are_not_known():
    assert not [name for name in tokens.ALGORITHMS if name.startswith("HS") or name.lower() == "none"]


def _failure(act) -> IssuerAway:
    with pytest.raises(IssuerAway) as found:
        act()
    return found.value


def _another_key():
    return private_key("of a stranger")
