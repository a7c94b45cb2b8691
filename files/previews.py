"""Small pictures of pictures, made while a file comes in: whoever sends it waits for them, so that everybody else sees
them at once. Those for which it was too busy are due, and made later."""

import asyncio
import contextlib
import json
import os
import shutil
import sys
from functools import cache
from pathlib import Path
from weakref import WeakKeyDictionary

from .incoming import IncomingFile, Previews
from .media_types import PICTURES

AT_ONCE = 2  # child processes of a web process
SECONDS = 30.0  # that one may take, however busy the machine is
PATIENCE = 60.0  # seconds in which one has to have its turn; until it is made later, the file itself is shown
_ROOT = Path(__file__).parent.parent
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def make_previews(incoming: IncomingFile) -> None:
    """Of a file that is whole, where it is a picture that can be read; else none."""
    if incoming.type not in PICTURES:
        return
    try:
        incoming.previews = await make_previews_of(incoming.path, incoming.previews_folder)
    except TimeoutError:
        incoming.previews_due = True


async def make_previews_of(path: Path, folder: Path) -> Previews | None:
    """None: it cannot be read. folder: is made, for the small ones. Raises TimeoutError when it is too busy now."""
    turns = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    async with asyncio.timeout(PATIENCE):
        await turns.acquire()
    try:
        return await _run(path, folder)
    finally:
        turns.release()


async def _run(path: Path, folder: Path) -> Previews | None:
    await asyncio.to_thread(folder.mkdir, parents=True)
    with path.open("rb") as picture:
        process = await asyncio.create_subprocess_exec(
            *_command(), str(folder), cwd=_ROOT, env=_environment(), stdin=picture,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            said, _errors = await process.communicate()
    except TimeoutError:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        raise
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    try:
        found = json.loads(said)
        about = {name: found[name] for name in ("animated", "sides", "blur")}
        return Previews(folder, found["width"], found["height"], about)
    except (ValueError, KeyError, TypeError):  # it could not be read, or not within the limits
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        return None


@cache
def _command() -> tuple[str, ...]:
    return (sys.executable, "-m", "files.preview_process")


def _environment() -> dict[str, str]:
    """No secrets, and one thread."""
    return {"PATH": os.defpath, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
