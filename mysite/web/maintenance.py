"""Periodic tasks of each web process, about what only it has: it stores when tokens and sessions were used, which it
remembers, and removes halves of uploads from the disk of its host. What is the database's is a job
(mysite/regular_work.py)."""

import asyncio

from accounts.security import session_use, token_use
from common.periodic import PeriodicRunner
from files.incoming import sweep_halves
from rooms.kernel.db_executor import DATABASE_AWAY, run_db

runner = PeriodicRunner(__name__, DATABASE_AWAY)

# Seconds.
FIRST_SWEEP_DELAY = 600.0  # a process that has just started is busy
USE_INTERVAL = 60.0
SWEEP_INTERVAL = 3600.0


def start() -> list[asyncio.Task]:
    """Start one task for each kind of work, so that none waits for another."""
    loops = [
        runner.run_every(USE_INTERVAL, store_use),
        runner.run_every(SWEEP_INTERVAL, sweep_uploads, delay=FIRST_SWEEP_DELAY),
    ]
    return [asyncio.create_task(each) for each in loops]


async def sweep_uploads() -> None:
    """Delete what interrupted uploads have left on the disk of this host."""
    await asyncio.to_thread(sweep_halves)


async def store_use() -> None:
    """Each minute, from this process's memory."""
    await run_db(token_use.flush)
    await run_db(session_use.flush)
