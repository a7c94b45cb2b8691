"""Heartbeats of this process's event loop, for the parent that watches it (mysite/supervisor/liveness_pipe.py)."""

import os
from collections.abc import Callable
from contextlib import suppress

from common.periodic import PeriodicRunner

INTERVAL = 5.0  # seconds
# The environment variable with the pipe's file descriptor. Parents of earlier versions set it, too: do not rename it.
PIPE_VARIABLE = "ROUNDTABLE_PULSE"
ALIVE, REPLACE_ME = b".", b"!"


async def send_heartbeats(wants_replacement: Callable[[], bool]) -> None:
    """Write a heartbeat every INTERVAL seconds, for ever. Does nothing if the process was started without a pipe."""
    descriptor = int(os.environ.get(PIPE_VARIABLE, "-1"))

    async def write() -> None:
        with suppress(OSError):  # the pipe is full or closed: no reason to end
            os.write(descriptor, REPLACE_ME if wants_replacement() else ALIVE)

    if descriptor >= 0:
        await PeriodicRunner(__name__).run_every(INTERVAL, write, delay=0)
