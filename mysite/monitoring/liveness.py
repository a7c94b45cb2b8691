"""Whether this process is well: the threads that do its database work come back, or else it is the database's fault.

Python cannot end a thread. One that hangs in our own code (a loop, a lock) keeps what it holds until the process
ends, so then the process is replaced: people reconnect within seconds. Where the database is away, replacing helps
nobody and costs everybody their connection: threads hang because it does not answer, and go on when it does. So:

- It is unwell while a write has been running for UNWELL seconds, or half of the threads for reads or for commands have
  been given up by their callers, who were answered `unavailable` (rooms/kernel/db_executor.py).
- It asks to be replaced when that has lasted until REPLACE, if all the while the database answered to a new
  connection, outside the pool. Each time that it does not, the time begins anew.

Those who start processes read this: `manage.py serve` through a pipe (heartbeat.py), others at /livez (health.py).
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from common.periodic import PeriodicRunner
from rooms.kernel import db_executor, watchdog

from ..supervisor.checks import database_answers
from ..supervisor.errors import CannotStart

logger = logging.getLogger(__name__)

# Seconds.
EVERY = 5.0
UNWELL = 10.0
REPLACE = 30.0
_PROBE = 4.0


class Liveness:
    """One process's state. answers: whether the database answers to somebody new."""

    def __init__(self, answers: Callable[[], Awaitable[bool]], clock: Callable[[], float] = time.monotonic):
        self._answers = answers
        self._clock = clock
        self._unwell_since: float | None = None
        self._ours_since: float | None = None  # since when that cannot be the database's fault

    def wants_replacement(self) -> bool:
        return self._ours_since is not None and self._clock() - self._ours_since >= REPLACE - UNWELL

    async def watch(self) -> None:
        """For ever."""
        await PeriodicRunner(__name__).run_every(EVERY, self.look, delay=0)

    async def look(self) -> None:
        stuck = problem()
        if not stuck:
            self._recovered()
            return
        if self._unwell_since is None:
            self._unwell_since = self._clock()
            logger.warning("%s; it is:\n%s", stuck, _where())
        if not await self._answers():
            self._ours_since = None
        elif self._ours_since is None:
            self._ours_since = self._clock()

    def _recovered(self) -> None:
        if self._unwell_since is not None:
            logger.warning("the database threads are back after %.0f s", self._clock() - self._unwell_since)
        self._unwell_since = self._ours_since = None


def problem() -> str:
    """What is wrong with this process's database threads, in a few words; empty when nothing is."""
    write = watchdog.longest(watchdog.WRITES)
    if write and write.seconds >= UNWELL:
        return f"a write has been running for {write.seconds:.0f} s"
    for kind, threads in db_executor.sizes().items():
        if kind != watchdog.WRITES and (gone := watchdog.given_up(kind)) * 2 >= threads:
            return f"{gone} of {threads} threads for {kind} do not come back"
    return ""


def _where() -> str:
    """Where the thread is that has been running longest."""
    call = watchdog.longest(*db_executor.sizes())
    return call.where().rstrip() if call else ""


# One thread: when the database hangs, one probe hangs with it and not one more each time.
_thread = ThreadPoolExecutor(1, thread_name_prefix="probe")


async def _database_answers() -> bool:
    try:
        async with asyncio.timeout(_PROBE):
            await asyncio.get_running_loop().run_in_executor(_thread, database_answers, connection.settings_dict)
    except (CannotStart, TimeoutError):
        return False
    return True


process = Liveness(_database_answers)
