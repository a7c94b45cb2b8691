"""Who is here: one Tracker a web process. Redis decides who came and who left; this keeps it told.

Nothing here raises because Redis is away, and nothing waits for it longer than half a second.
"""

import asyncio
import contextlib
import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from django.conf import settings

from .facts import Change, Notice, Online, Status
from .overload import Overload
from .shard import Shard
from .store import AWAY_AFTER, GRACE, RESTART_GRACE, SERVER, connect, shard_of

logger = logging.getLogger(__name__)

PATIENCE = 0.5  # seconds that a caller waits for Redis
TICK = 1.0


class Tracker:
    """Counts people by their connections, over all processes.

        tracker = Tracker(on_change=tell_room, on_notice=tell_people, on_stale=tell_page)
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
        on_change: Callable[[Change], None],
        on_notice: Callable[[Notice], None] | None = None,
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
        change = _guarded(on_change)
        clients = connect() if clients is None else clients
        self._shards = [Shard(client, lambda told: self._changed(change, told), clock) for client in clients]
        self._on_stale = _guarded(on_stale)
        self._was_stale = False
        self._sockets: Counter[int] = Counter()  # of this process, a person
        self._active: set[int] = set()
        self._grace = GRACE
        self._tasks: list[asyncio.Task] = []
        self.overload = Overload(
            self._home,
            _guarded(on_notice),
            settings.OVERLOAD_ROOM_USERS,
            settings.OVERLOAD_SERVER_USERS,
            measures or {},
            clock or time.monotonic,
        )

    async def start(self) -> None:
        """Begin to beat and to sweep. Succeeds without Redis too."""
        self._tasks = [asyncio.create_task(self._run()), asyncio.create_task(self.overload.loop_delay.watch())]

    def shutting_down(self) -> None:
        """From now on those who depart get 10 seconds instead of 3 to be back unnoticed: call it on SIGTERM."""
        self._grace = RESTART_GRACE

    async def stop(self) -> None:
        """Depart all, and end. Whoever is back within 10 seconds was never seen leaving."""
        self.shutting_down()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for shard in self._shards:
            for room, members in list(shard.rooms.items()):
                for member in list(members):
                    shard.depart(room, member, self._grace)
        self._sockets.clear()
        await asyncio.gather(*(shard.lane.close() for shard in self._shards))

    async def admit(self, user_id: int, connection: str, limit: int) -> bool:
        """Whether this person may open one more socket. True takes the place, until `depart` or `release`."""
        member = f"{user_id}:{connection}"
        self._sockets[user_id] += 1
        try:
            reply = await self._answer(lambda done: self._of(user_id).arrive(SERVER, member, limit, done))
        except asyncio.CancelledError:
            self.release(user_id, connection)
            raise
        admitted = bool(reply[0]) if reply else self._sockets[user_id] <= limit
        if admitted:
            self._active.add(user_id)
        else:
            self.release(user_id, connection)
        return admitted

    def release(self, user_id: int, connection: str) -> None:
        """Give the place back that `admit` took, for a socket that never arrived in a room."""
        if self._of(user_id).depart(SERVER, f"{user_id}:{connection}", self._grace):
            self._sockets[user_id] -= 1
            if not self._sockets[user_id]:
                del self._sockets[user_id]

    async def arrive(self, room: str, user_id: int, connection: str) -> Online:
        """Somebody opened a connection to a room. Returns who is there, themselves included."""
        member = f"{user_id}:{connection}"
        try:
            reply = await self._answer(lambda done: self._home(room).arrive(room, member, 0, done))
        except asyncio.CancelledError:
            self.depart(room, user_id, connection)
            raise
        if not reply:
            return self._own_view(room)
        self.overload.heard(room, reply[1][0], reply[2])
        return self._view(room, reply[1])

    def depart(self, room: str, user_id: int, connection: str) -> None:
        """A connection ended; its admission ends too. Never waits. Unknown connections do no harm."""
        self._home(room).depart(room, f"{user_id}:{connection}", self._grace)
        self.release(user_id, connection)

    async def online(self, room: str, everybody: bool = False) -> Online:
        """Who is in a room; `everybody` gives all ids of big rooms too."""
        reply = await self._ask(self._home(room), "online", int(everybody), room)
        return self._view(room, reply[0][0]) if reply else self._own_view(room)

    async def counts(self, rooms: Iterable[str]) -> dict[str, int]:
        """How many people are in each room."""
        found: dict[str, int] = {}
        for shard, names in self._grouped(rooms):
            reply = await self._ask(shard, "counts", *names)
            counted = reply[0] if reply else [len(_people(shard, name)) for name in names]
            found |= zip(names, counted, strict=True)
        return found

    async def status(self, user_ids: Iterable[int]) -> dict[int, Status]:
        """Here, away or when last seen, for each."""
        found: dict[int, Status] = {}
        for shard, ids in self._grouped(user_ids):
            reply = await self._ask(shard, "status", *ids)
            if reply:
                found |= zip(ids, map(status_of, reply[0]), strict=True)
            else:
                found |= {id: Status(here=id in self._sockets) for id in ids}
        return found

    async def bots(self, user_ids: Iterable[int]) -> set[int]:
        """Those of these bots that a worker is alive for."""
        alive: set[int] = set()
        for shard, ids in self._grouped(user_ids):
            reply = await self._ask(shard, "bots", *ids)
            alive.update(id for id, here in zip(ids, reply[0] if reply else [], strict=False) if here)
        return alive

    def active(self, user_id: int) -> None:
        """This person did something just now (typed, sent, read). Cheap: call it for every command."""
        self._active.add(user_id)

    async def typing(self, room: str, user_id: int) -> bool:
        """Whether to tell the room that they type: once in 3 s a person, never above 200 people or when overloaded."""
        self._active.add(user_id)
        if self.overload.degraded(room):
            return False
        reply = await self._ask(self._home(room), "typing", room, user_id)
        return bool(reply and reply[0])

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
        return sum(shard.lane.round_trips for shard in self._shards)

    async def turn(self) -> None:
        """What is done once a second: beat if due, sweep, judge the load. Ends when Redis has answered."""
        thin = self.overload.degraded()
        for shard, ids in self._grouped(self._take_active(), empty=True):
            shard.thin = thin
            shard.tick(ids, partial(self.overload.know, shard))
        people = sum(shard.people for shard in self._shards)
        self.overload.review(people, {room for shard in self._shards for room in shard.rooms})
        await asyncio.gather(*(shard.lane.idle() for shard in self._shards))
        if self.stale != self._was_stale:
            self._was_stale = not self._was_stale
            self._on_stale(self._was_stale)

    async def _run(self):
        while True:
            try:
                await self.turn()
            except Exception:
                # Without this loop everybody here would expire: whatever broke, the next turn comes.
                logger.exception("a turn of presence failed")
                await asyncio.sleep(TICK)
            if not any(shard.hurried for shard in self._shards):
                await asyncio.sleep(TICK * random.uniform(0.9, 1.1))  # noqa: S311 - so that processes spread

    def _changed(self, on_change, change: Change):
        self.overload.heard(change.room, change.online)
        on_change(change)

    def _home(self, room: str) -> Shard:
        return self._shards[shard_of(room, len(self._shards))]

    _of = _home  # a person's admissions and status live on the shard of their id

    def _grouped(self, names: Iterable, empty: bool = False) -> list[tuple[Shard, list]]:
        groups = [(shard, []) for shard in self._shards]
        for name in names:
            groups[shard_of(name, len(groups))][1].append(name)
        return [group for group in groups if group[1] or empty]

    def _take_active(self) -> set[int]:
        active, self._active = self._active, set()
        return active

    async def _ask(self, shard: Shard, script: str, *args):
        return await self._answer(lambda done: shard.call(script, *args, done=done))

    async def _answer(self, begin: Callable[[Callable], None]):
        """What a call is answered, or None when that takes too long; the call itself goes on."""
        future = asyncio.get_running_loop().create_future()
        begin(lambda reply: future.done() or future.set_result(reply))
        if future.done():
            return future.result()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                return await future
        return None

    def _view(self, room: str, listing: list) -> Online:
        people, ids, typing = listing
        stale = self._home(room).stale
        return Online([int(id) for id in ids], people, stale, [int(id) for id in typing], self.overload.notices(room))

    def _own_view(self, room: str) -> Online:
        ids = sorted(_people(self._home(room), room))
        return Online(ids, len(ids), stale=True, notices=self.overload.notices(room))


def status_of(found: list) -> Status:
    """From what status.lua says of one person."""
    here, idle, seen = found
    return Status(bool(here), bool(here) and (idle < 0 or idle > AWAY_AFTER * 1000), seen / 1000 if seen >= 0 else None)


def _people(shard: Shard, room: str) -> set[int]:
    return {int(member.partition(":")[0]) for member in shard.rooms.get(room, ())}


def _guarded(callback: Callable | None) -> Callable:
    def call(*args):
        try:
            if callback:
                callback(*args)
        except Exception:
            logger.exception("a presence callback failed")

    return call
