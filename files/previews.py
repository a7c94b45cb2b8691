"""Previews of pictures, made while a file is uploaded: the sender waits for them, so that everybody else sees them at
once. If the machine is too busy, they are marked as due, and made later."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

from . import child_process
from .incoming import IncomingFile, Previews
from .media_types import PICTURES


async def make_previews(incoming: IncomingFile) -> None:
    """Make the previews of a complete file, if it is a picture that can be read."""
    if incoming.type not in PICTURES:
        return
    try:
        incoming.previews = await make_previews_of(incoming.path, incoming.previews_folder)
    except TimeoutError:  # until they are made, the file itself is shown
        incoming.previews_due = True


async def make_previews_of(path: Path, folder: Path, late: bool = False) -> Previews | None:
    """None: it cannot be read. folder: is created for the previews. late: nobody waits. Raises
    TimeoutError when it is too busy now."""
    made = None
    try:
        said = await child_process.run("files.preview_process", path, folder, late=late)
        made = previews_in(json.loads(said), folder)
    except (ValueError, TypeError):  # it could not be read, or not within the limits
        pass
    finally:
        if made is None:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    return made


def previews_in(found: Any, folder: Path) -> Previews | None:
    """The previews that a child process reports. None: it reports none."""
    try:
        about = {name: found[name] for name in ("animated", "sides", "blur")}
        return Previews(folder, found["width"], found["height"], about)
    except (KeyError, TypeError):
        return None
