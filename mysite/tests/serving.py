"""uvicorn in the test's own loop, with this project's protocol classes and an application that the test gives."""

import asyncio
import socket

import uvicorn
from websockets.asyncio.client import connect

from rooms.realtime.websocket.uvicorn_protocol import EXTENSION, Protocol

from .waiting import until


class Serving:
    """uvicorn in this loop, with an application that a test gives; `protocols` are those of open sockets."""

    def __init__(self, application, **options):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.protocols: list[Protocol] = []

        async def remember(scope, receive, send):
            if scope["type"] == "websocket":
                self.protocols.append(scope["extensions"][EXTENSION])
            await application(scope, receive, send)

        config = uvicorn.Config(
            remember,
            ws=Protocol,
            ws_per_message_deflate=False,
            lifespan="off",
            log_level="error",
            proxy_headers=False,
            **options,
        )
        self._server = uvicorn.Server(config)

    async def __aenter__(self):
        self._task = asyncio.create_task(self._server.serve([self._listener]))
        await until(lambda: self._server.started)
        return self

    async def __aexit__(self, *_):
        self._server.should_exit = self._server.force_exit = True
        for connection in [*self.connections]:  # since Python 3.12 the server waits for the last of them
            connection.transport.abort()
        await self._task

    @property
    def connections(self) -> set:
        """Protocols of open connections, of both kinds."""
        return self._server.server_state.connections

    def open(self, path: str = "", **options):
        return connect(f"ws://127.0.0.1:{self.port}/{path}", compression=None, proxy=None, **options)

    async def deaf(self) -> socket.socket:
        """A socket that reads nothing after the handshake."""
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(sock, ("127.0.0.1", self.port))
        request = (
            "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        await loop.sock_sendall(sock, request.encode())
        assert b" 101 " in await loop.sock_recv(sock, 64)
        return sock


async def listening(scope, receive, send):
    """Accepts, and waits for the end."""
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass
