"""What one web process does every so often, for all of its sockets: repair, recheck, forget, tell the news.

Each kind of work has a task of its own: one that waits for the database, or fails, leaves the others alone.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from ..kernel.db_executor import DATABASE_AWAY, run_db
from ..kernel.outages import Outages
from ..kernel.signals import cache_cleanup_due
from ..queries import history
from . import presence_events
from .authentication import still_welcome
from .unread_notifier import News

logger = logging.getLogger(__name__)
_outages = Outages(__name__)

# Seconds.
TICK = 1.0
HEADS_EVERY = 5.0  # what Redis lost is repaired within two of them
PEOPLE_EVERY = 5.0
BOTS_EVERY = 10.0
ACCESS_EVERY = 60.0  # sessions and rights, should the event of their end be lost
PICTURES_EVERY = 60.0
SILENCE = 20.0  # then a room's sockets are told its head


class Upkeep:
    def __init__(self, hub):
        self.news = News()
        self._hub = hub

    def start(self) -> None:
        for seconds, work in (
            (TICK, self._look_around),
            (TICK, self._hub.forget_empty),
            (TICK, self._tell_news),
            (HEADS_EVERY, self.check_heads),
            (PEOPLE_EVERY, self._repair_lists),
            (BOTS_EVERY, self._look_for_bots),
            (ACCESS_EVERY, self.check_access),
            (PICTURES_EVERY, self._drop_pictures),
        ):
            self._hub.spawn(_regularly(seconds, work))

    def redis_is_back(self) -> None:
        """Whatever was published meanwhile may be missing here."""
        self._hub.spawn(_once(self.check_heads))
        self._hub.spawn(_once(self.check_access))

    async def check_heads(self) -> None:
        """Compare what was delivered with the database, for the rooms somebody here is in: one query."""
        feeds = {feed.room_id: feed for feed in self._hub.rooms}
        heads = await run_db(history.heads, feeds) if feeds else {}
        for room_id, feed in feeds.items():
            if room_id in heads:
                feed.expect(heads[room_id])
            else:
                self._hub.close_gone(feed)

    async def check_access(self) -> None:
        """Close sockets whose session or token has ended, or whose room is closed to them."""
        connections = list(self._hub.connections)
        outcomes = await run_db(still_welcome, [each.place for each in connections]) if connections else ()
        for connection, refused in zip(connections, outcomes, strict=True):
            if refused:
                connection.close(refused.why, refused.reason)

    async def _look_around(self) -> None:
        now = time.monotonic()
        for feed in self._hub.rooms:
            if now - feed.last_sent > SILENCE and feed.connections:
                feed.tell("head", seq=feed.delivered)
        for connection in list(self._hub.connections):
            if connection.accepted and connection.outlet.stuck():
                connection.close_slow()

    async def _repair_lists(self) -> None:
        await presence_events.repair(self._hub)

    async def _look_for_bots(self) -> None:
        await presence_events.look_for_bots(self._hub)

    async def _drop_pictures(self) -> None:
        cache_cleanup_due.send(sender=None)

    async def _tell_news(self) -> None:
        await self.news.look(self._hub.people)


async def _regularly(seconds: float, work: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        await _once(work)


async def _once(work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
        _outages.note({work.__name__: ""})
    except DATABASE_AWAY:
        _outages.note({work.__name__: "the database does not answer"})
    except Exception:
        # What looks after everyone here has to live on.
        logger.exception("%s failed", work.__name__)
