"""What a web process does when it starts and when it stops."""

import asyncio
import contextlib

from rooms.realtime.hub import hub

from .. import fresh_settings
from ..monitoring.liveness import process_liveness
from . import maintenance


async def lifespan(scope, receive, send):
    """ASGI's lifespan protocol: starts the hub and periodic tasks; at the end, empties the hub's queues."""
    tasks = []
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            scope.get("state", {})["connection_limiter"] = hub().connection_limiter  # for mysite/http/protocol.py
            fresh = await fresh_settings.start()
            tasks = [fresh, *maintenance.start(), asyncio.create_task(process_liveness.watch())]
            await send({"type": "lifespan.startup.complete"})
        else:
            for task in tasks:
                task.cancel()
            await maintenance.runner.run_once(maintenance.store_use)
            with contextlib.suppress(TimeoutError):
                await hub().close()
            await send({"type": "lifespan.shutdown.complete"})
            return
