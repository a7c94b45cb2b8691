"""uvicorn's HTTP protocol with limits per request, connection and address (mysite/http/limits.py).

A request that exceeds a limit is answered with 408, 413, 414, 429 or 431, and its connection is closed. uvicorn itself
accepts heads of any size at any speed, and bodies of any size.
"""

import asyncio
from typing import cast

import httptools
from django.conf import settings

from accounts.security.client_addresses import address_block, scope_address_block

from . import limits
from .connections import ConnectionRegistry, PendingBytes
from .parsing import PIECE_SIZE, ParsingProtocol
from .refusal import StopParsing
from .timing import PhaseTimer, RequestPhase, WriteStallTimer
from .upgrade import UpgradingProtocol

HEAD_GRACE_SECONDS = 1.0  # an incomplete head that is younger does not count as idle


class HttpProtocol(ParsingProtocol, UpgradingProtocol):
    """Configured as uvicorn's `http`."""

    def __init__(self, config, server_state, *args, **kwargs):
        super().__init__(config, server_state, *args, **kwargs)
        self._connections: ConnectionRegistry = server_state.__dict__.setdefault(
            "http_connections", ConnectionRegistry()
        )
        self._block: str | None = None  # None: a trusted proxy
        self._phase_timer = PhaseTimer(self.loop, self._on_timeout)
        self._pending_bytes = PendingBytes(self._connections)
        self._ignores_upgrade = False
        self._head_size = self._headers_size = self._header_count = 0
        self._body_size = self._read_since_head = self._chunks = self._pieces = 0
        self._body_limit, self._is_streamed = limits.MAX_BODY, False
        self._sender_block: str | None = None  # the address block of the request's sender

    # --- the connection ---

    def connection_made(self, transport) -> None:
        super().connection_made(transport)
        self._write_timer = WriteStallTimer(self.loop, transport)
        if self.client and not settings.TRUSTED_PROXY_COUNT:
            self._block = address_block(self.client[0])
        if self._connections.add(self._block, self):
            # A proxy may open connections long before it needs them.
            self._phase_timer.set_timeout(self.timeout_keep_alive if self._block is None else limits.HEAD_SECONDS)
        else:
            limits.refusal_counts[429] += 1
            self.refused = True
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._release()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_timer.start()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._write_timer.stop()

    def is_idle(self) -> bool:
        """Whether no request is being received or answered. A head that takes long counts as idle."""
        phase = self._phase_timer.phase
        if self.is_busy or phase is RequestPhase.BODY:
            return False
        return phase is RequestPhase.IDLE or self._phase_timer.age > HEAD_GRACE_SECONDS

    def close(self) -> None:
        self.transport.close()

    def _release(self) -> None:
        """Stop counting and timing: the connection ends or becomes a websocket."""
        self._connections.remove(self._block, self)
        self._pending_bytes.clear()
        self._phase_timer.stop()
        self._write_timer.stop()

    # --- incoming data ---

    def parse_piece(self, piece: bytes) -> None:
        """Parse PIECE_SIZE bytes at most, and check what a request has cost so far."""
        if self._phase_timer.phase in (RequestPhase.NEW, RequestPhase.IDLE):
            self._phase_timer.enter(RequestPhase.HEAD)
            self._head_size = 0
        self._message_began = False
        self._pieces += 1
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgrade(piece[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.refuse(400)
        if not self.refused and self.transport.get_protocol() is self:
            self._check_size(len(piece))

    def _check_size(self, size: int) -> None:
        phase = self._phase_timer.phase
        if phase is RequestPhase.HEAD:
            self._head_size += 0 if self._message_began else size
            if self._head_size > limits.MAX_HEAD:
                self.refuse(431 if self.headers else 414)
            elif self._block is not None and not self._pending_bytes.add(self._block, size):
                self.refuse(429)
            else:
                self._phase_timer.set_timeout(limits.HEAD_SECONDS)
        elif phase is RequestPhase.BODY:
            self._read_since_head += size
            if self._read_since_head > 2 * self._body_limit + 4 * PIECE_SIZE:  # includes chunk extensions
                self.refuse(413)
            else:
                self._phase_timer.set_timeout(limits.BODY_SECONDS)
        else:
            self._phase_timer.stop()

    def _on_timeout(self) -> None:
        if self._phase_timer.phase is RequestPhase.NEW:
            self.close()
            return
        if self._phase_timer.phase is RequestPhase.BODY:
            left = limits.BODY_SECONDS + self._body_size / limits.MIN_BODY_RATE - self._phase_timer.age
            if left > 0 or self.flow.read_paused:  # the application has not read it yet
                self._phase_timer.set_timeout(max(left, 1.0))
                return
        self.refuse(408)

    # --- callbacks of the parser ---

    def on_message_begin(self) -> None:
        if self.refused:
            raise StopParsing
        super().on_message_begin()
        self._phase_timer.enter(RequestPhase.HEAD)
        self._message_began = True
        self._head_size = self._headers_size = self._header_count = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers_size += len(name) + len(value) + 4
        self._header_count += 1
        if self._headers_size + len(self.url) > limits.MAX_HEAD or self._header_count > limits.MAX_HEADERS:
            self.stop(431 if self.headers else 414)
        if self._phase_timer.phase is RequestPhase.HEAD:  # else it is a trailer, which is ignored
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if len(self.url) > limits.MAX_HEAD:
            self.stop(414)
        if sum(name == b"host" for name, _value in self.headers) > 1:
            self.stop(400)
        if not self.is_busy:
            self._pending_bytes.clear()
        if self.requests_other_protocol():
            self._ignores_upgrade = True
            return
        super().on_headers_complete()
        if self.parser.should_upgrade():
            return
        self._phase_timer.enter(RequestPhase.BODY)
        self._headers_size = self._header_count = self._body_size = self._read_since_head = self._chunks = (
            self._pieces
        ) = 0
        self._sender_block = None
        self._body_limit = limits.body_limit(self.scope)
        self._is_streamed = limits.is_streamed(self.scope)
        if len(self.pipeline) > limits.MAX_PIPELINED:
            self.stop(429)
        if next((int(value) for name, value in self.headers if name == b"content-length"), 0) > self._body_limit:
            self.stop(413)

    def on_body(self, body: bytes) -> None:
        self._body_size += len(body)
        self._chunks += 1
        # One chunk per piece is free: some clients send a body byte by byte, which costs them as much as us.
        if self._body_size > self._body_limit or self._chunks - self._pieces > limits.max_chunks(self._body_size):
            self.stop(413)
        if self.cycle.response_complete:
            return
        if not self._is_streamed:  # of such a one no more is read than the application takes
            if self._sender_block is None:
                self._sender_block = scope_address_block(self.scope)
            if not self._pending_bytes.add(self._sender_block, len(body)):
                self.stop(429)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self.refused or self._ignores_upgrade or self.parser.should_upgrade():
            return
        super().on_message_complete()
        self._phase_timer.enter(RequestPhase.IDLE)
        if not self.is_busy:
            self._pending_bytes.clear()

    def on_response_complete(self) -> None:
        if not self.pipeline and self._phase_timer.phase is not RequestPhase.BODY:
            self._pending_bytes.clear()
        super().on_response_complete()

    def _upgrade(self, rest: bytes) -> None:
        if self._ignores_upgrade:
            self._ignores_upgrade = False
            self._phase_timer.enter(RequestPhase.IDLE)
            if not self.reparse_as_http(rest):
                self.refuse(400)
        elif self.is_busy:  # nothing may be written into the response before it
            self.refuse(400)
        elif (limiter := self.app_state.get("connection_limiter")) and limiter.is_overrun_by(
            scope_address_block(self.scope)
        ):
            self.refuse(429)
        else:
            self._release()
            rest += self.take_unparsed()
            self.handle_websocket_upgrade()
            if rest:
                cast(asyncio.Protocol, self.transport.get_protocol()).data_received(rest)

    def refuse(self, status: int) -> None:
        super().refuse(status)
        self._pending_bytes.clear()

    def receiving_cycle(self):
        """uvicorn's request that is still being received, or None."""
        return self.cycle if self._phase_timer.phase is RequestPhase.BODY else None
