"""A sign of life of this process' event loop, for the parent that watches it (mysite/serve/pulse.py)."""

import asyncio
import os
from contextlib import suppress

EVERY = 5.0  # seconds
# The pipe to write into. In the environment, so that a parent of an earlier version can start us too.
PULSE = "ROUNDTABLE_PULSE"


async def beat() -> None:
    """For ever, when somebody listens."""
    pulse = int(os.environ.get(PULSE, "-1"))
    while pulse >= 0:
        with suppress(OSError):  # full, or nobody reads any more: no reason to end
            os.write(pulse, b".")
        await asyncio.sleep(EVERY)
