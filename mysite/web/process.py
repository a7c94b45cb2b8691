"""A web process, as `manage.py serve` starts it: uvicorn on sockets that it inherits.

python -m mysite.web READY FD…    READY: a pipe that is told once that it serves
"""

import asyncio
import gc
import os
import socket

import uvicorn

from mysite import database
from mysite.supervisor.heartbeat import beat
from rooms.kernel.protocol import MAX_FRAME
from rooms.realtime.websocket.uvicorn_protocol import Protocol

GRACE = 5  # seconds for open requests when it is to stop
KEEP_ALIVE = 75  # seconds; longer than proxies keep a connection, or they may send a request into one that closes


def main(ready: int, descriptors: list[int]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    database.serve()
    config = uvicorn.Config(
        "mysite.asgi:application",
        loop="uvloop",
        http="mysite.http.protocol:HttpProtocol",
        ws=Protocol,
        ws_max_size=MAX_FRAME,
        ws_per_message_deflate=False,
        lifespan="on",
        backlog=2048,
        timeout_graceful_shutdown=GRACE,
        timeout_keep_alive=KEEP_ALIVE,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # whom to believe is the application's decision (TRUSTED_PROXY_COUNT)
    )
    server = Server(config, ready)
    server.run(sockets=[socket.socket(fileno=number) for number in descriptors])
    return 0 if server.started else 1


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: int):
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        if self.started:
            gc.freeze()  # what is loaded by now stays: looking through it took 20 to 100 ms each time, for all sockets
            os.write(self._ready, b".")
            os.close(self._ready)
            # not before Django is set up, which loading the application does
            from mysite.monitoring.liveness import process

            self._beating = asyncio.create_task(beat(process.wants_replacement))

    async def shutdown(self, sockets=None) -> None:
        from mysite.monitoring.liveness import process
        from rooms.realtime.hub import hub

        if process.wants_replacement():
            hub().post_writer.refuse_waiting()
            await asyncio.sleep(0)  # what their sockets are told leaves before the sockets close
        hub().tracker.begin_shutdown()  # who is closed now will be back in a moment: others need not see them leave
        await super().shutdown(sockets)
