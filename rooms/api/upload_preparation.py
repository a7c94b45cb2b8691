"""Prepares the files of a request before a view sees them: scans them, makes previews, reads documents, and sends
them to the store."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from django.conf import settings

from files import places, scanning, store
from files.documents import read_document
from files.incoming import IncomingFile
from files.previews import make_previews
from files.squares import make_squares

from ..kernel.db_executor import run_db
from ..kernel.errors import ChatError
from ..kernel.uploads import Target

logger = logging.getLogger(__name__)

THREADS = 2  # of a process, for sending files to the store


async def prepare(files: list[IncomingFile], target: Target) -> ChatError | None:
    """Returns why the files are refused; None: they are not. Raises OSError when they cannot be stored."""
    for file in files:
        if error := await _scan(file):
            return error
        if target.is_picture:
            await make_squares(file)
            continue
        await make_previews(file)
        await read_document(file)
        await _send_on(file)
    return None


async def _scan(file: IncomingFile) -> ChatError | None:
    if not settings.CLAMAV_URL:
        return None
    try:
        found = await scanning.scan(file.path)
    except scanning.ScannerAway as error:
        logger.error("a file cannot be checked for viruses: %s", error)
        return ChatError("file_not_scanned", 30) if settings.CLAMAV_REQUIRED else None
    return ChatError("file_infected", virus=found[:100]) if found else None


async def _send_on(file: IncomingFile) -> None:
    """Send a file to the store, unless that is on this host, so that the view only writes rows. Raises OSError."""
    if places.current() != places.LOCAL and not await run_db(store.is_kept, file.digest):
        await asyncio.get_running_loop().run_in_executor(_senders(), store.place_bytes, file)


@cache
def _senders() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, "sends-files-on")
