"""Who is at the other end of a socket or an API call. Reads only: nothing here writes or renews a session.

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
from . import token_use
from .session_store import SessionStore, could_be_key

AT_ONCE = 500  # sessions looked up in one query


def user_of_session(cookies: Mapping[str, str] | str | None) -> tuple[User, str] | None:
    """The person signed in with these cookies (or this session key), and the session's key. Two queries.

    None when the session is absent, expired or forged, the password has changed since, or the person was
    deactivated.
    """
    key = cookies if isinstance(cookies, str) else (cookies or {}).get(settings.SESSION_COOKIE_NAME)
    user = users_of_sessions([key]).get(key) if key else None
    return (user, key) if user and key else None


def users_of_sessions(keys: Collection[str]) -> dict[str, User]:
    """Session key → the person signed in with it, of those that stand. Two queries for all."""
    data = _sessions(keys)
    people = User.objects.filter(is_active=True).in_bulk({user_id_of(values) for values in data.values()})
    found = {key: people.get(user_id_of(values)) for key, values in data.items()}
    return {key: user for key, user in found.items() if user and _opened_by(user, data[key])}


def user_of_token(secret: str | None) -> User | None:
    """The person whose token this is. One query."""
    if not secret or not secret.isascii():
        return None
    digest = Token.hash(secret)
    return users_of_tokens([digest]).get(digest)


def users_of_tokens(digests: Collection[str]) -> dict[str, User]:
    """`Token.hash` → the person whose token it is, with the token's `scope`. One query."""
    found = {}
    for token in Token.objects.live().filter(digest__in=digests, user__is_active=True).select_related("user"):
        token.user.scope = Scope(token.scope)
        found[token.digest] = token.user
    token_use.note(found)
    return found


def bearer(header: str | bytes | None) -> str | None:
    """The secret in an `Authorization: Bearer …` header; "" when the header is of another kind, None without one."""
    if header is None:
        return None
    text = header.decode("latin-1") if isinstance(header, bytes) else header
    scheme, _, secret = text.strip().partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def session_digest(key: str) -> str:
    """How a session is named outside this process: by a hash, since its key signs in."""
    return hashlib.sha256(key.encode()).hexdigest()


def ended_sessions(sessions: Mapping[str, int]) -> set[str]:
    """Of sessions (key → user id) that were good once, the keys that no longer are. For a recheck of many at a time.

    Two queries for each 500.
    """
    return set(sessions) - {key for some in _portions(list(sessions)) for key in _valid_of(some, sessions)}


def ended_tokens(digests: Mapping[str, int]) -> set[str]:
    """The same for tokens, named by `Token.hash`: those revoked or expired, or of people deactivated."""
    return set(digests) - {
        digest
        for some in _portions(list(digests))
        for digest in Token.objects.live()
        .filter(digest__in=some, user__is_active=True)
        .values_list("digest", flat=True)
    }


def still_standing(shown: Mapping[tuple[str, str], User]) -> set[tuple[str, str]]:
    """Of what let these people in a moment ago, ("session", key) or ("token", digest), that which still would.

    SQL by hand, and nothing is decoded: a thousand people may come at once, and in a moment a session can only have
    been deleted, a token revoked, a person deactivated or given another password.
    """
    ids = {user.id for user in shown.values()}
    keys: dict[str, list[str]] = {kind: [] for kind in _KEPT}
    for kind, key in shown:
        keys[kind].append(key)
    people = dict(_rows("SELECT id, password FROM accounts_user WHERE is_active AND id", ids))
    found = {(kind, row[0]) for kind, sql in _KEPT.items() for row in _rows(sql, keys[kind])}
    # A new password ends sessions, and no token.
    kept = {access for access, user in shown.items() if people.get(user.id) == user.password or access[0] == "token"}
    return {access for access in kept & found if shown[access].id in people}


_KEPT = {
    "session": "SELECT session_key FROM django_session WHERE session_key",
    "token": "SELECT digest FROM accounts_token WHERE digest",
}


def user_id_of(values: Mapping) -> int | None:
    """Whose session it is, from its decoded values; None for a visitor's."""
    id = str(values.get(SESSION_KEY, ""))
    return int(id) if id.isdecimal() else None


def _valid_of(keys: list[str], sessions: Mapping[str, int]) -> list[str]:
    data = _sessions(keys)
    wanted = {sessions[key] for key in keys}
    people = User.objects.filter(pk__in=wanted, is_active=True).only("password").in_bulk()
    return [
        key
        for key, values in data.items()
        if (user := people.get(sessions[key])) and user_id_of(values) == user.pk and _opened_by(user, values)
    ]


def _sessions(keys: Collection[str]) -> dict[str, dict]:
    """Session key → its values, of those that are live and somebody's."""
    keys = [key for key in keys if could_be_key(key)]
    live = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    store = SessionStore()
    found = {key: store.decode(data) for key, data in live.values_list("session_key", "session_data")}
    return {key: values for key, values in found.items() if user_id_of(values)}


def _opened_by(user: User, values: dict) -> bool:
    """Whether the session was opened with the password that the user has now, signed by a key that still counts."""
    if values.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return False
    given = str(values.get(HASH_SESSION_KEY, ""))
    return any(constant_time_compare(given, hash) for hash in _auth_hashes(user))


def _auth_hashes(user: User):
    yield user.get_session_auth_hash()
    yield from user.get_session_auth_fallback_hash()


def _rows(sql: str, values: Collection) -> list[tuple]:
    """The rows of a query that ends with a column: those where it has one of these values."""
    if not values:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} IN ({placeholders(values)})", [*values])
        return cursor.fetchall()


def _portions(items: list, size: int = AT_ONCE) -> list[list]:
    return [items[at : at + size] for at in range(0, len(items), size)]
