"""Detects database threads that hang through a fault of this process, not of the database.

Python cannot end a thread. One that hangs in our own code (a loop, a lock) keeps what it holds until the process ends,
so the process is replaced, and its users reconnect within seconds. If the database is unavailable, replacing the
process would not help and everybody would lose their connection: the threads continue when the database answers. So:

- The process is unhealthy while a write has been running for UNHEALTHY_AFTER seconds, or while callers have given up
  half of the threads for reads or for commands, and answered `unavailable` (rooms/kernel/db_executor.py).
- It asks to be replaced when it has been unhealthy for REPLACE_AFTER seconds in all, if the database accepted new
  connections outside the pool all that time. Whenever it does not, the time begins again.

`manage.py serve` reads this through a pipe (heartbeat.py), other process managers at /livez (health.py).
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from common.periodic import PeriodicRunner
from rooms.kernel import db_executor, watchdog

from ..supervisor.checks import check_database
from ..supervisor.errors import CannotStart

logger = logging.getLogger(__name__)

# Seconds.
CHECK_INTERVAL = 5.0
UNHEALTHY_AFTER = 10.0
REPLACE_AFTER = 30.0
_PROBE_TIMEOUT = 4.0


class Liveness:
    """The state of one process. database_answers: whether the database accepts a new connection."""

    def __init__(self, database_answers: Callable[[], Awaitable[bool]], clock: Callable[[], float] = time.monotonic):
        self._database_answers = database_answers
        self._clock = clock
        self._unhealthy_since: float | None = None
        self._own_fault_since: float | None = None  # since when the database is not to blame

    def wants_replacement(self) -> bool:
        """Whether threads have hung for REPLACE_AFTER seconds while the database answers others."""
        return (
            self._own_fault_since is not None
            and self._clock() - self._own_fault_since >= REPLACE_AFTER - UNHEALTHY_AFTER
        )

    async def watch(self) -> None:
        """Check every CHECK_INTERVAL seconds, for ever."""
        await PeriodicRunner(__name__).run_every(CHECK_INTERVAL, self.check, delay=0)

    async def check(self) -> None:
        """Called every few seconds. Logs once for each problem, with the stack of the thread that has hung longest."""
        problem = find_problem()
        if not problem:
            self._recovered()
            return
        if self._unhealthy_since is None:
            self._unhealthy_since = self._clock()
            logger.warning("%s; its stack:\n%s", problem, _longest_call_stack())
        if not await self._database_answers():
            self._own_fault_since = None
        elif self._own_fault_since is None:
            self._own_fault_since = self._clock()

    def _recovered(self) -> None:
        if self._unhealthy_since is not None:
            logger.warning("the database threads are back after %.0f s", self._clock() - self._unhealthy_since)
        self._unhealthy_since = self._own_fault_since = None


def find_problem() -> str:
    """What is wrong with the database threads of this process; empty when nothing is."""
    write = watchdog.longest(watchdog.WRITES)
    if write and write.seconds >= UNHEALTHY_AFTER:
        return f"a write has been running for {write.seconds:.0f} s"
    for kind, threads in db_executor.sizes().items():
        if kind != watchdog.WRITES and (gone := watchdog.given_up(kind)) * 2 >= threads:
            return f"{gone} of {threads} threads for {kind} do not come back"
    return ""


def _longest_call_stack() -> str:
    """The stack of the thread that has been running longest."""
    call = watchdog.longest(*db_executor.sizes())
    return call.where().rstrip() if call else ""


# One thread: when the database hangs, only one probe hangs with it.
_probe_thread = ThreadPoolExecutor(1, thread_name_prefix="probe")


async def _database_answers() -> bool:
    try:
        async with asyncio.timeout(_PROBE_TIMEOUT):
            await asyncio.get_running_loop().run_in_executor(_probe_thread, check_database, connection.settings_dict)
    except (CannotStart, TimeoutError):
        return False
    return True


process_liveness = Liveness(_database_answers)
