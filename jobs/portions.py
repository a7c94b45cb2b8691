"""Divides a job into portions, each a transaction of its own, so that others can write in between."""

import time
from collections.abc import Callable

SECONDS = 60.0  # for one job, so that others have a turn


def run_portions(portion: Callable[[], object], pause: float) -> bool:
    """Call `portion` until it returns a false value, or for SECONDS. Returns whether there may be more to do.

    pause: seconds between portions.
    """
    end = time.monotonic() + SECONDS
    while portion():
        if time.monotonic() > end:
            return True
        time.sleep(pause)
    return False
