"""The calls that threads of this process are running, so that one that does not come back is noticed and found.

Python cannot end a thread. What can be done about one that hangs is decided in mysite/monitoring/liveness.py; here is
counted.
"""

import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

WRITES, COMMANDS, READS = "writes", "commands", "reads"  # one pool of threads each (db_executor.py)

FRAMES = 12  # of a stack: where it is, and how it came there


@dataclass(eq=False, slots=True)
class Call:
    """One call. began: 0 while it waits for a thread. given_up: its caller was answered, and waits no longer."""

    kind: str
    began: float = 0.0
    thread: int = 0
    given_up: bool = False

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.began if self.began else 0.0

    def where(self) -> str:
        """The innermost frames of its thread: files, lines and code, no values."""
        frame = sys._current_frames().get(self.thread)
        return "".join(traceback.format_stack(frame, FRAMES)) if frame else ""


_running: set[Call] = set()


@contextmanager
def running(call: Call) -> Iterator[None]:
    """In the thread that runs it."""
    call.began, call.thread = time.monotonic(), threading.get_ident()
    _running.add(call)
    try:
        yield
    finally:
        _running.discard(call)


def longest(*kinds: str) -> Call | None:
    """Of the calls of these kinds that run now, the one that began first."""
    return min((call for call in list(_running) if call.kind in kinds), key=lambda call: call.began, default=None)


def given_up(kind: str | None = None) -> int:
    """How many threads (of one kind) still run a call that its caller has given up."""
    return sum(call.given_up and kind in (None, call.kind) for call in list(_running))
