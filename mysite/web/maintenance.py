"""Periodic tasks of each web process: deletes expired sessions, old notifications and deleted rooms whose time is over,
stores when tokens were used, continues erasures, indexes messages and names that processes of an older version have
written during an upgrade, and removes halves of uploads."""

import asyncio
from collections.abc import Callable

from accounts.security import token_use
from accounts.security.session_store import SessionStore
from common.periodic import PeriodicRunner
from files.incoming import sweep_halves
from rooms.kernel.db_executor import DATABASE_AWAY, run_db
from rooms.privacy import erasure
from rooms.search.message_index import fold_batch, purge_batch
from rooms.search.name_index import index_batch
from rooms.services.deletion import delete_for_good_batch
from rooms.services.notifications import delete_old_batch

from ..database import truncate_write_ahead_log

runner = PeriodicRunner(__name__, DATABASE_AWAY)

# Seconds.
FIRST_CLEANUP_DELAY = 600.0  # a process that has just started is busy
CLEANUP_INTERVAL = 24 * 3600.0
CLEANUP_PAUSE = 0.5  # between batches, so that others can write
PURGE_PAUSE = 0.1
TOKEN_USE_INTERVAL = 60.0
PURGE_INTERVAL = 600.0
ERASURE_INTERVAL = 5.0
ERASURE_PAUSE = 0.1
SWEEP_INTERVAL = 3600.0


def start() -> list[asyncio.Task]:
    """Start one task for each kind of work, so that none waits for another."""
    loops = [
        runner.run_every(CLEANUP_INTERVAL, clean_up, delay=FIRST_CLEANUP_DELAY),
        runner.run_every(PURGE_INTERVAL, purge_deleted_text),
        runner.run_every(ERASURE_INTERVAL, continue_erasures),
        runner.run_every(TOKEN_USE_INTERVAL, store_token_use),
        runner.run_every(SWEEP_INTERVAL, sweep_uploads, delay=FIRST_CLEANUP_DELAY),
    ]
    return [asyncio.create_task(each) for each in loops]


async def clean_up() -> None:
    for batch in (SessionStore.delete_expired_batch, delete_old_batch, delete_for_good_batch, fold_batch, index_batch):
        await _run_batches(batch, CLEANUP_PAUSE)


async def purge_deleted_text() -> None:
    """Remove what SQLite keeps of deleted text in the search index and in its write-ahead log."""
    await _run_batches(purge_batch, PURGE_PAUSE)
    await run_db(truncate_write_ahead_log)


async def sweep_uploads() -> None:
    """Delete what interrupted uploads have left on the disk of this host. (All else is a job: regular_work.py.)"""
    await asyncio.to_thread(sweep_halves)


async def store_token_use() -> None:
    await run_db(token_use.flush)


async def continue_erasures() -> None:
    """Continue all unfinished erasures of accounts until they are done."""
    await _run_batches(erasure.run_next_batch, ERASURE_PAUSE)


async def _run_batches(batch: Callable[[], object], pause: float) -> None:
    """Call `batch` until it returns something false. pause: seconds between calls."""
    while await run_db(batch):  # noqa: ASYNC110 - it waits for nothing
        await asyncio.sleep(pause)
