"""Bots are here while a worker says so: it announces them each 10 s, and 30 s after the last time they are gone."""

import asyncio
from collections.abc import Callable, Iterable

from redis.asyncio import Redis

from .shard import Shard
from .store import BEAT, LIFETIME, SERVER, make_async_clients, shard_of

__all__ = ["BEAT", "BotPresence"]


class BotPresence:
    """For a worker's loop.

        presence = BotPresence()
        while working:
            await presence.announce(bot_ids, overloaded=waiting > limit)
            await asyncio.sleep(BEAT)
        await presence.close(bot_ids)

    Who asks: `tracker.bots(ids)`, or `sync_client.get_live_bots(ids)` in a view. None of it raises when Redis is away.
    """

    def __init__(self, *, clients: list[Redis] | None = None, clock: Callable[[], float] | None = None):
        self._shards = [
            Shard(client, _ignore_change, clock) for client in (make_async_clients() if clients is None else clients)
        ]

    async def announce(self, user_ids: Iterable[int], overloaded: bool = False) -> None:
        """These bots are here for another 30 s. overloaded: the queue is over its limit, which is told to everybody."""
        await self._announce(list(user_ids), "1" if overloaded else "0", LIFETIME)

    async def close(self, user_ids: Iterable[int]) -> None:
        """The worker ends. The bots stay for 10 s, in which it may be back or another worker announces them."""
        await self._announce(list(user_ids), "0", BEAT)
        await asyncio.gather(*(shard.pipeline.close() for shard in self._shards))

    async def _announce(self, ids: list[int], too_long: str, seconds: float):
        for number, shard in enumerate(self._shards):
            mine = [id for id in ids if shard_of(id, len(self._shards)) == number]
            said = too_long if shard_of(SERVER, len(self._shards)) == number else ""
            shard.call("announce", shard.name, said, int(seconds * 1000), *mine, done=_ignore_reply, probe=True)
        await asyncio.gather(*(shard.pipeline.flush() for shard in self._shards))


def _ignore_change(_change):
    pass


def _ignore_reply(_reply):
    pass
