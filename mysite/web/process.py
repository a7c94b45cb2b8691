"""A web process, as `manage.py serve` starts it: uvicorn on sockets that it inherits.

python -m mysite.web READY FD…    READY: a pipe that gets one byte when the process serves
"""

import asyncio
import gc
import os
import socket

import uvicorn

from mysite import database
from mysite.supervisor.heartbeat import send_heartbeats
from rooms.kernel.protocol import MAX_FRAME
from rooms.realtime.websocket.uvicorn_protocol import Protocol

SHUTDOWN_TIMEOUT = 5  # seconds for open requests when the process stops
KEEP_ALIVE_TIMEOUT = 75  # seconds; longer than in proxies, which might otherwise use a connection that is being closed


def main(ready: int, descriptors: list[int]) -> int:
    """Returns the exit code: 1 when it could not start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    database.use_serving_options()
    database.leave_log_to_jobs()
    config = uvicorn.Config(
        "mysite.asgi:application",
        loop="uvloop",
        http="mysite.http.protocol:HttpProtocol",
        ws=Protocol,
        ws_max_size=MAX_FRAME,
        ws_per_message_deflate=False,
        lifespan="on",
        backlog=2048,
        timeout_graceful_shutdown=SHUTDOWN_TIMEOUT,
        timeout_keep_alive=KEEP_ALIVE_TIMEOUT,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # the application decides which proxies to trust (TRUSTED_PROXY_COUNT)
    )
    server = Server(config, ready)
    server.run(sockets=[socket.socket(fileno=number) for number in descriptors])
    return 0 if server.started else 1


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: int):
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets=None) -> None:
        """uvicorn's, and then one byte to whoever waits until this process serves."""
        await super().startup(sockets)
        if self.started:
            gc.freeze()  # loaded modules stay: each garbage collection took 20 to 100 ms without this
            os.write(self._ready, b".")
            os.close(self._ready)
            # needs Django, which is set up when the application is loaded
            from mysite.monitoring.liveness import process_liveness

            self._heartbeat_task = asyncio.create_task(send_heartbeats(process_liveness.wants_replacement))

    async def shutdown(self, sockets=None) -> None:
        """uvicorn's. Posts that wait for a database that hangs are refused first, so that their senders hear of it."""
        from mysite.monitoring.liveness import process_liveness
        from rooms.realtime.hub import hub

        if process_liveness.wants_replacement():
            hub().post_writer.refuse_waiting()
            await asyncio.sleep(0)  # let sockets send these errors before they close
        hub().tracker.begin_shutdown()  # closed clients reconnect at once: do not announce that they left
        await super().shutdown(sockets)
