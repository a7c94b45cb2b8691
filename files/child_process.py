"""Child processes in which decoders read uploaded files. They are given nothing but the file and a folder."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from weakref import WeakKeyDictionary

AT_ONCE = 2  # child processes of a web process
SECONDS = 30.0  # that one may take while somebody waits, however busy the machine is
LATE_SECONDS = 600.0  # when nobody waits: its CPU time runs out first, so an unreadable file does not stay due
PATIENCE = 60.0  # seconds to wait for a turn
MAX_SAID = 8 * 2**20  # bytes that one may print
_ROOT = Path(__file__).parent.parent
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def run(module: str, source: Path, folder: Path, *more: str, late: bool = False) -> bytes:
    """Run `python -m module folder …` with a file on its standard input. Returns its output, perhaps cut off. folder:
    is created. Raises TimeoutError when it is too busy now."""
    turns = _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE))
    async with asyncio.timeout(PATIENCE):
        await turns.acquire()
    try:
        await asyncio.to_thread(folder.mkdir, parents=True)
        return await _run(LATE_SECONDS if late else SECONDS, source, module, str(folder), *more)
    finally:
        turns.release()


async def _run(seconds: float, source: Path, module: str, *arguments: str) -> bytes:
    with source.open("rb") as file:
        process = await asyncio.create_subprocess_exec(
            *_command(module), *arguments, cwd=_ROOT, env=_environment(), stdin=file,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
    try:
        async with asyncio.timeout(seconds):
            return await _read(process)
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _read(process: asyncio.subprocess.Process) -> bytes:
    said = b""
    while piece := await process.stdout.read(2**16):  # type: ignore[union-attr]  # it is a pipe
        said += piece
        if len(said) > MAX_SAID:
            return b""
    await process.wait()
    return said


def _command(module: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module)


def _environment() -> dict[str, str]:
    """No secrets, and one thread."""
    return {"PATH": os.defpath, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
