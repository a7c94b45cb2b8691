"""Authenticates sockets and API calls by session or token. Read-only: nothing here writes or renews a session.

(`channels.auth.get_user` deletes the session when it was signed with one of SECRET_KEY_FALLBACKS, so opening a
socket during a key rotation would sign people out.)
"""

import hashlib
from collections.abc import Collection, Mapping

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from common.sql import placeholders

from ..models import Token, User
from ..scopes import Scope
from ..token_secrets import is_mistyped
from . import second_factor, session_use, token_use
from .session_store import SessionStore, is_well_formed_key

BATCH_SIZE = 500  # sessions or tokens in one query


def get_session_user(cookies: Mapping[str, str] | str | None) -> tuple[User, str] | None:
    """The user signed in with these cookies (or this session key), and the session's key. Two queries.

    None when the session is absent, expired or forged, the password has changed since, or the user was
    deactivated. Raises SecondFactorNeeded.
    """
    key = cookies if isinstance(cookies, str) else (cookies or {}).get(settings.SESSION_COOKIE_NAME)
    user = get_session_users([key]).get(key) if key else None
    return (_with_second_factor(user), key) if user and key else None


def get_session_users(keys: Collection[str]) -> dict[str, User]:
    """Session key → the user signed in with it; invalid keys are left out. Two queries in all.

    Whoever lacks a second factor is among them (second_factor.overdue).
    """
    data = _load_sessions(keys)
    users = User.objects.filter(is_active=True).in_bulk({session_user_id(values) for values in data.values()})
    found = {key: users.get(session_user_id(values)) for key, values in data.items()}
    return {key: user for key, user in found.items() if user and _has_valid_auth_hash(user, data[key])}


def get_token_user(secret: str | None) -> User | None:
    """The user whose token this is, with its `scope` and `only_rooms`; None when it is not valid. One query.

    Raises SecondFactorNeeded.
    """
    if not secret or not secret.isascii() or is_mistyped(secret):
        return None
    digest = Token.hash(secret)
    user = get_token_users([digest]).get(digest)
    return _with_second_factor(user) if user else None


def get_token_users(digests: Collection[str]) -> dict[str, User]:
    """`Token.hash` → the user whose token it is, with its `scope` and `only_rooms`; invalid ones are left out. One
    query.

    Whoever lacks a second factor is among them (second_factor.overdue).
    """
    found = {}
    for token in Token.objects.unexpired().filter(digest__in=digests, user__is_active=True).select_related("user"):
        if token.scope in Scope.values:  # else it is of a newer version
            token.user.scope = Scope(token.scope)
            token.user.only_rooms = None if token.only_rooms is None else frozenset(token.only_rooms)
            found[token.digest] = token.user
    token_use.record_use(found)
    return found


def parse_bearer(header: str | bytes | None) -> str | None:
    """The secret of an `Authorization: Bearer …` header; "" for another scheme, None without a header."""
    if header is None:
        return None
    text = header.decode("latin-1") if isinstance(header, bytes) else header
    scheme, _, secret = text.strip().partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def session_digest(key: str) -> str:
    """A hash that identifies a session outside this process. (Its key would let anybody sign in.)"""
    return hashlib.sha256(key.encode()).hexdigest()


def find_ended_sessions(sessions: Mapping[str, int]) -> set[str]:
    """The keys of those sessions (key → user id) that are no longer valid, or whose user lacks a second factor. Two
    queries for each BATCH_SIZE sessions."""
    return set(sessions) - {key for batch in _batches(list(sessions)) for key in _find_valid_sessions(batch, sessions)}


def find_ended_tokens(digests: Mapping[str, int]) -> set[str]:
    """The same for tokens (`Token.hash` → user id): those revoked or expired, or whose user was deactivated."""
    valid: set[str] = set()
    for batch in _batches(list(digests)):
        rows = Token.objects.unexpired().filter(digest__in=batch, user__is_active=True).select_related("user")
        tokens = list(rows.only("digest", *(f"user__{name}" for name in second_factor.FIELDS)))
        late = second_factor.overdue(token.user for token in tokens)
        valid |= {token.digest for token in tokens if token.user_id not in late}
    return set(digests) - valid


def recheck(accesses: Mapping[tuple[str, str], User]) -> set[tuple[str, str]]:
    """Those of these accesses, ("session", key) or ("token", digest), that are still valid. Three queries at most.

    accesses: access → user, all authenticated a moment ago. In that time a session can only have been deleted, a token
    revoked, or a user deactivated or given another password. So sessions need not be decoded, and with SQL by hand a
    thousand connections can be rechecked at once.
    """
    ids = {user.id for user in accesses.values()}
    keys: dict[str, list[str]] = {kind: [] for kind in _SELECT_EXISTING}
    for kind, key in accesses:
        keys[kind].append(key)
    passwords = dict(_select_in("SELECT id, password FROM accounts_user WHERE is_active AND id", ids))
    found = {(kind, row[0]) for kind, sql in _SELECT_EXISTING.items() for row in _select_in(sql, keys[kind])}
    # A new password ends sessions, but not tokens.
    kept = {each for each, user in accesses.items() if passwords.get(user.id) == user.password or each[0] == "token"}
    return {access for access in kept & found if accesses[access].id in passwords}


_SELECT_EXISTING = {
    "session": "SELECT session_key FROM django_session WHERE session_key",
    "token": "SELECT digest FROM accounts_token WHERE digest",
}


def session_user_id(values: Mapping) -> int | None:
    """The id of the user signed in, from a session's decoded values; None when nobody is."""
    id = str(values.get(SESSION_KEY, ""))
    return int(id) if id.isdecimal() else None


def _with_second_factor(user: User) -> User:
    if second_factor.is_overdue(user):
        raise second_factor.SecondFactorNeeded
    return user


def _find_valid_sessions(keys: list[str], sessions: Mapping[str, int]) -> list[str]:
    data = _load_sessions(keys)
    user_ids = {sessions[key] for key in keys}
    users = User.objects.filter(pk__in=user_ids, is_active=True).only("password", *second_factor.FIELDS).in_bulk()
    late = second_factor.overdue(users.values())
    valid = [
        key
        for key, values in data.items()
        if (user := users.get(sessions[key]))
        and user.pk not in late
        and session_user_id(values) == user.pk
        and _has_valid_auth_hash(user, values)
    ]
    session_use.record_keys(valid)
    return valid


def _load_sessions(keys: Collection[str]) -> dict[str, dict]:
    """Session key → its decoded values, of the sessions that have not expired and have a user."""
    keys = [key for key in keys if is_well_formed_key(key)]
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    store = SessionStore()
    found = {key: store.decode(data) for key, data in rows.values_list("session_key", "session_data")}
    return {key: values for key, values in found.items() if session_user_id(values)}


def _has_valid_auth_hash(user: User, values: dict) -> bool:
    """Whether the session's hash fits the current password, signed by SECRET_KEY or one of its fallbacks."""
    if values.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    given = str(values.get(HASH_SESSION_KEY, ""))
    return any(constant_time_compare(given, hash) for hash in _auth_hashes(user))


def _auth_hashes(user: User):
    yield user.get_session_auth_hash()
    yield from user.get_session_auth_fallback_hash()


def _select_in(sql: str, values: Collection) -> list[tuple]:
    """Run `sql`, which ends with a column's name, for the rows in which that column has one of these values."""
    if not values:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} IN ({placeholders(values)})", [*values])
        return cursor.fetchall()


def _batches(items: list, size: int = BATCH_SIZE) -> list[list]:
    return [items[at : at + size] for at in range(0, len(items), size)]
