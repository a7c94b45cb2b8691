"""Pictures for models: drawn when a model needs one, and not stored.

Few pictures are ever shown to a model, and drawing one takes a third of a second of CPU time. If stored, each would
take up to a megabyte on the disk for as long as the picture exists.
"""

import asyncio
import tempfile
from pathlib import Path

from . import child_process, places
from .models import Blob


async def shrink(blob: Blob, side: int) -> bytes | None:
    """A JPEG whose longer side has at most `side` pixels; None where it cannot be drawn. Raises OSError when its store
    is away, and TimeoutError when it is too busy now."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = await asyncio.to_thread(places.local_copy, blob, folder)
        if source is None:
            return None
        return await child_process.run("files.shrink_process", source, folder / "empty", str(side)) or None
