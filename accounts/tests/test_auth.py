"""Who is behind a session or a token; and nothing is written to find out."""

from datetime import timedelta

import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.http.cookie import parse_cookie
from django.utils import timezone

from accounts.models import Token
from accounts.security import authentication
from accounts.security.session_store import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(client, alice):
    """The key of a session in which alice is signed in."""
    client.force_login(alice)
    return client.session.session_key


def test_a_session_is_its_person(session, alice, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert authentication.get_session_user(session) == (alice, session)
    assert authentication.get_session_user({"sessionid": session, "theme": "dark"}) == (alice, session)


@pytest.mark.parametrize("nothing", [None, "", {}, {"sessionid": ""}, "unknown", {"other": "x"}, "' OR 1=1 --"])
def test_no_session_is_nobody(session, nothing):
    assert authentication.get_session_user(nothing) is None


NO_KEYS = ['"\\000abcdefghij"', '"\\355\\240\\200abcdefgh"', "\xff\xfeabcdefgh", "ABCDEFGHIJKL", "short", "x" * 41]


@pytest.mark.parametrize("cookie", NO_KEYS)
def test_what_cannot_be_a_key_is_not_looked_for(cookie, session, alice, django_assert_num_queries):
    """PostgreSQL would raise on a NUL."""
    key = parse_cookie(f"sessionid={cookie}")["sessionid"]
    with django_assert_num_queries(0):
        assert authentication.get_session_user(key) is None
    with django_assert_num_queries(2):
        assert authentication.get_session_users([key, session]) == {session: alice}
    assert authentication.find_ended_sessions({key: alice.id, session: alice.id}) == {key}


@pytest.mark.parametrize("cookie", NO_KEYS)
@pytest.mark.parametrize(("path", "status"), [("/accounts/profile/", 302), ("/accounts/login/", 200)])
def test_a_page_takes_it_for_no_session(client, alice, cookie, path, status, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(path, headers={"Cookie": f"sessionid={cookie}"})
    assert answer.status_code == status


def test_a_visitors_session_is_nobody(client, db):
    visitor = client.session
    visitor["seen"] = True
    visitor.save()
    assert authentication.get_session_user(visitor.session_key) is None


def test_an_expired_session_is_nobody(session):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert authentication.get_session_user(session) is None


def test_a_session_with_forged_or_foreign_values_is_nobody(session, settings):
    Session.objects.update(session_data="bm90aGluZzpvZjppbnRlcmVzdA==")
    assert authentication.get_session_user(session) is None
    settings.SECRET_KEY = "another"
    store = SessionStore(session)
    store.update({"_auth_user_id": "1", "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0]})
    store.save()
    settings.SECRET_KEY = "only-for-tests"
    assert authentication.get_session_user(session) is None


@pytest.mark.parametrize("value", ["", "wrong", None])
def test_a_session_without_the_hash_of_the_password_is_nobody(client, session, value):
    store = client.session
    store[HASH_SESSION_KEY] = value
    store.save()
    assert authentication.get_session_user(session) is None


def test_a_session_of_a_way_to_sign_in_that_is_gone_is_nobody(session, settings):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.RemoteUserBackend"]
    assert authentication.get_session_user(session) is None


def test_another_password_or_deactivation_ends_every_session(session, alice):
    alice.is_active = False
    alice.save()
    assert authentication.get_session_user(session) is None
    alice.is_active = True
    alice.set_password("something else")
    alice.save()
    assert authentication.get_session_user(session) is None


def test_a_key_rotation_with_fallbacks_keeps_the_session_and_writes_nothing(session, alice, settings):
    before = Session.objects.values().get()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the new key"
    assert authentication.get_session_user(session) == (alice, session)
    assert authentication.find_ended_sessions({session: alice.id}) == set()
    assert Session.objects.values().get() == before
    settings.SECRET_KEY_FALLBACKS = []
    assert authentication.get_session_user(session) is None


def test_a_token_is_its_person_until_revoked(alice, django_assert_num_queries):
    token, secret = Token.issue(alice, "script")
    with django_assert_num_queries(1):
        assert authentication.get_token_user(secret) == alice
    assert secret not in str(Token.objects.values().get())
    token.delete()
    assert authentication.get_token_user(secret) is None


@pytest.mark.parametrize("nothing", [None, "", "rt_wrong", "ä", "x" * 10_000])
def test_no_token_is_nobody(alice, nothing):
    Token.issue(alice, "script")
    assert authentication.get_token_user(nothing) is None


def test_a_token_of_somebody_deactivated_is_nobody(make_user):
    token, secret = Token.issue(make_user("dora", is_active=False), "script")
    assert authentication.get_token_user(secret) is None
    assert authentication.find_ended_tokens({token.digest: token.user_id}) == {token.digest}


@pytest.mark.parametrize(
    ("header", "secret"),
    [
        (None, None),
        ("Bearer abc", "abc"),
        (b"bearer  abc ", "abc"),
        ("Basic YTpi", ""),
        ("", ""),
        ("Bearer", ""),
        ("abc", ""),
    ],
)
def test_what_an_authorization_header_holds(header, secret):
    assert authentication.parse_bearer(header) == secret


def test_many_sessions_are_rechecked_in_two_queries(make_user, client, django_assert_num_queries):
    keys = {}
    for name in ("alice", "bob", "charlie", "dora"):
        user = make_user(name)
        client.logout()
        client.force_login(user)
        store = SessionStore()
        store.update(client.session.items())
        store.create()
        keys[store.session_key] = user.id
    first, second, third, _fourth = keys
    Session.objects.filter(session_key=first).delete()
    user = make_user("bob", is_active=False)
    assert keys[second] == user.id
    make_user("charlie").set_password("new")
    third_user = make_user("charlie")
    third_user.set_password("new one")
    third_user.save()
    with django_assert_num_queries(2):
        assert authentication.find_ended_sessions(keys) == {first, second, third}
    assert authentication.find_ended_sessions({}) == set()


def test_a_session_that_became_somebody_elses_has_ended(session, alice, bob):
    assert authentication.find_ended_sessions({session: bob.id}) == {session}


def test_more_sessions_than_fit_one_query_are_checked_in_portions(session, alice, monkeypatch):
    monkeypatch.setattr(authentication, "BATCH_SIZE", 2)
    others = {f"gone{number}": alice.id for number in range(5)}
    assert authentication.find_ended_sessions({session: alice.id, **others}) == set(others)
    tokens = {Token.issue(alice, str(number))[0].digest: alice.id for number in range(5)}
    assert authentication.find_ended_tokens({**tokens, "gone": alice.id}) == {"gone"}


def test_many_at_the_door_are_known_in_few_queries(make_user, client, django_assert_num_queries):
    keys, tokens = {}, {}
    for name in ("alice", "bob", "charlie"):
        user = make_user(name)
        store = SessionStore()
        client.force_login(user)
        store.update(client.session.items())
        store.create()
        keys[store.session_key], tokens[Token.issue(user, "x")[0].digest] = user, user
        client.logout()
    with django_assert_num_queries(2):
        assert authentication.get_session_users([*keys, "unknown", ""]) == keys
    with django_assert_num_queries(1):
        assert authentication.get_token_users([*tokens, "unknown"]) == tokens
    alice = make_user("alice", is_active=False)
    assert alice not in authentication.get_session_users(keys).values()
    assert alice not in authentication.get_token_users(tokens).values()
