"""Asks ClamAV whether a file carries a virus, before anybody can get it: clamd's INSTREAM, over TCP or a unix socket.

We use no package for it: they hold a whole file in memory, or a thread for each.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from django.conf import settings

PIECE = 256 * 1024  # bytes
SECONDS = 120.0  # for one file, including the wait for a turn
AT_ONCE = 4  # of a process; clamd has ten threads by default
MAX_ANSWER = 4096  # bytes
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class ScannerAway(Exception):
    """ClamAV cannot be reached, or gives no result."""


async def scan(path: Path) -> str:
    """What was found in this file; "": nothing. Raises ScannerAway."""
    turns = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    async with _asking(SECONDS), turns, _connected() as (reader, writer):
        writer.write(b"zINSTREAM\0")
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                writer.write(len(piece).to_bytes(4, "big") + piece)
                await writer.drain()
        writer.write(bytes(4))
        answer = await _read_answer(reader)
    if answer == "stream: OK":
        return ""
    if answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise ScannerAway(answer)


async def ping(seconds: float) -> None:
    """Raises ScannerAway."""
    async with _asking(seconds), _connected() as (reader, writer):
        writer.write(b"zPING\0")
        if (answer := await _read_answer(reader)) != "PONG":
            raise ScannerAway(answer)


@contextlib.asynccontextmanager
async def _asking(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise ScannerAway(repr(error)) from error


@contextlib.asynccontextmanager
async def _connected() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    address = urlsplit(settings.CLAMAV_URL)
    if address.scheme == "unix":
        reader, writer = await asyncio.open_unix_connection(address.path, limit=MAX_ANSWER)
    else:
        reader, writer = await asyncio.open_connection(address.hostname, address.port or 3310, limit=MAX_ANSWER)
    try:
        yield reader, writer
    finally:
        writer.close()


async def _read_answer(reader: asyncio.StreamReader) -> str:
    return (await reader.readuntil(b"\0"))[:-1].decode(errors="replace").strip()
