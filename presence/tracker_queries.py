"""What a tracker is asked: answered by Redis, or within half a second by what this process knows itself."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Container, Iterable

from .overload import OverloadMonitor
from .shard import Shard
from .store import AWAY_AFTER, shard_of
from .types import OnlineList, PresenceStatus

QUERY_TIMEOUT = 0.5  # seconds that a caller waits for Redis


class TrackerQueries:
    """The asking half of a PresenceTracker."""

    overload: OverloadMonitor
    _shards: list[Shard]
    _sockets: Counter[int]  # of this process, a person
    _active: set[int]  # who did something since the last turn

    async def online(self, room: str, everybody: bool = False) -> OnlineList:
        """Who is in a room; `everybody` gives all ids of big rooms too."""
        reply = await self._query(self._shard_of_room(room), "online", int(everybody), room)
        return self._view(room, reply[0][0]) if reply else self._local_view(room)

    async def counts(self, rooms: Iterable[str], guess: bool = True) -> dict[str, int]:
        """How many people are in each room. Without `guess`, rooms whose Redis does not answer are left out."""
        found: dict[str, int] = {}
        for shard, names in self._group_by_shard(rooms):
            reply = await self._query(shard, "counts", *names)
            if reply or guess:
                counted = reply[0] if reply else [len(_people_in(shard, name)) for name in names]
                found |= zip(names, counted, strict=True)
        return found

    async def status(self, user_ids: Iterable[int]) -> dict[int, PresenceStatus]:
        """Here, away or when last seen, for each."""
        found: dict[int, PresenceStatus] = {}
        for shard, ids in self._group_by_shard(user_ids):
            reply = await self._query(shard, "status", *ids)
            if reply:
                found |= zip(ids, map(parse_status, reply[0]), strict=True)
            else:
                found |= {id: PresenceStatus(here=id in self._sockets) for id in ids}
        return found

    async def bots(self, user_ids: Iterable[int], known: Container[int] = ()) -> set[int]:
        """Those of these bots that a worker is alive for; where Redis does not answer, those that are `known`."""
        alive: set[int] = set()
        for shard, ids in self._group_by_shard(user_ids):
            reply = await self._query(shard, "bots", *ids)
            here = reply[0] if reply else [id in known for id in ids]
            alive.update(id for id, is_here in zip(ids, here, strict=True) if is_here)
        return alive

    async def typing(self, room: str, user_id: int) -> bool:
        """Whether to tell the room that they type: once in 3 s a person, never above 200 people or when overloaded."""
        self.note_activity(user_id)
        if self.overload.degraded(room):
            return False
        reply = await self._query(self._shard_of_room(room), "typing", room, user_id)
        return bool(reply and reply[0])

    def note_activity(self, user_id: int) -> None:
        """This person did something just now (typed, sent, read). Cheap: call it for every command."""
        self._active.add(user_id)

    def _shard_of_room(self, room: str) -> Shard:
        return self._shards[shard_of(room, len(self._shards))]

    def _shard_of_user(self, user_id: int) -> Shard:
        """Where a person's admissions and status live."""
        return self._shards[shard_of(user_id, len(self._shards))]

    def _group_by_shard(self, names: Iterable, empty: bool = False) -> list[tuple[Shard, list]]:
        groups: list[tuple[Shard, list]] = [(shard, []) for shard in self._shards]
        for name in names:
            groups[shard_of(name, len(groups))][1].append(name)
        return [group for group in groups if group[1] or empty]

    async def _query(self, shard: Shard, script: str, *args):
        return await self._wait_reply(lambda done: shard.call(script, *args, done=done))

    async def _wait_reply(self, begin: Callable[[Callable], None]):
        """What a call is answered, or None when that takes too long; the call itself goes on."""
        future = asyncio.get_running_loop().create_future()

        def answered(reply) -> None:
            if not future.done():
                future.set_result(reply)

        begin(answered)
        if future.done():
            return future.result()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(QUERY_TIMEOUT):
                return await future
        return None

    def _view(self, room: str, listing: list) -> OnlineList:
        people, ids, typing = listing
        stale = self._shard_of_room(room).stale
        return OnlineList(
            [int(id) for id in ids], people, stale, [int(id) for id in typing], self.overload.notices(room)
        )

    def _local_view(self, room: str) -> OnlineList:
        # Redis may have been slow only for this call: without this, nobody would put the list right.
        self._shard_of_room(room).mark_stale()
        ids = sorted(_people_in(self._shard_of_room(room), room))
        return OnlineList(ids, len(ids), stale=True, notices=self.overload.notices(room))


def parse_status(found: list) -> PresenceStatus:
    """From what status.lua says of one person."""
    here, idle, seen = found
    return PresenceStatus(
        bool(here), bool(here) and (idle < 0 or idle > AWAY_AFTER * 1000), seen / 1000 if seen >= 0 else None
    )


def _people_in(shard: Shard, room: str) -> set[int]:
    return {int(member.partition(":")[0]) for member in shard.rooms.get(room, ())}
