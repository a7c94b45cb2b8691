"""Many websockets in one process and one loop: opens them, several at a time, and hands over what they receive."""

import select
import socket
import time
from collections.abc import Callable, Iterable

from . import websocket
from .dialects import Place

OPEN_SECONDS = 60.0
READ = 256 * 1024


class Client:
    """One connection. `rest`: the beginning of a frame whose end has not come yet."""

    __slots__ = ("number", "sock", "rest", "steps", "began", "delay", "is_open", "count", "sum")

    def __init__(self, number: int, sock: socket.socket, steps: Iterable):
        self.number = number
        self.sock = sock
        self.rest = b""
        self.steps = list(steps)
        self.began = time.monotonic()
        self.delay = 0.0  # seconds that opening took
        self.is_open = False
        self.count = self.sum = 0  # for whoever counts what it receives

    def send(self, data: bytes) -> None:
        self.sock.send(data)  # small, and to this machine: it fits the buffer


class Crowd:
    """`on_data(client, data)` gets the bytes that follow the opening; by default they are dropped."""

    def __init__(self, dialect, port: int):
        self.dialect = dialect
        self.port = port
        self.clients: list[Client] = []
        self.closed = 0  # connections that the server ended
        self.on_data: Callable[[Client, bytes], None] = self.drop
        self._poll = select.epoll()
        self._by_fd: dict[int, Client] = {}

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *_exc):
        for client in self.clients:
            client.sock.close()
        self._poll.close()

    def open(self, places: list[Place], at_once: int = 32) -> float:
        """Open one client a place, `at_once` at a time; returns the seconds that took. All are open, or it raises."""
        began, first, opened = time.monotonic(), len(self.clients), 0
        waiting = iter(places)
        for place in (next(waiting, None) for _ in range(at_once)):
            self._begin(place)
        while opened < len(places):
            if time.monotonic() - began > OPEN_SECONDS:
                raise RuntimeError(f"only {opened} of {len(places)} connections opened")
            self.turn(0.1)
            before, opened = opened, sum(client.is_open for client in self.clients[first:])
            for _ in range(opened - before):
                self._begin(next(waiting, None))
        return time.monotonic() - began

    def turn(self, wait: float) -> None:
        """Take what has come, waiting for it at most so many seconds."""
        for fd, _event in self._poll.poll(wait, 1024):
            client = self._by_fd[fd]
            try:
                data = client.sock.recv(READ)
            except BlockingIOError:
                continue
            except ConnectionResetError:
                data = b""
            if not data:
                self._lost(client)
            elif client.is_open:
                self.on_data(client, data)
            else:
                self._opening(client, data)

    def settle(self, seconds: float) -> None:
        """Read and drop for a while: arrivals of others, and what servers do after them."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self.turn(min(left, 0.1))

    def frames(self, client: Client, data: bytes) -> list[bytes]:
        """The texts among the frames that are complete now. Keeps the rest, and answers pings."""
        frames, client.rest = websocket.split(client.rest + data)
        texts = []
        for opcode, payload in frames:
            if opcode == websocket.TEXT and payload == b"2":  # Engine.IO asks whether we are there
                client.send(websocket.frame("3"))
            elif opcode == websocket.TEXT:
                texts.append(payload)
            elif opcode == websocket.PING:
                client.send(websocket.frame(payload, websocket.PONG))
            elif opcode == websocket.CLOSE:
                self._lost(client)
        return texts

    def drop(self, client: Client, data: bytes) -> None:
        self.frames(client, data)

    def _begin(self, place: Place | None) -> None:
        if place is None:
            return
        sock = socket.create_connection(("127.0.0.1", self.port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = Client(len(self.clients), sock, [(b"\r\n\r\n", None), *self.dialect.steps])
        self.clients.append(client)
        self._by_fd[sock.fileno()] = client
        sock.sendall(websocket.request(place.path, self.port, place.headers))
        sock.setblocking(False)
        self._poll.register(sock.fileno(), select.EPOLLIN)

    def _opening(self, client: Client, data: bytes) -> None:
        client.rest += data
        while client.steps and client.steps[0][0] in client.rest:
            mark, answer = client.steps.pop(0)
            if mark == b"\r\n\r\n":
                head, _, client.rest = client.rest.partition(mark)
                if b" 101 " not in head.partition(b"\r\n")[0]:
                    raise RuntimeError(f"a handshake was refused: {head[:200]!r}")
            if answer is not None:
                client.send(websocket.frame(answer))
        if not client.steps:
            client.is_open = True
            client.delay = time.monotonic() - client.began
            self.drop(client, b"")

    def _lost(self, client: Client) -> None:
        if not client.is_open:
            raise RuntimeError(f"a connection was closed while it was opened: {client.rest[:200]!r}")
        if client.sock.fileno() >= 0:
            self.closed += 1
            self._poll.unregister(client.sock.fileno())
            del self._by_fd[client.sock.fileno()]
            client.sock.close()
