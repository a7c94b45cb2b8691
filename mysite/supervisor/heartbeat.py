"""Signs of life of this process's event loop, for the parent that watches it (mysite/supervisor/liveness_pipe.py)."""

import os
from collections.abc import Callable
from contextlib import suppress

from common.periodic import PeriodicRunner

EVERY = 5.0  # seconds
# The pipe to write into. In the environment, so that a parent of an earlier version can start us too.
PULSE = "ROUNDTABLE_PULSE"
ALIVE, REPLACE_ME = b".", b"!"


async def beat(wants_replacement: Callable[[], bool]) -> None:
    """For ever, when somebody listens."""
    pulse = int(os.environ.get(PULSE, "-1"))

    async def write() -> None:
        with suppress(OSError):  # full, or nobody reads any more: no reason to end
            os.write(pulse, REPLACE_ME if wants_replacement() else ALIVE)

    if pulse >= 0:
        await PeriodicRunner(__name__).run_every(EVERY, write, delay=0)
