"""The incoming half of the websocket protocol, which keeps one peer from slowing down the others.

uvicorn parses and queues everything that one read returns. Here frame headers are checked first
(rooms/realtime/websocket/frame_limits.py), a few frames are parsed in each iteration of the event loop, and reading
pauses until the application has consumed them. Reading also pauses when a peer exceeds a limit. The peer is warned, and
closed with 1008 if it goes on.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.protocol import State

from rooms.kernel.close_reasons import close_frame
from rooms.realtime.websocket.frame_limits import Excess, FrameGate

if TYPE_CHECKING:  # a private module of uvicorn
    from uvicorn._types import ASGIReceiveEvent

EXCESS_TOLERANCE = 3.0  # seconds that a peer may exceed a limit after the warning
FORGET_EXCESS_AFTER = 30.0  # seconds without an excess, after which the next one is only warned about
MIN_PAUSE = 0.25  # seconds
_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class InboundProtocol(WebSocketsSansIOProtocol):
    """The base of `Protocol` (rooms/realtime/websocket/uvicorn_protocol.py), which has `close_now` and `keeps_up`."""

    # on_excess(excess, last) is called when the peer exceeds a limit; last: it will be closed for that now.
    on_excess: Callable[[Excess, bool], None] | None = None

    def __init__(self, *args: Any, **options: Any) -> None:  # uvicorn's
        super().__init__(*args, **options)
        self.flooded = False  # closed for exceeding a limit: nothing more is read
        self._gate = FrameGate(settings.RATE_MESSAGES / settings.RATE_SECONDS)
        self._unparsed = b""
        self._pause: asyncio.TimerHandle | None = None
        self._first_excess = self._last_excess = float("-inf")
        self._owed_pong = b""

    @property
    def keeps_up(self) -> bool:
        """Whether the peer reads what it is sent: false while the transport's buffer is full."""
        raise NotImplementedError

    def close_now(self, code: int, reason: str) -> None:
        """Send a close frame without waiting for the peer to read what was sent before."""
        raise NotImplementedError

    @property
    def is_open(self) -> bool:
        # uvloop raises on a lost transport, and the application learns of it only in the next iteration of the loop.
        return self.conn.state is State.OPEN and not self.close_sent and not self.disconnected

    def data_received(self, data: bytes) -> None:
        if self.handshake_initiated:
            if not self.flooded:
                self._unparsed = self._unparsed + data if self._unparsed else data
                self.parse_on()
            return
        super().data_received(data)  # the complete request, read by the HTTP protocol
        if not self.handshake_initiated and not self.close_sent:
            self._reject_handshake()

    def parse_on(self) -> None:
        """Parse some frames, and continue in the next iteration of the loop. Does nothing while paused."""
        if self._unparsed and self.handshake_complete and not self.read_paused and self._pause is None:
            now = self.loop.time()
            admitted, excess = self._gate.admit(self._unparsed, now)
            ready, self._unparsed = self._unparsed[:admitted], self._unparsed[admitted:]
            if ready:
                self._parse(ready)
            if excess:
                self._exceeded(excess, now)
            elif self._unparsed and not self.read_paused:
                self.loop.call_soon(self.parse_on)
        self._read_or_pause()

    def _parse(self, data: bytes) -> None:
        self.conn.receive_data(data)
        self.handle_events()  # including what came before an error
        if self.conn.parser_exc is not None and not self.close_sent:
            self.handle_parser_exception()

    def read_on(self) -> None:
        """Continue reading although the application does not receive any more."""
        self.read_paused = False
        self.parse_on()

    async def receive(self) -> "ASGIReceiveEvent":
        """The next event for the application. Reading goes on when it has taken the last one."""
        message = await self.queue.get()
        if self.read_paused and self.queue.empty():
            self.read_paused = False
            if self._unparsed:
                self.loop.call_soon(self.parse_on)  # others come first
            else:
                self._read_or_pause()
        return message

    def send_receive_event_to_app(self) -> None:
        """Queue one whole message, and read no more until the application has taken it.

        Text that is not UTF-8 ends the socket.
        """
        data, self.frames = b"".join(self.frames), []
        if self.close_sent:
            return
        if self.curr_msg_data_type == "text":
            try:
                self.queue.put_nowait({"type": "websocket.receive", "text": data.decode()})
            except UnicodeDecodeError:
                self.close_now(*close_frame("not_utf8"))
                return
        else:
            self.queue.put_nowait({"type": "websocket.receive", "bytes": data})
        self.read_paused = True

    def handle_ping(self) -> None:
        """Answer, unless the peer does not read: then only the latest pong is kept for it."""
        output = b"".join(self.conn.data_to_send())  # the answers to all frames just parsed, including a close frame
        if self.close_sent or self.disconnected or self.transport.is_closing():
            return
        if self.keeps_up or not self.is_open:
            self.transport.write(output)
        elif output:
            self._owed_pong = output  # a peer that does not read gets only the latest (RFC 6455, section 5.5.3)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._owed_pong and self.is_open:
            self.transport.write(self._owed_pong)
        self._owed_pong = b""

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._unparsed, self.on_excess = b"", None
        if self._pause is not None:
            self._pause.cancel()

    def _exceeded(self, excess: Excess, now: float) -> None:
        if not self.is_open:  # it sends more after a close frame
            self._stop_reading()
            self.transport.abort()
            return
        first = now - self._last_excess > FORGET_EXCESS_AFTER
        if first:
            self._first_excess = now
        self._last_excess = now
        last = excess.wait is None or now - self._first_excess > EXCESS_TOLERANCE
        if last:
            self._stop_reading()
        if (first or last) and self.on_excess:
            self.on_excess(excess, last)
        if last:
            self.close_now(*close_frame(excess.reason))
        else:
            self._pause = self.loop.call_later(max(excess.wait or 0.0, MIN_PAUSE), self._end_pause)

    def _end_pause(self) -> None:
        self._pause = None
        self.parse_on()

    def _stop_reading(self) -> None:
        self.flooded, self._unparsed = True, b""

    def _read_or_pause(self) -> None:
        if self.disconnected or self.transport.is_closing():
            return
        if self.read_paused or self._unparsed or self.flooded:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()

    def _reject_handshake(self) -> None:
        """Answer an invalid websocket request."""
        self.transport.write(b"".join(self.conn.data_to_send()) or _BAD_REQUEST)
        self.handshake_complete = self.close_sent = True
        self.transport.close()
