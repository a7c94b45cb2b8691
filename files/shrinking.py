"""Pictures for models: drawn when one is to look, and not kept.

Of all pictures few are ever shown to a model, and one takes a third of a second of processor time, where kept ones
would take up to a megabyte each on the disk for as long as the picture is there.
"""

import asyncio
import tempfile
from pathlib import Path

from . import child_process, places
from .models import Blob


async def shrink(blob: Blob, side: int) -> bytes | None:
    """A JPEG whose longer side has at most so many pixels; None where it cannot be drawn. Raises OSError when its store
    is away, and TimeoutError when it is too busy now."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = await asyncio.to_thread(places.local_copy, blob, folder)
        if source is None:
            return None
        return await child_process.run("files.shrink_process", source, folder / "empty", str(side)) or None
