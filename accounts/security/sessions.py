"""The sessions of a person, as they are listed, and how they are ended: everything that ends with a session (sockets,
the browser's push messages) hears of it from access_revocation.py."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from ..device_names import name_of
from ..models import SignedInSession, User
from .authentication import get_session_users, session_digest
from .recent_use import MIN_WRITE_INTERVAL
from .session_store import SessionStore
from .session_use import Use

MOST = 100  # that are listed: those used last
_JUST_NOW = timedelta(seconds=2 * MIN_WRITE_INTERVAL)  # what is used all the time is stored as often

# user: receivers return the digests (authentication.session_digest) of the sessions whose browsers show push messages
push_wanted = Signal()


@dataclass(frozen=True, slots=True)
class Device:
    """A session in a list. id: None for the one that asks, before it is stored. created: None when it is not known."""

    id: int | None
    name: str
    network: str
    created: datetime | None
    last_used: datetime
    is_here: bool
    has_push: bool

    @property
    def is_active(self) -> bool:
        return self.last_used > timezone.now() - _JUST_NOW


def devices_of(user: User, key: str | None, use: Use | None = None) -> list[Device]:
    """Where this person is signed in: here first, then by their last use. key: of the session that asks, which is
    listed as `use` says as long as it has no row. Five queries."""
    rows = list(SignedInSession.objects.filter(user=user).order_by("-last_used")[:MOST])
    valid = get_session_users([row.session_key for row in rows])
    answers = push_wanted.send(User, user=user) if rows or key else []
    push = {digest for _receiver, found in answers for digest in found or ()}
    if key and use and not any(row.session_key == key for row in rows):
        now = timezone.now()
        rows.append(SignedInSession(session_key=key, agent=use.agent, network=use.network, last_used=now))
        valid[key] = user
    listed = [_device(row, key, push) for row in rows if row.session_key in valid]
    return sorted(listed, key=lambda device: not device.is_here)


def _device(row: SignedInSession, key: str | None, push: set[str]) -> Device:
    return Device(
        row.pk,
        name_of(row.agent),
        row.network,
        row.created,
        row.last_used,
        row.session_key == key,
        session_digest(row.session_key) in push,
    )


def end(user: User, session_id: int) -> bool:
    """Sign out there. False: there is no such session of theirs."""
    with transaction.atomic():
        row = SignedInSession.objects.select_for_update().filter(user=user, pk=session_id).first()
        if row is None:
            return False
        exists = SessionStore().exists(row.session_key)
        SessionStore().delete(row.session_key)
        row.delete()
    return exists


def end_others(user: User, key: str | None) -> int:
    """Sign out everywhere but in the session with this key. Returns how many ended."""
    with transaction.atomic():
        rows = SignedInSession.objects.select_for_update().filter(user=user).exclude(session_key=key or "")
        ended = 0
        for session in Session.objects.filter(session_key__in=[row.session_key for row in rows]):
            session.delete()
            ended += 1
        rows.delete()
    return ended


def export(user: User) -> dict[str, dict[str, Any]]:
    """By the session's key: what is kept of it."""
    return {
        row.session_key: {
            "browser": row.agent,
            "network": row.network,
            "signed_in": row.created,
            "last_used": row.last_used,
        }
        for row in SignedInSession.objects.filter(user=user)
    }
