"""Makes square pictures of a person or a room in a child process, while the picture is uploaded."""

import asyncio
import contextlib
import shutil
from pathlib import Path

from . import child_process
from .incoming import IncomingFile
from .media_types import PICTURES
from .square_process import SIDES


async def make_squares(incoming: IncomingFile) -> None:
    """Make the squares of a complete file, if it is a picture that can be read."""
    if incoming.type not in PICTURES:
        return
    folder = incoming.previews_folder
    with contextlib.suppress(TimeoutError):
        if await child_process.run("files.square_process", incoming.path, folder):
            incoming.squares = await asyncio.to_thread(_take, folder)


def _take(folder: Path) -> tuple[bytes, bytes]:
    small, large = ((folder / f"{side}.webp").read_bytes() for side in SIDES)
    shutil.rmtree(folder, ignore_errors=True)
    return small, large
