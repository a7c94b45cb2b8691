"""Writes entries of the audit log, in the transaction of the act itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

from .acts import ACTS
from .chain import try_to_seal
from .models import Entry

_is_part: ContextVar[bool] = ContextVar("audit_is_part", default=False)
_request: ContextVar[HttpRequest | None] = ContextVar("audit_request", default=None)


def record(act: str, *, actor: int | None, person: int | None = None, room: int | None = None, **params: Any) -> None:
    """Record an act in the caller's transaction, so that neither the act nor its entry exists without the other.

    act: a key of ACTS; params: the other parameters of its sentence, as JSON values. actor, person and room: ids;
    actor None: a command or regular work. Raises KeyError and TypeError for anything else, and RuntimeError
    outside a transaction.
    """
    if _is_part.get():
        return
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{act} was recorded outside a transaction")
    named = {name: value for name, value in (("person", person), ("room", room)) if value is not None}
    ACTS[act].check(act, params | named)
    entry = Entry.objects.create(act=act, actor=actor, person=person, room=room, params=params)
    transaction.on_commit(partial(try_to_seal, entry), robust=True)


@contextmanager
def one_act(act: str, **fields: Any) -> Iterator[None]:
    """Record one act for all that is done within the block, which then writes no other entries."""
    record(act, **fields)
    token = _is_part.set(True)
    try:
        yield
    finally:
        _is_part.reset(token)


def current_actor(default: int | None = None) -> int | None:
    """The id of the person who made the current request, for signal handlers.

    None: a command or regular work. default: returned for a request without sign-in, such as one with a link from a
    mail.
    """
    request = _request.get()
    if request is None:
        return None
    user = getattr(request, "user", None)
    return user.pk if user is not None and user.is_authenticated else default


@sync_and_async_middleware
def actor_middleware(get_response: Callable) -> Callable:
    """Remembers the request for `current_actor`. Comes after AuthenticationMiddleware; makes no query."""
    if iscoroutinefunction(get_response):

        async def async_middleware(request: HttpRequest) -> HttpResponse:
            token = _request.set(request)
            try:
                return await get_response(request)
            finally:
                _request.reset(token)

        return async_middleware

    def middleware(request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            return get_response(request)
        finally:
            _request.reset(token)

    return middleware
