"""Several processes in one: trackers that share a Redis, a clock that tests turn, and what each of them told."""

import itertools

import pytest
from redis import Redis

from presence import store
from presence.tracker import PresenceTracker
from presence.types import OverloadNotice, PresenceChange

_numbers = itertools.count()


class World:
    """Any number of web processes over one Redis, under a prefix of their own."""

    def __init__(self, settings):
        settings.REDIS_PREFIX = f"test{next(_numbers)}"
        self.prefix = store.prefix()
        self.now = 1_000_000.0
        self.changes: list[PresenceChange] = []
        self.notices: list[OverloadNotice] = []
        self.stale: list[bool] = []
        self.url = settings.REDIS_URLS[0]
        self.redis = Redis.from_url(self.url, decode_responses=True)
        self.trackers: list[PresenceTracker] = []

    def process(self, **options) -> PresenceTracker:
        heard = {"on_change": self.changes.append, "on_notice": self.notices.append, "on_stale": self.stale.append}
        tracker = PresenceTracker(**(heard | {"clock": lambda: self.now} | options))
        self.trackers.append(tracker)
        return tracker

    async def crash(self, tracker: PresenceTracker) -> None:
        """As kill -9: nothing is said, nothing is beaten any more."""
        self.trackers.remove(tracker)
        for shard in tracker._shards:
            await shard.pipeline.close()

    async def settle(self) -> None:
        """Until all that was begun is done."""
        for tracker in self.trackers:
            for shard in tracker._shards:
                while shard.pipeline.is_busy:
                    await shard.pipeline.flush()

    async def wait(self, seconds: int) -> None:
        """Time goes by, and every process lives through it."""
        await self.settle()
        for _ in range(seconds):
            self.now += 1
            for tracker in self.trackers:
                await tracker.tick()
        await self.settle()

    def forget(self, url: str | None = None) -> None:
        """Redis is empty, as after a restart without its file."""
        with Redis.from_url(url or self.url) as redis:
            for key in redis.scan_iter(f"{self.prefix}:*"):
                redis.delete(key)

    def take_changes(self, room="lobby") -> list[tuple[str, int]]:
        """What was told since the last time, as ("joined" | "left", user)."""
        told = [
            (word, user)
            for change in self.changes
            if change.room == room
            for word, users in (("joined", change.joined), ("left", change.left))
            for user in users
        ]
        self.changes.clear()
        return told

    async def close(self) -> None:
        for tracker in list(self.trackers):
            await self.crash(tracker)
        self.forget()
        self.redis.close()


@pytest.fixture
async def world(settings):
    world = World(settings)
    yield world
    await world.close()
