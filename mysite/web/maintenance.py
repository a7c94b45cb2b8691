"""What each web process does now and then: it deletes sessions that have expired, stores when tokens were used, goes on
erasing accounts, and indexes messages and names that processes of an older version have written during an upgrade."""

import asyncio
from collections.abc import Callable

from accounts.security import token_use
from accounts.security.session_store import SessionStore
from common.periodic import PeriodicRunner
from rooms.kernel.db_executor import DATABASE_AWAY, run_db
from rooms.privacy import erasure
from rooms.search.message_index import fold_portion, purge_portion
from rooms.search.name_index import index_portion

from ..database import truncate_log

runner = PeriodicRunner(__name__, DATABASE_AWAY)

# Seconds.
FIRST = 600.0  # after a start there is enough to do
EVERY = 24 * 3600.0
PAUSE = 0.5  # between two portions: others want to write too
TRACES_PAUSE = 0.1
TOKENS_EVERY = 60.0
TRACES_EVERY = 600.0
ERASING_EVERY = 5.0
ERASING_PAUSE = 0.1


def start() -> list[asyncio.Task]:
    """A task for each kind of work, so that none of them waits for another."""
    rounds = [
        runner.run_every(EVERY, tidy, delay=FIRST),
        runner.run_every(TRACES_EVERY, erase_traces),
        runner.run_every(ERASING_EVERY, go_on_erasing),
        runner.run_every(TOKENS_EVERY, store_token_use),
    ]
    return [asyncio.create_task(each) for each in rounds]


async def tidy() -> None:
    for portion in (SessionStore.delete_expired_batch, fold_portion, index_portion):
        await _finish(portion, PAUSE)


async def erase_traces() -> None:
    """What SQLite keeps of deleted words, in the search index and in its write-ahead log, leaves the files."""
    await _finish(purge_portion, TRACES_PAUSE)
    await run_db(truncate_log)


async def store_token_use() -> None:
    await run_db(token_use.flush)


async def go_on_erasing() -> None:
    """Erase what is left of the accounts that are being erased, as long as there is something to do."""
    await _finish(erasure.go_on, ERASING_PAUSE)


async def _finish(portion: Callable[[], object], pause: float) -> None:
    """Call it until it returns nothing, with pauses in seconds."""
    while await run_db(portion):  # noqa: ASYNC110 - it waits for nothing
        await asyncio.sleep(pause)
