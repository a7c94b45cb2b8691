"""What each web process does now and then: it deletes sessions that have expired, stores when tokens were used, goes on
erasing accounts, and indexes messages and names that processes of an older version have written during an upgrade."""

import asyncio
import logging

from accounts.security import token_use
from accounts.security.session_store import SessionStore
from rooms.kernel.db_executor import DATABASE_AWAY, run_db
from rooms.privacy import erasure
from rooms.search.message_index import fold_portion, purge_portion
from rooms.search.name_index import index_portion

from ..database import truncate_log

logger = logging.getLogger(__name__)

# Seconds.
FIRST = 600.0  # after a start there is enough to do
EVERY = 24 * 3600.0
PAUSE = 0.5  # between two portions: others want to write too
TRACES_PAUSE = 0.1
TOKENS_EVERY = 60.0
TRACES_EVERY = 600.0
ERASING_EVERY = 5.0
ERASING_PAUSE = 0.1


async def tidy_regularly() -> None:
    """For ever."""
    await asyncio.sleep(FIRST)
    while True:
        try:
            await tidy()
        except DATABASE_AWAY:
            logger.warning("the database does not answer; tidying is put off")
        except Exception:
            # Of no use to anybody today; tomorrow it has to be tried again.
            logger.exception("tidying failed")
        await asyncio.sleep(EVERY)


async def tidy() -> None:
    for portion in (SessionStore.clear_portion, fold_portion, index_portion):
        while await run_db(portion):  # noqa: ASYNC110 - it waits for nothing
            await asyncio.sleep(PAUSE)


async def erase_traces_regularly() -> None:
    """For ever."""
    while True:
        await asyncio.sleep(TRACES_EVERY)
        try:
            await erase_traces()
        except DATABASE_AWAY:
            logger.warning("the database does not answer; words of deleted messages are erased another time")
        except Exception:
            # Tried again soon, and nobody waits for it.
            logger.exception("words of deleted messages could not be erased")


async def erase_traces() -> None:
    """What SQLite keeps of deleted words, in the search index and in its write-ahead log, leaves the files."""
    while await run_db(purge_portion):  # noqa: ASYNC110 - it waits for nothing
        await asyncio.sleep(TRACES_PAUSE)
    await run_db(truncate_log)


async def store_token_use_regularly() -> None:
    """For ever."""
    while True:
        await asyncio.sleep(TOKENS_EVERY)
        await store_token_use()


async def store_token_use() -> None:
    try:
        await run_db(token_use.write_down)
    except DATABASE_AWAY:
        logger.warning("the database does not answer; when tokens were last used is not stored")
    except Exception:
        # Nobody is to be kept from anything by this.
        logger.exception("the last use of tokens could not be stored")


async def go_on_erasing_regularly() -> None:
    """For ever."""
    while True:
        await asyncio.sleep(ERASING_EVERY)
        await go_on_erasing()


async def go_on_erasing() -> None:
    """Erase what is left of the accounts that are being erased, as long as there is something to do."""
    try:
        while await run_db(erasure.go_on):  # noqa: ASYNC110 - it waits for nothing
            await asyncio.sleep(ERASING_PAUSE)
    except DATABASE_AWAY:
        logger.warning("the database does not answer; accounts are erased another time")
    except Exception:
        # That account's turn comes again in a minute; others come first.
        logger.exception("an account could not be erased")
