"""What a web process starts with and what it does when it is told to stop."""

import asyncio
import contextlib

from rooms.realtime.hub import hub

from ..monitoring.liveness import process
from .maintenance import (
    erase_traces_regularly,
    go_on_erasing_regularly,
    store_token_use,
    store_token_use_regularly,
    tidy_regularly,
)


async def lifespan(scope, receive, send):
    """ASGI's lifespan protocol: the hub begins with the process, and empties its queues at the end."""
    tasks = []
    regularly = (
        tidy_regularly,
        erase_traces_regularly,
        go_on_erasing_regularly,
        store_token_use_regularly,
        process.watch,
    )
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            scope.get("state", {})["admission"] = hub().connection_limiter  # for mysite/http/protocol.py
            tasks = [asyncio.create_task(work()) for work in regularly]
            await send({"type": "lifespan.startup.complete"})
        else:
            for task in tasks:
                task.cancel()
            await store_token_use()
            with contextlib.suppress(TimeoutError):
                await hub().close()
            await send({"type": "lifespan.shutdown.complete"})
            return
