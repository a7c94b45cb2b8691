"""What a web process starts with and what it does when it is told to stop."""

import asyncio
import contextlib

from rooms.realtime.hub import hub

from ..monitoring.liveness import process
from . import maintenance


async def lifespan(scope, receive, send):
    """ASGI's lifespan protocol: the hub begins with the process, and empties its queues at the end."""
    tasks = []
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            scope.get("state", {})["admission"] = hub().connection_limiter  # for mysite/http/protocol.py
            tasks = [*maintenance.start(), asyncio.create_task(process.watch())]
            await send({"type": "lifespan.startup.complete"})
        else:
            for task in tasks:
                task.cancel()
            await maintenance.runner.run_once(maintenance.store_token_use)
            with contextlib.suppress(TimeoutError):
                await hub().close()
            await send({"type": "lifespan.shutdown.complete"})
            return
