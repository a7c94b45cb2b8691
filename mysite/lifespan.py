"""What a web process starts with and what it does when it is told to stop."""

import asyncio
import contextlib

from rooms.hub import hub

from .tidying import tidy_regularly


async def lifespan(scope, receive, send):
    """ASGI's lifespan protocol: the hub begins with the process, and empties its queues at the end."""
    tidying = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub()
            tidying = asyncio.create_task(tidy_regularly())
            await send({"type": "lifespan.startup.complete"})
        else:
            if tidying:
                tidying.cancel()
            with contextlib.suppress(TimeoutError):
                await hub().close()
            await send({"type": "lifespan.shutdown.complete"})
            return
