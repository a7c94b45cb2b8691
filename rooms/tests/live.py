"""A web process in a thread, and clients that speak chat.v1 to it over real sockets."""

import contextlib
import json
import socket
import threading
import time
import uuid

import msgspec
import uvicorn
from django.conf import settings
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from mysite.tests.waiting import PATIENCE
from rooms.kernel.wire import AnyEvent, RoomEvents


class WebProcess:
    """uvicorn with this project's protocol class and application, on a free port."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.loop = None

    def __enter__(self):
        from mysite.asgi import application

        config = uvicorn.Config(
            application,
            http="mysite.http.protocol:HttpProtocol",
            ws="rooms.realtime.websocket.uvicorn_protocol:Protocol",
            ws_per_message_deflate=False,
            ws_max_size=65536,
            lifespan="on",
            log_level="warning",
            loop="uvloop",
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],), daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_):
        self.stop()
        self._thread.join(10)

    def stop(self) -> None:
        """As SIGTERM does it. Returns at once."""
        self._server.should_exit = True

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def open(self, user, room: str, **options) -> "Socket":
        return Socket(self, user, room, **options)

    def open_page(self, user, **options) -> "PageSocket":
        return PageSocket(self, user, None, path="/ws/page/", **options)


class Socket:
    """One client. `wait` returns the next event that fits; what came before it is in `seen`."""

    def __init__(self, process, user, room, *, subprotocol="chat.v1", since=None, headers=None, origin=None, path=None):
        query = "" if since is None else f"?since={since}"
        headers = dict(headers or {})
        if user is not None:
            headers["Cookie"] = cookie(user)
        self.ws = connect(
            f"ws://127.0.0.1:{process.port}{path or f'/ws/chat/{room}/'}{query}",
            subprotocols=[subprotocol] if subprotocol else None,
            additional_headers=headers,
            origin=process.origin if origin is None else origin or None,
            compression=None,
            max_size=None,
            legacy=True,  # opened here, closed by our own `with`
        )
        self.seen: list[dict] = []
        self._waiting: list[dict] = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ws.close()

    def send(self, type: str, **fields) -> str:
        id = fields.setdefault("id", str(uuid.uuid4()))
        self.raw(json.dumps({"type": type, **fields}))
        return id

    def raw(self, data) -> None:
        self.ws.send(data)

    def flood(self, frames) -> None:
        """Send all, or as much as fits before the server closes the socket: see `closed`."""
        with contextlib.suppress(ConnectionClosed):
            for frame in frames:
                self.ws.send(frame)

    def events_of(self, frame) -> list[dict]:
        return frame if isinstance(frame, list) else [frame]

    def next(self, seconds: float = PATIENCE) -> dict:
        if not self._waiting:
            self._waiting += self.events_of(json.loads(self.ws.recv(timeout=seconds)))
            msgspec.convert(self._waiting, list[AnyEvent])  # or raises ValidationError
        event = self._waiting.pop(0)
        self.seen.append(event)
        return event

    def wait(self, type: str, seconds: float = PATIENCE, **fields) -> dict:
        """The next event of this type with these values."""
        until = time.monotonic() + seconds
        while True:
            event = self.next(max(0.01, until - time.monotonic()))
            if event["type"] == type and all(event.get(name) == value for name, value in fields.items()):
                return event

    def all_for(self, seconds: float) -> list[dict]:
        """Everything that comes within a time: to show that something does not."""
        found, until = [], time.monotonic() + seconds
        with contextlib.suppress(TimeoutError):
            while True:
                found.append(self.next(max(0.001, until - time.monotonic())))
        return found

    def closed(self, seconds: float = PATIENCE) -> tuple[int, str]:
        """Wait for the close frame: its code and reason."""
        try:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                self.next(seconds)
        except ConnectionClosed as end:
            return (end.rcvd.code, end.rcvd.reason) if end.rcvd else (1006, "")
        raise AssertionError(f"still open after {seconds} s")


class PageSocket(Socket):
    """That of a page. `where` says of an event of a room which one."""

    def events_of(self, frame) -> list[dict]:
        if "events" not in frame:
            return super().events_of(frame)
        msgspec.convert(frame, RoomEvents)  # or raises ValidationError
        return [{**event, "where": frame["room"]} for event in frame["events"]]

    def subscribe(self, room: str, **fields) -> dict:
        """Enter a room, and wait until that is confirmed. Returns its `welcome`."""
        id = self.send("subscribe", room=room, **fields)
        welcome = self.wait("welcome", room=room)
        self.wait("ack", id=id)
        return welcome


def until(holds) -> None:
    """Wait for what has no event."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def cookie(user) -> str:
    """The Cookie header of a fresh session of this person."""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
