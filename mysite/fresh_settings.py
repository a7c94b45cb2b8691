"""Keeps what staff have set on a page (site_settings) fresh in a process that serves."""

import asyncio

from common.periodic import PeriodicRunner
from rooms.kernel.db_executor import DATABASE_AWAY, run_db
from site_settings import current

FIRST_PATIENCE = 2.0  # seconds; a process begins without them while the database is away
_runner = PeriodicRunner(__name__, DATABASE_AWAY)


async def start() -> asyncio.Task:
    """Read them, and return the task that reads them again and again."""
    await asyncio.wait([first := asyncio.create_task(_runner.run_once(refresh_settings))], timeout=FIRST_PATIENCE)
    first.cancel()
    return asyncio.create_task(_runner.run_every(current.REFRESH_INTERVAL, refresh_settings))


async def refresh_settings() -> None:
    await run_db(current.refresh)
