"""One HTTP/1.1 connection to a model's server, read a few times a second.

While nothing may be sent to the room anyway, tokens wait in the kernel, and one read takes them all. They leave with
the next one that comes: a model speaks evenly, and what is sent just when a token comes makes that one wait not at all.
"""

import asyncio
from typing import cast

import httptools
import httpx2

from .pacer import Pacer

MAX_HEAD_BYTES = 65_536  # bytes
TICK = 0.01  # seconds: paced reads of all connections fall together, and what they lead to is sent together
BACKLOG_THRESHOLD = 0.002  # seconds: what is read so soon after reading began had been waiting

_LENGTHS = (b"content-length", b"transfer-encoding")


class HttpConnection(asyncio.Protocol):
    """Serves one request at a time. Errors are httpx2's."""

    pacer: Pacer | None  # of reads; None: as data comes
    _transport: asyncio.Transport  # from `connection_made` on
    _chunks: list[bytes]
    _ended: bool

    def __init__(self):
        self._loop = asyncio.get_running_loop()

        self._idle_timer: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None  # until reading begins, or until what was read is passed on
        self._reset()

    @property
    def is_usable(self) -> bool:
        """Whether it can serve another request: the answer has ended, and both sides keep it."""
        return self._kept_by_server and not self._error and not self._transport.is_closing()

    async def send_request(self, request: bytes, seconds: float | None) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Send a request. Returns the status and the headers of the answer."""
        if self._idle_timer:
            self._idle_timer.cancel()
        self._reset()
        self._transport.write(request)
        try:
            async with asyncio.timeout(seconds):
                while not self._has_head:
                    await self._wait_for_data()
        except TimeoutError:
            raise httpx2.ReadTimeout(f"no answer within {seconds:g} seconds") from None
        return self._parser.get_status_code(), self._headers

    async def read(self) -> bytes:
        """What has come of the body; nothing at its end. It may take as long as the server likes."""
        while not self._chunks and not self._ended:
            await self._wait_for_data()
        data, self._chunks = b"".join(self._chunks), []
        return data

    def set_read_interval(self, every: float) -> None:
        """From now on read at most each so many seconds."""
        if self.pacer is None:
            self.pacer = Pacer(every, TICK)
            self.pacer.advance(self._loop.time())

    def close_when_idle(self, seconds: float) -> None:
        """Wait for the next request; close when none comes."""
        self._idle_timer = self._loop.call_later(seconds, self.close)

    def close(self) -> None:
        """At once, also in the middle of an answer: the server is to stop writing it."""
        self._transport.abort()

    def _reset(self) -> None:
        self.pacer = None
        self._parser = httptools.HttpResponseParser(self)
        self._headers: list[tuple[bytes, bytes]] = []
        self._head_size = 0
        self._chunks = []
        self._has_head = self._has_length = self._ended = self._kept_by_server = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future | None = None

    async def _wait_for_data(self) -> None:
        """Wait until something came: only meanwhile is the socket read."""
        if self._error:
            raise self._error
        self._waiter = self._loop.create_future()
        if self.pacer and self.pacer.due > self._loop.time():
            self._timer = self._loop.call_at(self.pacer.due, self._transport.resume_reading)
        else:
            self._transport.resume_reading()
        try:
            await self._waiter
        finally:
            self._stop_timer()

    def _deliver(self) -> None:
        self._stop_timer()
        if not self._ended:  # else it waits for the next question, or for the server to hang up
            self._transport.pause_reading()
        if self.pacer:
            self.pacer.advance(self._loop.time())
        self._wake()

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    # --- what the socket tells ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._ended:  # nobody asked
            self.close()
            return
        waited = self.pacer and not self._chunks and self._loop.time() < self.pacer.due + BACKLOG_THRESHOLD
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._error = httpx2.RemoteProtocolError(str(error))
        self._head_size += 0 if self._has_head else len(data)
        if self._head_size > MAX_HEAD_BYTES:
            self._error = httpx2.RemoteProtocolError("the head of the answer has no end")
        if waited and self.pacer and self._chunks and not (self._ended or self._error):
            soon = self.pacer.interval / (len(self._chunks) + 1)  # the more waited, the sooner the next one comes
            self._timer = self._loop.call_later(soon, self._deliver)
        else:
            self._deliver()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._ended and not self._error:
            self._ended = self._has_head and not self._has_length and error is None
            self._error = None if self._ended else httpx2.ReadError(str(error or "the server hung up"))
        self._wake()

    # --- what the parser finds ---

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value))
        self._has_length = self._has_length or name.lower() in _LENGTHS

    def on_headers_complete(self) -> None:
        self._has_head = self._parser.get_status_code() >= 200
        if not self._has_head:  # "100 Continue" and the like: the answer follows
            self._headers = []

    def on_body(self, body: bytes) -> None:
        self._chunks.append(body)

    def on_message_complete(self) -> None:
        self._ended = self._has_head
        self._kept_by_server = self._ended and self._parser.should_keep_alive()
