"""Waiting for what was published."""

import asyncio

from redis.exceptions import RedisError

from .waiting import PATIENCE


async def next_of(queue: asyncio.Queue) -> dict:
    async with asyncio.timeout(PATIENCE):
        return await queue.get()


async def sent_until_received(layer, group: str, queue: asyncio.Queue) -> dict:
    """Messages are sent until one comes through, after an outage."""
    async with asyncio.timeout(PATIENCE):
        while queue.empty():
            try:
                await layer.group_send(group, {"type": "again"})
            except (RedisError, OSError):
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.05)
    return queue.get_nowait()
