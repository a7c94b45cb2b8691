"""uvicorn's websocket protocol with two doors for the chat: a finished frame in, and a dead peer out.

A frame from server to client carries no mask, so the bytes are the same for every reader. Writing them
straight to each transport costs a fraction of an ASGI `send` each time, and shows how much a slow reader has not
taken yet. Closing is bounded in time too: a peer whose buffer never drains is cut off.

What comes in is in rooms/realtime/websocket/inbound.py.

The protocol object is handed to the application as `scope["extensions"]["roundtable.direct"]`; other servers do not
have it, and rooms/realtime/outbound.py then uses plain ASGI. A contract test watches the parts of uvicorn used here.
"""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from websockets.frames import Frame, Opcode

from rooms.realtime.websocket.inbound import InboundProtocol

if TYPE_CHECKING:  # a private module of uvicorn
    from uvicorn._types import ASGISendEvent

EXTENSION = "roundtable.direct"
CLOSE_TIMEOUT = 5.0  # seconds to take the close frame
FLOODER_CLOSE_TIMEOUT = 1.0


class Protocol(InboundProtocol):
    """Configured as uvicorn's `ws`; permessage-deflate must be off."""

    # The transport's own `write` while the socket is open and the peer keeps up, so that one who sends to thousands
    # asks one thing of each; None otherwise: then `write_frame` and the rest.
    write_now: Callable[[bytes], None] | None = None
    lags = 0  # how often the peer fell behind

    async def run_asgi(self) -> None:
        self.scope["extensions"][EXTENSION] = self  # type: ignore[assignment]  # ASGI names only mappings
        await super().run_asgi()
        self._cut_off_in(CLOSE_TIMEOUT)

    async def send(self, message: "ASGISendEvent") -> None:
        await super().send(message)
        if message["type"] == "websocket.accept":
            # A browser's headers, kept for as long as it is connected. uvicorn itself does not let go of them.
            self.request = self.response = None  # type: ignore[assignment]
            self.parse_on()
        elif message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # or uvicorn logs an error for each handshake that was refused
        self._look()

    def write_frame(self, data: bytes) -> None:
        """Send a frame made by `text_frame`. What the peer does not take at once is in the buffer."""
        if self.is_open:
            self.transport.write(data)

    @property
    def keeps_up(self) -> bool:
        """Whether the peer has taken (nearly) all that was sent."""
        return self.writable.is_set()

    async def caught_up(self, seconds: float) -> bool:
        """Wait until the peer keeps up, or is gone. False when that takes too long."""
        if self.writable.is_set():
            return True
        try:
            async with asyncio.timeout(seconds):
                await self.writable.wait()
        except TimeoutError:
            return False
        return True

    @property
    def unsent(self) -> int:
        """Bytes that the peer has not taken yet."""
        return self.transport.get_write_buffer_size()

    def close_now(self, code: int, reason: str) -> None:
        """Send a close frame behind what is unsent, and give the peer some time to take it before it is cut off.

        (ASGI's `websocket.close` waits until the buffer is empty, which a stopped reader never lets happen.)
        """
        if self.is_open:
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self._look()
            self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
            self.read_on()
        self._cut_off_in(CLOSE_TIMEOUT)

    def _look(self) -> None:
        """To be called after whatever may open the socket, close it, or change whether the peer keeps up."""
        self.write_now = self.transport.write if self.is_open and self.keeps_up else None

    def parse_on(self) -> None:
        super().parse_on()
        if self.write_now and not self.is_open:
            self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.lags += 1
        self._look()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._look()

    def shutdown(self) -> None:
        super().shutdown()
        self._look()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()  # closes the transport, which waits for a dead peer to empty the buffer
        self._look()
        self._cut_off_in(CLOSE_TIMEOUT)

    def _cut_off_in(self, seconds: float) -> None:
        if not self.disconnected:
            if self.close_timer is not None:
                self.close_timer.cancel()
            seconds = min(seconds, FLOODER_CLOSE_TIMEOUT) if self.flooded else seconds
            self.close_timer = self.loop.call_later(seconds, self.transport.abort)


def text_frame(text: str) -> bytes:
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
