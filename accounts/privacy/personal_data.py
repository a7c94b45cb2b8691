"""What an account itself holds about its owner, to be handed out: no password, no hash, no secret of a token or of a
second factor."""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.utils import timezone

from ..models import User
from ..security.authentication import user_id_of
from ..security.session_store import SessionStore

PORTION = 500  # sessions in one query


def account_of(user: User) -> dict:
    return {
        "id": user.pk,
        "user_name": user.username,
        "email": user.email,
        "status": user.status,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "joined": user.date_joined,
        "last_sign_in": user.last_login,
        "is_active": user.is_active,
        "is_staff": user.is_staff,
    }


def tokens_of(user: User) -> Iterator[dict]:
    for token in user.tokens.order_by("pk"):
        yield {
            "name": token.name,
            "begins_with": token.prefix,
            "scope": token.scope,
            "created": token.created,
            "expires": token.expires,
            "last_used": token.last_used,
        }


def second_factors_of(user: User) -> Iterator[dict]:
    for factor in Authenticator.objects.filter(user=user).order_by("pk"):
        yield {"type": factor.type, "created": factor.created_at, "last_used": factor.last_used_at}


def signed_in_of(user: User) -> Iterator[dict | None]:
    """The browsers in which this person is signed in; None after each PORTION of everybody's sessions."""
    last = ""
    while sessions := sessions_after(last):
        last = sessions[-1].session_key
        for session in sessions:
            if session.expire_date > timezone.now() and owner_of(session) == user.pk:
                yield {"valid_until": session.expire_date}
        yield None


def sessions_after(key: str) -> list[Session]:
    """The next PORTION sessions, in the order of their keys."""
    return list(Session.objects.filter(session_key__gt=key).order_by("session_key")[:PORTION])


def owner_of(session: Session) -> int | None:
    """The id of whoever is signed in with it. A session says that only inside its data."""
    return user_id_of(SessionStore().decode(session.session_data))
