"""Waiting for what was published."""

import asyncio

from .waiting import PATIENCE


async def next_of(queue: asyncio.Queue) -> dict:
    async with asyncio.timeout(PATIENCE):
        return await queue.get()
