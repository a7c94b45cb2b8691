"""Waiting for what must come, without measuring how long it takes."""

import asyncio

PATIENCE = 30.0  # seconds; a limit for a busy machine, not a time that is expected


async def until(holds, seconds: float = PATIENCE) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)
