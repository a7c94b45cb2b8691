"""What a web process starts with and what it does when it is told to stop."""

import contextlib

from rooms.hub import hub


async def lifespan(scope, receive, send):
    """ASGI's lifespan protocol: the hub begins with the process, and empties its queues at the end."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub()
            await send({"type": "lifespan.startup.complete"})
        else:
            with contextlib.suppress(TimeoutError):
                await hub().close()
            await send({"type": "lifespan.shutdown.complete"})
            return
