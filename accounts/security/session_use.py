"""Stores in which browser each session is signed in, from which network, and when it was last used.

A session that begins or gets a new key in a request is stored with that request, which writes the session itself as
well. Later uses are recorded in memory, and stored by a periodic task of the web process (recent_use.py).
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import sync_and_async_middleware
from django.utils.functional import LazyObject, empty

from ..models import SignedInSession, User
from ..plain_text import clean_line
from ..session_rows import MAX_AGENT
from .client_addresses import network_of, request_address_block
from .recent_use import MIN_WRITE_INTERVAL, RecentUse

logger = logging.getLogger(__name__)

BATCH_SIZE = 500  # sessions in one statement


@dataclass(frozen=True, slots=True)
class Use:
    """Of a session by a request."""

    user_id: int
    agent: str
    network: str


_used: RecentUse[Use | None] = RecentUse()  # by session key; None: by a socket, whose session has a row


def record_keys(keys: Iterable[str]) -> None:
    """Record that these sessions were used just now, by sockets."""
    _used.record(dict.fromkeys(keys))


def flush() -> int:
    """Store the uses recorded since the last call. Returns how many."""
    taken = sorted(_used.take().items())  # in one order, so that processes do not wait for each other
    for at in range(0, len(taken), BATCH_SIZE):
        batch = dict(taken[at : at + BATCH_SIZE])
        _store({key: use for key, use in batch.items() if use}, created=None)
        _store_time([key for key, use in batch.items() if use is None])
    return len(taken)


@sync_and_async_middleware
def session_use_middleware(get_response):
    """Stands before Django's sessions: it sees the key that a session has when it was saved."""
    if iscoroutinefunction(get_response):

        async def async_middleware(request: HttpRequest) -> HttpResponse:
            response = await get_response(request)
            if key := _key_to_note(request):
                await sync_to_async(_note)(request, key)
            return response

        return async_middleware

    def sync_middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if key := _key_to_note(request):
            _note(request, key)
        return response

    return sync_middleware


def use_of(request: HttpRequest) -> Use:
    agent = clean_line(request.headers.get("User-Agent", ""))[:MAX_AGENT]
    return Use(cast(int, request.user.pk), agent, network_of(request_address_block(request)))


def _key_to_note(request: HttpRequest) -> str | None:
    """The key of the request's session, if a use of it is to be stored and the view has loaded who uses it."""
    session, user = getattr(request, "session", None), getattr(request, "user", None)
    key = session.session_key if session is not None else None
    if not key or not _used.is_due(key):
        return None
    if user is None or (isinstance(user, LazyObject) and user._wrapped is empty):
        return None
    return key if user.is_authenticated else None


def _note(request: HttpRequest, key: str) -> None:
    if key == request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        _used.record({key: use_of(request)})
        return
    try:
        _store({key: use_of(request)}, created=timezone.now())
    except (DatabaseError, InterfaceError):  # the next request notes it
        logger.warning("where a session is signed in could not be stored", exc_info=True)


def _store(uses: Mapping[str, Use], created: datetime | None) -> None:
    """Of those sessions that still exist, and people who do."""
    if not uses:
        return
    now = timezone.now()
    keys = set(Session.objects.filter(session_key__in=uses, expire_date__gt=now).values_list("session_key", flat=True))
    people = set(User.objects.filter(pk__in={use.user_id for use in uses.values()}).values_list("pk", flat=True))
    rows = [
        SignedInSession(
            session_key=key, user_id=use.user_id, agent=use.agent, network=use.network, created=created, last_used=now
        )
        for key, use in uses.items()
        if key in keys and use.user_id in people
    ]
    changed = ["agent", "network", "last_used"]
    SignedInSession.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["session_key"], update_fields=changed
    )


def _store_time(keys: list[str]) -> None:
    now = timezone.now()
    stale = now - timedelta(seconds=MIN_WRITE_INTERVAL)  # other processes write too
    SignedInSession.objects.filter(session_key__in=keys, last_used__lt=stale).update(last_used=now)
