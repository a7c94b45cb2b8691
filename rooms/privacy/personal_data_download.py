"""Streams a user's data while it is read. A thread is used for one chunk at a time, not for the whole download."""

import time
from collections.abc import AsyncIterator, Iterator

from django.core.cache import cache
from django.utils import translation

from accounts.models import User

from ..kernel import rate_limits
from ..kernel.db_executor import run_db
from ..kernel.errors import ChatError
from .personal_data_archive import archive

MAX_SECONDS = 900  # for one download


def acquire_slot(user_id: int) -> None:
    """Reserve this user's only download. Raises ChatError: download_running, or a limit."""
    if not cache.add(_key(user_id), True, MAX_SECONDS):
        raise ChatError("download_running", 60)
    try:
        rate_limits.check_export(user_id)
    except ChatError:
        release_slot(user_id)
        raise


def release_slot(user_id: int) -> None:
    """Let the person download again. A slot that is never released expires by itself."""
    cache.delete(_key(user_id))


async def chunks(user: User, language: str) -> AsyncIterator[bytes]:
    """Yield the chunks of the archive. Releases the slot at the end, also after an error."""
    pieces, deadline = archive(user), time.monotonic() + MAX_SECONDS
    try:
        while (piece := await run_db(_next, pieces, language)) is not None:
            if time.monotonic() > deadline:
                raise TimeoutError("a download of personal data took too long")
            if piece:
                yield piece
    finally:
        await run_db(release_slot, user.pk)


def _next(pieces: Iterator[bytes], language: str) -> bytes | None:
    with translation.override(language):
        return next(pieces, None)


def _key(user_id: int) -> str:
    return f"personal-data:{user_id}"
