"""A person's data, downloaded while it is read: a thread is held for a portion at a time, not for a whole download."""

import time
from collections.abc import AsyncIterator, Iterator

from django.core.cache import cache
from django.utils import translation

from accounts.models import User

from ..kernel import rate_limits
from ..kernel.db_executor import run_db
from ..kernel.errors import ChatError
from .personal_data_archive import archive

LONGEST = 900  # seconds for one download, however slow the line


def begin(user_id: int) -> None:
    """Take this person's only place. Raises rate_limited when they have it already, or have had it too often."""
    if not cache.add(_key(user_id), True, LONGEST):
        raise ChatError("download_running", 60)
    try:
        rate_limits.check_export(user_id)
    except ChatError:
        end(user_id)
        raise


def end(user_id: int) -> None:
    cache.delete(_key(user_id))


async def chunks(user: User, language: str) -> AsyncIterator[bytes]:
    """The archive (personal_data_files), piece by piece. The place is free again at the end, however it comes."""
    pieces, deadline = archive(user), time.monotonic() + LONGEST
    try:
        while (piece := await run_db(_next, pieces, language)) is not None:
            if time.monotonic() > deadline:
                raise TimeoutError("a download of personal data took too long")
            if piece:
                yield piece
    finally:
        await run_db(end, user.pk)


def _next(pieces: Iterator[bytes], language: str) -> bytes | None:
    with translation.override(language):
        return next(pieces, None)


def _key(user_id: int) -> str:
    return f"personal-data:{user_id}"
