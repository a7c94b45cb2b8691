"""A bare HTTP client, an application behind the server's protocol classes, and what they say to each other."""

import asyncio
import contextlib
import socket

from mysite.http.protocol import HttpProtocol

from .serving import Serving
from .waiting import PATIENCE

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST %s HTTP/1.1\r\nHost: localhost\r\n"


class App:
    """Reads whole bodies, and says how long they were. `held`: answers only when that is set."""

    def __init__(self, held: asyncio.Event | None = None, answer: bytes = b""):
        self.seen: list[tuple[str, str, bytes]] = []
        self.gone = 0  # requests whose client went away
        self._held, self._answer = held, answer

    async def __call__(self, scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.gone += 1
                return
            body += message["body"]
            more = message["more_body"]
        self.seen.append((scope["method"], scope["path"], body))
        if self._held:
            await self._held.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": self._answer or str(len(body)).encode()})


def serving(app) -> Serving:
    return Serving(app, http=HttpProtocol)


class Peer:
    """A bare connection. What the server says is read from the start, so that nothing is lost when it resets it."""

    @classmethod
    async def to(cls, server: Serving, reads: bool = True) -> "Peer":
        peer = cls()
        peer._socket, peer._sending, peer._received = socket.socket(), asyncio.Lock(), b""
        peer._socket.setblocking(False)
        await asyncio.get_running_loop().sock_connect(peer._socket, ("127.0.0.1", server.port))
        peer._reading = asyncio.create_task(peer._read()) if reads else None
        return peer

    async def send(self, data: bytes) -> bool:
        """False when the server has ended the connection."""
        async with self._sending:
            try:
                await asyncio.get_running_loop().sock_sendall(self._socket, data)
            except OSError:
                return False
        return True

    async def send_without_end(self, data: bytes) -> int:
        """Bytes that were sent before the server ended the connection."""
        sent = 0
        while await self.send(data):
            sent += len(data)
            await asyncio.sleep(0)
        return sent

    async def answer(self) -> tuple[int, dict[bytes, bytes], bytes]:
        """Status, headers and all that follows until the server closes."""
        await asyncio.wait_for(self._reading, PATIENCE)
        await self.close()
        data = self._received
        if not data:
            return 0, {}, b""
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.split(b"\r\n")
        return int(first.split(b" ")[1]), dict(line.split(b": ", 1) for line in lines), body

    async def status(self) -> int:
        return (await self.answer())[0]

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while piece := await loop.sock_recv(self._socket, 2**20):
                self._received += piece
        except ConnectionResetError:
            pass  # what the peer still sent was not read

    async def close(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # who still sends or reads is woken
        if self._reading:
            await self._reading
        async with self._sending:
            self._socket.close()


async def ask(server: Serving, data: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
    peer = await Peer.to(server)
    await peer.send(data)
    return await peer.answer()
