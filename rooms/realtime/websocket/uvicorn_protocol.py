"""uvicorn's websocket protocol, extended to write encoded frames directly and to close dead peers in bounded time.

A frame from server to client has no mask, so its bytes are the same for every client. Writing them directly to each
transport costs a fraction of an ASGI `send`, and shows how much a slow reader has not read yet. A peer whose buffer
never drains is disconnected.

The incoming half is in rooms/realtime/websocket/inbound.py.

The application gets the protocol object as `scope["extensions"]["roundtable.direct"]`. Other servers do not have it;
rooms/realtime/outbound.py then uses plain ASGI. A contract test checks the parts of uvicorn that are used here.
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

    # The transport's own `write` while the socket is open and the peer keeps up, so that sending to thousands needs
    # one check for each. None otherwise: use `write_frame`.
    write_now: Callable[[bytes], None] | None = None
    lags = 0  # how often the peer fell behind

    async def run_asgi(self) -> None:
        self.scope["extensions"][EXTENSION] = self  # type: ignore[assignment]  # ASGI names only mappings
        await super().run_asgi()
        self._abort_in(CLOSE_TIMEOUT)

    async def send(self, message: "ASGISendEvent") -> None:
        await super().send(message)
        if message["type"] == "websocket.accept":
            # Free the request headers, which uvicorn would keep until the connection closes.
            self.request = self.response = None  # type: ignore[assignment]
            self.parse_on()
        elif message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # otherwise uvicorn logs an error for each refused handshake
        self._update_write_now()

    def write_frame(self, data: bytes) -> None:
        """Send a frame made by `text_frame`. The transport buffers what the peer does not read at once."""
        if self.is_open:
            self.transport.write(data)

    @property
    def keeps_up(self) -> bool:
        """Whether the peer has read (nearly) everything."""
        return self.writable.is_set()

    async def caught_up(self, seconds: float) -> bool:
        """Wait until the peer keeps up or is gone. Returns False if that takes longer than `seconds`."""
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
        """Bytes that the peer has not read yet."""
        return self.transport.get_write_buffer_size()

    def close_now(self, code: int, reason: str) -> None:
        """Send a close frame after the unsent data, and disconnect the peer if it does not read it in time.

        (ASGI's `websocket.close` waits until the buffer is empty, which never happens if the peer has stopped reading.)
        """
        if self.is_open:
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
            self._update_write_now()
            self.queue.put_nowait({"type": "websocket.disconnect", "code": code, "reason": reason})
            self.read_on()
        self._abort_in(CLOSE_TIMEOUT)

    def _update_write_now(self) -> None:
        """Call this after anything that may open or close the socket, or change whether the peer keeps up."""
        self.write_now = self.transport.write if self.is_open and self.keeps_up else None

    def parse_on(self) -> None:
        super().parse_on()
        if self.write_now and not self.is_open:
            self._update_write_now()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.lags += 1
        self._update_write_now()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._update_write_now()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._update_write_now()

    def shutdown(self) -> None:
        super().shutdown()
        self._update_write_now()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()  # closes the transport, which waits for the buffer to drain, even with a dead peer
        self._update_write_now()
        self._abort_in(CLOSE_TIMEOUT)

    def _abort_in(self, seconds: float) -> None:
        if not self.disconnected:
            if self.close_timer is not None:
                self.close_timer.cancel()
            seconds = min(seconds, FLOODER_CLOSE_TIMEOUT) if self.flooded else seconds
            self.close_timer = self.loop.call_later(seconds, self.transport.abort)


def text_frame(text: str) -> bytes:
    """A whole text message as one unmasked frame (RFC 6455)."""
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
