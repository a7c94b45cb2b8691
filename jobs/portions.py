"""Work that is done in portions, each a transaction of its own, so that others can write meanwhile."""

import time
from collections.abc import Callable

SECONDS = 60.0  # for one job: then others have a turn


def run_portions(portion: Callable[[], object], pause: float) -> bool:
    """Call `portion` until it returns something false, or for SECONDS. Returns whether there may be more.

    pause: seconds between portions.
    """
    end = time.monotonic() + SECONDS
    while portion():
        if time.monotonic() > end:
            return True
        time.sleep(pause)
    return False
