"""Who is here: one PresenceTracker a web process. Redis decides who came and who left; this keeps it told.

Nothing here raises because Redis is away, and nothing waits for it longer than half a second.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from django.conf import settings

from common.periodic import PeriodicRunner

from .overload import OverloadMonitor
from .shard import Shard
from .store import GRACE, RESTART_GRACE, SERVER, make_async_clients
from .tracker_queries import TrackerQueries
from .types import OnlineList, OverloadNotice, PresenceChange

logger = logging.getLogger(__name__)
_runner = PeriodicRunner(__name__)

TICK = 1.0


class PresenceTracker(TrackerQueries):
    """Counts people by their connections, over all processes.

        tracker = PresenceTracker(on_change=tell_room, on_notice=tell_people, on_stale=tell_page)
        await tracker.start()
        if await tracker.admit(user.id, connection, settings.MAX_SOCKETS_PER_USER):
            try:
                online = await tracker.arrive(room, user.id, connection)
                ...
            finally:
                tracker.depart(room, user.id, connection)     # or release(user.id, connection) if it never arrived

    connection: any text without white space, unique to this socket.
    The callbacks are plain functions, called in the loop; what they raise is logged.
    `overload` says what is too much just now: .degraded(room), .severe(), .notices(room), .state().
    """

    def __init__(
        self,
        *,
        on_change: Callable[[PresenceChange], None],
        on_notice: Callable[[OverloadNotice], None] | None = None,
        on_stale: Callable[[bool], None] | None = None,
        measures: Mapping[str, Callable[[], float]] | None = None,
        clients: list | None = None,
        clock: Callable[[], float] | None = None,
    ):
        """on_change(change): tell the room's group; it is called in one process only.
        on_notice(notice): tell the room's group, or everybody; it is called in one process only.
        on_stale(stale): True when Redis went away, False when it is back and the lists are right again: tell this
        process's own sockets, and after False give them fresh lists (`online`), since changes may have gone untold.
        measures: "database" or "bot" → a quick function that gives their load, 1.0 or more being too much.
        clients: redis.asyncio clients, one a shard; by default made from the settings.
        clock: seconds; by default the clock of each Redis, so that the clocks of the hosts do not matter.
        """
        change = _log_errors(on_change)
        clients = make_async_clients() if clients is None else clients
        self._shards = [Shard(client, lambda told: self._changed(change, told), clock) for client in clients]
        self._on_stale = _log_errors(on_stale)
        self._was_stale = False
        self._sockets: Counter[int] = Counter()  # of this process, a person
        self._active: set[int] = set()
        self._grace = GRACE
        self._tasks: list[asyncio.Task] = []
        self.overload = OverloadMonitor(
            self._shard_of_room,
            _log_errors(on_notice),
            settings.OVERLOAD_ROOM_USERS,
            settings.OVERLOAD_SERVER_USERS,
            measures or {},
            clock or time.monotonic,
        )

    async def start(self) -> None:
        """Begin to beat and to sweep. Succeeds without Redis too."""
        # Without turns everybody here would expire. They are spread, so that not all processes ask Redis at once.
        turns = _runner.run_every(TICK, self._run_tick, delay=0, jitter=0.1)
        self._tasks = [asyncio.create_task(turns), asyncio.create_task(self.overload.loop_delay.measure())]

    def begin_shutdown(self) -> None:
        """From now on those who depart get 10 seconds instead of 3 to be back unnoticed: call it on SIGTERM."""
        self._grace = RESTART_GRACE

    async def stop(self) -> None:
        """Depart all, and end. Whoever is back within 10 seconds was never seen leaving."""
        self.begin_shutdown()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for shard in self._shards:
            for room, members in list(shard.rooms.items()):
                for member in list(members):
                    shard.depart(room, member, self._grace)
        self._sockets.clear()
        await asyncio.gather(*(shard.pipeline.close() for shard in self._shards))

    async def admit(self, user_id: int, connection: str, limit: int) -> bool:
        """Whether this person may open one more socket. True takes the place, until `depart` or `release`."""
        member = f"{user_id}:{connection}"
        self._sockets[user_id] += 1
        try:
            reply = await self._wait_reply(
                lambda done: self._shard_of_user(user_id).arrive(SERVER, member, limit, done)
            )
        except asyncio.CancelledError:
            self.release(user_id, connection)
            raise
        admitted = bool(reply[0]) if reply else self._sockets[user_id] <= limit
        if admitted:
            self.note_activity(user_id)
        else:
            self.release(user_id, connection)
        return admitted

    def release(self, user_id: int, connection: str) -> None:
        """Give the place back that `admit` took, for a socket that never arrived in a room."""
        if self._shard_of_user(user_id).depart(SERVER, f"{user_id}:{connection}", self._grace):
            self._sockets[user_id] -= 1
            if not self._sockets[user_id]:
                del self._sockets[user_id]

    async def arrive(self, room: str, user_id: int, connection: str) -> OnlineList:
        """Somebody opened a connection to a room. Returns who is there, themselves included."""
        member = f"{user_id}:{connection}"
        try:
            reply = await self._wait_reply(lambda done: self._shard_of_room(room).arrive(room, member, 0, done))
        except asyncio.CancelledError:
            self.depart(room, user_id, connection)
            raise
        if not reply:
            return self._local_view(room)
        self.overload.update_room(room, reply[1][0], reply[2])
        return self._view(room, reply[1])

    def leave(self, room: str, user_id: int, connection: str, at_once: bool = False) -> None:
        """A connection that stays open is in this room no longer. Never waits.

        at_once: the room hears of it now, since they do not come back: they were removed.
        """
        self._shard_of_room(room).depart(room, f"{user_id}:{connection}", 0 if at_once else self._grace)

    def depart(self, room: str, user_id: int, connection: str) -> None:
        """A connection ended; its admission ends too. Never waits. Unknown connections do no harm."""
        self.leave(room, user_id, connection)
        self.release(user_id, connection)

    @property
    def connections(self) -> int:
        """Sockets of this process that hold a place, for MAX_CONNECTIONS."""
        return sum(len(shard.rooms.get(SERVER, ())) for shard in self._shards)

    @property
    def stale(self) -> bool:
        """Whether a Redis is away just now, or only just back."""
        return any(shard.stale for shard in self._shards)

    @property
    def round_trips(self) -> int:
        """Exchanges with Redis so far, for metrics."""
        return sum(shard.pipeline.round_trips for shard in self._shards)

    async def tick(self) -> None:
        """What is done once a second: beat if due, sweep, judge the load. Ends when Redis has answered."""
        coalescing = self.overload.degraded()
        for shard, ids in self._group_by_shard(self._take_active(), empty=True):
            shard.coalescing = coalescing
            shard.tick(ids, partial(self.overload.replace_overloads, shard))
        self.overload.review(self._total_people(), {room for shard in self._shards for room in shard.rooms})
        await asyncio.gather(*(shard.pipeline.flush() for shard in self._shards))
        if self.stale != self._was_stale:
            self._was_stale = not self._was_stale
            self._on_stale(self._was_stale)

    async def _run_tick(self) -> bool:
        """Whether the next one is due at once."""
        await self.tick()
        return any(shard.needs_tick for shard in self._shards)

    def _total_people(self) -> int | None:
        """How many people are on the server; None while a Redis has not said so yet, or is only being filled again."""
        parts = [shard.people for shard in self._shards if shard.people is not None]
        return None if self.stale or len(parts) < len(self._shards) else sum(parts)

    def _changed(self, on_change, change: PresenceChange):
        self.overload.update_room(change.room, change.online)
        on_change(change)

    def _take_active(self) -> set[int]:
        active, self._active = self._active, set()
        return active


def _log_errors(callback: Callable | None) -> Callable:
    def call(*args):
        try:
            if callback:
                callback(*args)
        except Exception:
            logger.exception("a presence callback failed")

    return call
