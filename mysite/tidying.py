"""What nobody needs any more is deleted now and then, by each web process: sessions that have run out."""

import asyncio
import logging

from accounts.session_store import SessionStore
from rooms.db import DATABASE_AWAY, run_db

logger = logging.getLogger(__name__)

# Seconds.
FIRST = 600.0  # after a start there is enough to do
EVERY = 24 * 3600.0
PAUSE = 0.5  # between two portions: others want to write too


async def tidy_regularly() -> None:
    """For ever."""
    await asyncio.sleep(FIRST)
    while True:
        try:
            await tidy()
        except DATABASE_AWAY:
            logger.warning("the database does not answer; old sessions are deleted another time")
        except Exception:
            # Of no use to anybody today; tomorrow it has to be tried again.
            logger.exception("tidying failed")
        await asyncio.sleep(EVERY)


async def tidy() -> None:
    while await run_db(SessionStore.clear_portion):  # noqa: ASYNC110 - it waits for nothing
        await asyncio.sleep(PAUSE)
