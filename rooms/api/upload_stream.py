"""Writes the files of a request to disk, piece by piece, before Django sees it.

Django reads a whole body before the view checks who sent it. Here the sender and their rights are checked first: if
they may not send files, the body is ignored, and Django answers an empty request. Otherwise a few separate threads
write the files, and Django gets the form without them. Files that no view has kept are deleted at the end.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http.cookie import parse_cookie

from accounts.models import User
from accounts.scopes import Scope
from accounts.security import authentication, second_factor
from files.receiving import BadForm, FileTooLarge, FormReceiver, NoSpace, TooManyFiles

from ..kernel import rate_limits
from ..kernel.db_executor import DATABASE_AWAY, run_db
from ..kernel.errors import ChatError, unavailable
from ..kernel.uploads import FIELDS_SIZE, MIB, SCOPE_KEY, Received, Target, content_type, target_of
from ..services import token_rooms
from ..services.file_quotas import Space, space_left
from ..services.membership import get_visible_room
from ..services.token_scopes import check_scope
from .upload_pace import pace
from .upload_preparation import prepare

logger = logging.getLogger(__name__)

PIECE = 256 * 1024  # bytes handed to a thread at once
THREADS = 2  # of a process, for parsing, hashing and writing
MAX_AT_ONCE, MAX_AT_ONCE_OF_PERSON = 200, 12  # of a process: people who upload, uploads of one person

Receive = Callable[[], Awaitable[dict]]
_running: Counter[int] = Counter()  # by user id


class Disconnected(Exception):
    """The client has closed the connection."""


def take_uploads(app):
    """Wrap an ASGI application."""

    async def serve(scope, receive: Receive, send) -> None:
        target = target_of(scope["method"], scope["path"], scope["headers"]) if scope["type"] == "http" else None
        if target is None or target.piece_of is not None:
            await app(scope, receive, send)
            return
        try:
            admitted = await run_db(_admit, dict(scope["headers"]), target)
        except (ChatError, *DATABASE_AWAY) as error:
            # The view finds the reason again. If the database is back by then, it must not report a missing file.
            nothing = Received(error=None if isinstance(error, ChatError) else unavailable())
            await app(passed_on(scope, b"", nothing), rest(receive, b""), send)
            return
        async with _receive_form(scope, receive, target, admitted) as received:
            if received:
                body = urlencode(received.fields).encode() if target.is_page else b""
                await app(passed_on(scope, body, received), rest(receive, body), send)

    return serve


@dataclass(frozen=True, slots=True)
class _Admitted:
    """refusal: why this person may not send files just now."""

    user_id: int
    space: Space
    refusal: ChatError | None = None


def _admit(headers: dict[bytes, bytes], target: Target) -> _Admitted:
    """Raises ChatError when the sender may not send files there at all."""
    user = sender(headers)
    check_scope(user, Scope.WRITE)
    token_rooms.check(user, target.room)
    room = None if target.room is None else get_visible_room(user.id, target.room)
    space = space_left(user.id, room.pk if room else None)
    announced = int(headers.get(b"content-length", b"0")) - FIELDS_SIZE
    if announced > space.bytes or space.bytes <= 0:
        return _Admitted(user.id, space, space.refusal)
    try:
        rate_limits.check_upload(user.id)
    except ChatError as error:
        return _Admitted(user.id, space, error)
    return _Admitted(user.id, space)


def sender(headers: dict[bytes, bytes]) -> User:
    """The person of the token, or else of the session. Asks the database.

    Raises ChatError: sign_in_needed, second_factor_needed.
    """
    try:
        user = _find_sender(headers)
    except second_factor.SecondFactorNeeded:
        raise ChatError("second_factor_needed") from None
    if user is None:
        raise ChatError("sign_in_needed")
    return user


def _find_sender(headers: dict[bytes, bytes]) -> User | None:
    secret = authentication.parse_bearer(headers.get(b"authorization"))
    if secret is not None:
        return authentication.get_token_user(secret)
    found = authentication.get_session_user(parse_cookie(headers.get(b"cookie", b"").decode("latin-1")))
    return found[0] if found else None


def running() -> int:
    """How many uploads of this process there are."""
    return _running.total()


def busy(user_id: int) -> ChatError | None:
    """The refusal when this person, or the process, has too many uploads at once; None: there is room."""
    busy = _running[user_id] >= MAX_AT_ONCE_OF_PERSON or len(_running) >= MAX_AT_ONCE
    return ChatError("too_many_uploads", 5, seconds=5) if busy else None


@asynccontextmanager
async def _receive_form(
    scope: dict, receive: Receive, target: Target, admitted: _Admitted
) -> AsyncIterator[Received | None]:
    """What has arrived; None when the client has disconnected. A page that is refused still gets its form's fields, to
    show the text again."""
    receiver: FormReceiver | None = None
    refusal = admitted.refusal or busy(admitted.user_id)
    received: Received | None = Received(error=refusal)
    try:
        if refusal is None or target.is_page:
            receiver = FormReceiver(
                content_type(scope["headers"]).decode("latin-1"),
                max_size=target.max_size,
                max_total=admitted.space.bytes,
                max_files=target.max_files,
                keep_files=refusal is None,
                reads_on=target.is_page,
            )
            with counted(admitted.user_id):
                await _read(receive, receiver)
                error = refusal or (_error(receiver.problem, target, admitted) if receiver.problem else None)
                error = error or await prepare(receiver.files, target)
            received = Received([] if error else receiver.files, receiver.fields, error)
    except Disconnected:
        received = None
    except (BadForm, FileTooLarge, TooManyFiles, NoSpace, OSError) as error:
        received = Received(error=_error(error, target, admitted))
        if receiver:
            await in_thread(receiver.discard)
    try:
        yield received
    finally:
        if receiver:
            await in_thread(receiver.discard)


@contextmanager
def counted(user_id: int) -> Iterator[None]:
    """Counts an upload for `busy` as long as it lasts."""
    _running[user_id] += 1
    try:
        yield
    finally:
        _running[user_id] -= 1
        if not _running[user_id]:
            del _running[user_id]


async def _read(receive: Receive, receiver: FormReceiver) -> None:
    async for piece in body_pieces(receive):
        await in_thread(receiver.feed, piece)
    await in_thread(receiver.finish)


async def body_pieces(receive: Receive) -> AsyncIterator[bytes]:
    """The body of a request in pieces of at least PIECE bytes, but the last, no faster than `pace` allows.

    When the client disconnects, it yields what has arrived and then raises Disconnected.
    """
    waiting, more, message = bytearray(), True, {}
    while more:
        message = await receive()
        waiting += message.get("body", b"")
        more = message.get("more_body", False)
        if len(waiting) >= PIECE or not more:
            piece = bytes(waiting)
            waiting.clear()
            yield piece
            await pace.keep(len(piece), running())
    if message["type"] == "http.disconnect":
        raise Disconnected


def _error(error: Exception, target: Target, admitted: _Admitted) -> ChatError:
    if isinstance(error, NoSpace):
        return admitted.space.refusal
    if isinstance(error, FileTooLarge):
        return ChatError("file_too_large", limit=target.max_size // MIB)
    if isinstance(error, TooManyFiles):
        return ChatError("too_many_files", limit=target.max_files)
    if isinstance(error, BadForm):
        return ChatError("form_unreadable")
    logger.error("a file cannot be stored: %s", error)
    return ChatError("file_store_away", 30)


def passed_on(scope: dict, body: bytes, received: Received) -> dict:
    """The ASGI scope of the request as Django gets it: with this body as a form, and with the received files."""
    dropped = (b"content-type", b"content-length", b"transfer-encoding")
    headers = [each for each in scope["headers"] if each[0] not in dropped]
    headers += [(b"content-type", b"application/x-www-form-urlencoded"), (b"content-length", b"%d" % len(body))]
    return {**scope, "headers": headers, SCOPE_KEY: received}


def rest(receive: Receive, body: bytes) -> Receive:
    """A `receive` that gives this body and then waits for the disconnect. It drops everything else that is sent."""
    waiting = [body]

    async def receive_rest() -> dict:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        while (message := await receive())["type"] != "http.disconnect":
            pass
        return message

    return receive_rest


async def in_thread(function: Callable[..., Any], *args: Any) -> Any:
    """Read or write files on separate threads, so that a slow disk does not hold up database work."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), function, *args)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, "uploads")
