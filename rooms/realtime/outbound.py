"""The outgoing half of one socket. Nothing waits: a reader that does not keep up fills a bounded buffer and is closed.

Under our own server, frames go straight to the transport, whose buffer is the queue. Under any other ASGI server
(daphne, tests) there is a queue and a task in between.

A reader is judged by what it had not taken *before* a frame: one that kept up so far gets a frame of any size, such as
everything that was held back during an outage.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from functools import cached_property

import orjson

from rooms.realtime.websocket.uvicorn_protocol import CLOSE_TIMEOUT, EXTENSION, Protocol, text_frame

MAX_UNSENT = 1024 * 1024  # bytes
MAX_EVENTS = 256  # waiting for one reader
STALL_TIMEOUT = 30.0  # seconds that a reader may take nothing

# ASGI's, of a websocket: messages are dictionaries.
Receive = Callable[[], Awaitable[dict]]
Send = Callable[[dict], Awaitable[None]]


class Frame:
    """A text frame for many readers, encoded once."""

    def __init__(self, text: str, events: int = 1):
        self.text = text
        self.events = events

    @cached_property
    def wire(self) -> bytes:
        return text_frame(self.text)

    @classmethod
    def of(cls, texts: list[str]) -> "Frame":
        """Events that leave together, in one frame."""
        return cls(texts[0]) if len(texts) == 1 else cls(f"[{','.join(texts)}]", len(texts))

    @classmethod
    def of_room(cls, room: str, texts: list[str]) -> "Frame":
        """The same for sockets that are in several rooms."""
        return cls(f'{{"room":{orjson.dumps(room).decode()},"events":[{",".join(texts)}]}}', len(texts))


class TransportWriter:
    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        # Since the reader last fell behind:
        self._lag = self._events = self._bytes = self._taken = 0
        self._taken_at = 0.0

    @property
    def write_now(self) -> Callable[[bytes], None] | None:
        """Takes a frame's `wire` while the reader keeps up; None when `write` must be used."""
        return self._protocol.write_now

    def write(self, frame: Frame) -> bool:
        """False when the reader is too slow and must be closed."""
        if not self._protocol.keeps_up and not self._fits(frame):
            return False
        self._protocol.write_frame(frame.wire)
        return True

    def close(self, code: int, reason: str) -> None:
        """Send the close frame now. A peer that does not answer is cut off a little later."""
        self._protocol.close_now(code, reason)

    def watch(self, on_excess: Callable) -> None:
        """Call on_excess(excess, last) when the peer exceeds a limit; see rooms/realtime/websocket/inbound.py."""
        self._protocol.on_excess = on_excess

    def is_stalled(self) -> bool:
        """Whether the reader has taken nothing for STALL_TIMEOUT seconds. Call it regularly."""
        if self._protocol.keeps_up:
            return False
        self._look()
        return time.monotonic() - self._taken_at > STALL_TIMEOUT

    async def wait_writable(self) -> bool:
        """Wait until the reader keeps up. Returns False when it does not in time."""
        return await self._protocol.caught_up(STALL_TIMEOUT)

    def stop(self) -> None:
        """The socket is gone."""

    def _fits(self, frame: Frame) -> bool:
        unsent = self._look()
        self._events += frame.events
        self._bytes += len(frame.wire)
        return unsent + len(frame.wire) <= MAX_UNSENT and self._events <= MAX_EVENTS

    def _look(self) -> int:
        """Note whether the reader took something. Returns how much it has not taken."""
        unsent, anew = self._protocol.unsent, self._lag != self._protocol.lags
        if anew:
            self._lag, self._events, self._bytes = self._protocol.lags, 0, 0
        if anew or self._bytes - unsent > self._taken:
            self._taken, self._taken_at = self._bytes - unsent, time.monotonic()
        return unsent


class QueuedWriter:
    write_now = None

    def __init__(self, send: Send) -> None:
        self._send = send
        self._queue: deque[tuple[dict, int]] = deque()
        self._events = self._bytes = 0  # waiting
        self._sending_since: float | None = None
        self._awake, self._empty = asyncio.Event(), asyncio.Event()
        self._empty.set()
        self._closing = False
        self._task = asyncio.get_running_loop().create_task(self._run(), name="outbound")

    def write(self, frame: Frame) -> bool:
        """Queue a frame. False: the buffer is full, and nothing was queued."""
        if self._queue and (self._events + frame.events > MAX_EVENTS or self._bytes + len(frame.text) > MAX_UNSENT):
            return False
        self._put({"type": "websocket.send", "text": frame.text}, frame.events)
        return True

    def close(self, code: int, reason: str) -> None:
        """Queue the close, after all frames that wait."""
        self._closing = True
        self._put({"type": "websocket.close", "code": code, "reason": reason}, 0)

    def watch(self, on_excess: Callable) -> None:
        """Nothing to do: limiting what peers send is up to that server."""

    def is_stalled(self) -> bool:
        return self._sending_since is not None and time.monotonic() - self._sending_since > STALL_TIMEOUT

    async def wait_writable(self) -> bool:
        """Wait until everything is sent. False after STALL_TIMEOUT seconds."""
        try:
            async with asyncio.timeout(STALL_TIMEOUT):
                await self._empty.wait()
        except TimeoutError:
            return False
        return True

    def stop(self) -> None:
        # A close frame that is queued may still be sent.
        asyncio.get_running_loop().call_later(CLOSE_TIMEOUT if self._closing else 0, self._task.cancel)

    def _put(self, message: dict, events: int) -> None:
        self._queue.append((message, events))
        self._events += events
        self._bytes += len(message.get("text", ""))
        self._empty.clear()
        self._awake.set()

    async def _run(self) -> None:
        while True:
            await self._awake.wait()
            self._awake.clear()
            while self._queue:
                message, events = self._queue.popleft()
                self._events -= events
                self._bytes -= len(message.get("text", ""))
                self._sending_since = time.monotonic()
                try:
                    await self._send(message)
                except OSError:  # the socket is gone, and the consumer is told
                    self._empty.set()
                    return
                self._sending_since = None
                if message["type"] == "websocket.close":
                    return
            self._empty.set()


OutboundWriter = TransportWriter | QueuedWriter


def writer_for(scope: dict, send: Send) -> OutboundWriter:
    """Direct under our own server, which offers itself as an ASGI extension; queued under any other."""
    protocol = scope.get("extensions", {}).get(EXTENSION)
    return TransportWriter(protocol) if protocol else QueuedWriter(send)
