"""Small pictures of pictures, made while a file comes in: whoever sends it waits for them, so that everybody else sees
them at once. Those for which it was too busy are due, and made later."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

from . import child_process
from .incoming import IncomingFile, Previews
from .media_types import PICTURES


async def make_previews(incoming: IncomingFile) -> None:
    """Of a file that is whole, where it is a picture that can be read; else none."""
    if incoming.type not in PICTURES:
        return
    try:
        incoming.previews = await make_previews_of(incoming.path, incoming.previews_folder)
    except TimeoutError:  # until they are made, the file itself is shown
        incoming.previews_due = True


async def make_previews_of(path: Path, folder: Path, late: bool = False) -> Previews | None:
    """None: it cannot be read. folder: is made, for the small ones. late: nobody waits for it. Raises
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
    """What a child says that it has made."""
    try:
        about = {name: found[name] for name in ("animated", "sides", "blur")}
        return Previews(folder, found["width"], found["height"], about)
    except (KeyError, TypeError):
        return None
