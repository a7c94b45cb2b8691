"""What an account holds about its owner, for the export. Without passwords, hashes and secrets."""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.utils import timezone

from .. import token_places
from ..models import User
from ..outgoing_mail import RefusedAddress
from ..preferences import preferences_of
from ..security.authentication import session_user_id
from ..security.session_store import SessionStore
from ..security.sessions import export as sessions_of

BATCH_SIZE = 500  # sessions in one query


def export_account(user: User) -> dict:
    """The account and its preferences. Each key has a label in rooms/privacy/labels.py or personal_data_archive.py."""
    return {
        "id": user.pk,
        "user_name": user.username,
        "display_name": user.display_name,
        "email": user.email,
        "email_refused": RefusedAddress.objects.filter(email=user.email).values_list("since", flat=True).first(),
        "status": user.status,
        "status_emoji": user.status_emoji,
        "status_until": user.status_until,
        "availability": user.availability,
        "time_zone": user.time_zone,
        **preferences_of(user).as_dict(),
        "first_name": user.first_name,
        "last_name": user.last_name,
        "joined": user.date_joined,
        "last_sign_in": user.last_login,
        "second_factor_due": user.second_factor_due,
        "is_active": user.is_active,
        "is_staff": user.is_staff,
        "server_role": user.role.value,
    }


def export_tokens(user: User) -> Iterator[dict]:
    """One dict a token, without its secret. rooms: only when it is for some, by their titles."""
    rooms = token_places.rooms_of(user)
    for token in user.tokens.order_by("pk"):
        yield {
            "name": token.name,
            "begins_with": token.prefix,
            "scope": token.scope,
            **({"rooms": token_places.titles_of(token, rooms)} if token.only_rooms is not None else {}),
            "created": token.created,
            "expires": token.end,
            "last_used": token.last_used,
        }


def export_second_factors(user: User) -> Iterator[dict]:
    """One dict a second factor, without its secret."""
    for factor in Authenticator.objects.filter(user=user).order_by("pk"):
        yield {"type": factor.type, "created": factor.created_at, "last_used": factor.last_used_at}


def export_connections(user: User) -> Iterator[dict]:
    """One dict an account elsewhere by which the person signs in."""
    for account in SocialAccount.objects.filter(user=user).order_by("pk"):
        yield {
            "issuer": account.provider,
            "subject": account.uid,
            "known_as": account.extra_data.get("label", ""),
            "created": account.date_joined,
            "last_used": account.last_login,
        }


def export_sessions(user: User) -> Iterator[dict | None]:
    """Yield the user's sessions, and None after each BATCH_SIZE of all users' sessions."""
    last, known = "", sessions_of(user)
    while sessions := get_sessions_after(last):
        last = sessions[-1].session_key
        for session in sessions:
            if session.expire_date > timezone.now() and session_owner_id(session) == user.pk:
                yield {"valid_until": session.expire_date, **known.get(session.session_key, {})}
        yield None


def get_sessions_after(key: str) -> list[Session]:
    """The next BATCH_SIZE sessions of all users, ordered by key."""
    return list(Session.objects.filter(session_key__gt=key).order_by("session_key")[:BATCH_SIZE])


def session_owner_id(session: Session) -> int | None:
    """The id of the user signed in, which is only in the session's encoded data."""
    return session_user_id(SessionStore().decode(session.session_data))
