"""Writes the body of a tus PATCH request to disk as it arrives, before Django sees the request.

Rights are checked first, as in upload_stream.py. When the connection breaks, the bytes that have arrived are kept, and
the next request continues after them. With the last byte the file is complete, and is prepared like any other.
"""

import logging
import shutil
from dataclasses import dataclass
from io import BytesIO

from django.core.handlers.asgi import ASGIRequest

from accounts.scopes import Scope
from accounts.security.authentication import parse_bearer
from files import partial
from files.incoming import IncomingFile

from ..kernel.db_executor import DATABASE_AWAY, run_db
from ..kernel.errors import ChatError, unavailable
from ..kernel.protocol import whole_number
from ..kernel.uploads import Received, Target, target_of
from ..models import PartialUpload
from ..services import resumable
from ..services.token_scopes import check_scope
from . import upload_stream
from .framework import is_forged
from .upload_preparation import prepare
from .upload_stream import Disconnected, Receive, in_thread

logger = logging.getLogger(__name__)


def take_pieces(app):
    """Wrap an ASGI application."""

    async def serve(scope, receive: Receive, send) -> None:
        target = target_of(scope["method"], scope["path"], scope["headers"]) if scope["type"] == "http" else None
        if target is None or target.piece_of is None:
            await app(scope, receive, send)
            return
        received = Received()
        try:
            admitted = await run_db(_admit, scope, target.piece_of)
            received = await _take(receive, admitted, target)
        except Disconnected:
            return
        except (ChatError, *DATABASE_AWAY) as error:
            received = Received(error=error if isinstance(error, ChatError) else unavailable())
        try:
            await app(upload_stream.passed_on(scope, b"", received), upload_stream.rest(receive, b""), send)
        finally:
            for file in received.files:  # if the view could not keep the file, it stays for another try
                await in_thread(shutil.rmtree, file.previews_folder, True)

    return serve


@dataclass(frozen=True, slots=True)
class _Admitted:
    upload: PartialUpload
    user_id: int
    offset: int


def _admit(scope: dict, key: str) -> _Admitted:
    """Raises ChatError when the sender may not continue this upload."""
    headers = dict(scope["headers"])
    user = upload_stream.sender(headers)
    # The view would check this too late: the bytes are kept before it runs.
    if parse_bearer(headers.get(b"authorization")) is None and is_forged(ASGIRequest(scope, BytesIO())):
        raise ChatError("page_outdated")
    check_scope(user, Scope.WRITE)
    offset = whole_number(headers.get(b"upload-offset", b"").decode("latin-1"))
    if offset is None:
        raise ChatError("upload_offset_differs")
    return _Admitted(resumable.get_mine(user, key), user.id, offset)


async def _take(receive: Receive, admitted: _Admitted, target: Target) -> Received:
    upload = admitted.upload
    if upload.attachment_id:
        return Received()
    if error := upload_stream.busy(admitted.user_id):
        return Received(error=error)
    with upload_stream.counted(admitted.user_id):
        try:
            appending = await in_thread(partial.Appending, upload.part, admitted.offset, upload.size)
            try:
                await _append(receive, appending)
                return await _finish(upload, target) if appending.is_whole else Received()
            finally:
                await in_thread(appending.close)
        except (partial.Busy, partial.OffsetDiffers, partial.TooLong, OSError) as problem:
            return Received(error=_refusal(problem))


async def _append(receive: Receive, appending: partial.Appending) -> None:
    try:
        async for piece in upload_stream.body_pieces(receive):
            await in_thread(appending.write, piece)
    finally:  # also after an error, so that no byte that has arrived is sent again
        await in_thread(appending.sync)


async def _finish(upload: PartialUpload, target: Target) -> Received:
    file = IncomingFile(upload.name, partial.path_of(upload.part))
    await in_thread(file.read_whole)
    if error := await prepare([file], target):
        if error.retry_after is None:  # otherwise a later request without a body tries again
            await run_db(resumable.give_up, upload)
            await in_thread(file.discard)
        return Received(error=error)
    return Received([file])


def _refusal(error: Exception) -> ChatError:
    match error:
        case partial.Busy():
            return ChatError("upload_busy", 1)
        case partial.OffsetDiffers():
            return ChatError("upload_offset_differs")
        case partial.TooLong():
            return ChatError("upload_longer_than_said")
        case FileNotFoundError():
            return ChatError("upload_elsewhere")
    logger.error("a file cannot be stored: %s", error)
    return ChatError("file_store_away", 30)
