"""uvicorn's HTTP protocol with limits: what a request, a connection or an address may cost (mysite/http/limits.py).

A request beyond a limit is answered with 408, 413, 414, 429 or 431 without reading on, and its connection is closed.
uvicorn itself reads heads of any size for any time, and bodies of any size.
"""

import asyncio
from typing import cast

import httptools
from django.conf import settings

from accounts.security.client_addresses import address_block, scope_address_block

from . import limits
from .connections import Connections, Held
from .parsing import PIECE, ParsingProtocol
from .refusal import StopParsing
from .timing import Phase, Progress, Taking
from .upgrade import UpgradingProtocol

YOUNG = 1.0  # seconds in which a head may be incomplete without anything being wrong


class HttpProtocol(ParsingProtocol, UpgradingProtocol):
    """Configured as uvicorn's `http`."""

    def __init__(self, config, server_state, *args, **kwargs):
        super().__init__(config, server_state, *args, **kwargs)
        self._connections: Connections = server_state.__dict__.setdefault("http_connections", Connections())
        self._block: str | None = None  # whose connection it is; None for a trusted proxy
        self._progress = Progress(self.loop, self._too_late)
        self._held = Held(self._connections)
        self._ignores_upgrade = False
        self._head_size = self._headers_size = self._fields = 0
        self._body_size = self._read_since_head = self._chunks = self._pieces = 0
        self._body_limit = limits.MAX_BODY
        self._sender: str | None = None  # the address block that sends the body

    # --- the connection ---

    def connection_made(self, transport) -> None:
        super().connection_made(transport)
        self._taking = Taking(self.loop, transport)
        if self.client and not settings.TRUSTED_PROXY_COUNT:
            self._block = address_block(self.client[0])
        if self._connections.add(self._block, self):
            # A proxy may open connections long before it needs them.
            self._progress.limit(self.timeout_keep_alive if self._block is None else limits.HEAD_SECONDS)
        else:
            limits.refused[429] += 1
            self.refused = True
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._let_go()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._taking.begin()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._taking.stop()

    def is_idle(self) -> bool:
        """Whether it does nothing that somebody waits for."""
        phase = self._progress.phase
        if self.is_busy or phase is Phase.BODY:
            return False
        return phase is Phase.IDLE or self._progress.age > YOUNG

    def close(self) -> None:
        self.transport.close()

    def _let_go(self) -> None:
        """It ends, or becomes a websocket."""
        self._connections.remove(self._block, self)
        self._held.release()
        self._progress.stop()
        self._taking.stop()

    # --- what comes in ---

    def parse_piece(self, piece: bytes) -> None:
        if self._progress.phase in (Phase.NEW, Phase.IDLE):
            self._progress.enter(Phase.HEAD)
            self._head_size = 0
        self._began = False
        self._pieces += 1
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgrade(piece[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.refuse(400)
        if not self.refused and self.transport.get_protocol() is self:
            self._look_at_what_is_unfinished(len(piece))

    def _look_at_what_is_unfinished(self, size: int) -> None:
        phase = self._progress.phase
        if phase is Phase.HEAD:
            self._head_size += 0 if self._began else size
            if self._head_size > limits.MAX_HEAD:
                self.refuse(431 if self.headers else 414)
            elif self._block is not None and not self._held.add(self._block, size):
                self.refuse(429)
            else:
                self._progress.limit(limits.HEAD_SECONDS)
        elif phase is Phase.BODY:
            self._read_since_head += size
            if self._read_since_head > 2 * self._body_limit + 4 * PIECE:  # extensions of chunks
                self.refuse(413)
            else:
                self._progress.limit(limits.BODY_SECONDS)
        else:
            self._progress.stop()

    def _too_late(self) -> None:
        if self._progress.phase is Phase.NEW:
            self.close()
            return
        if self._progress.phase is Phase.BODY:
            left = limits.BODY_SECONDS + self._body_size / limits.BODY_RATE - self._progress.age
            if left > 0 or self.flow.read_paused:  # the application has not taken what came
                self._progress.limit(max(left, 1.0))
                return
        self.refuse(408)

    # --- what the parser finds ---

    def on_message_begin(self) -> None:
        if self.refused:
            raise StopParsing
        super().on_message_begin()
        self._progress.enter(Phase.HEAD)
        self._began = True
        self._head_size = self._headers_size = self._fields = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers_size += len(name) + len(value) + 4
        self._fields += 1
        if self._headers_size + len(self.url) > limits.MAX_HEAD or self._fields > limits.MAX_HEADERS:
            self.stop(431 if self.headers else 414)
        if self._progress.phase is Phase.HEAD:  # else it stands behind a chunked body, where none means anything to us
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        if len(self.url) > limits.MAX_HEAD:
            self.stop(414)
        if sum(name == b"host" for name, _value in self.headers) > 1:
            self.stop(400)
        if not self.is_busy:
            self._held.release()
        if self.asks_for_something_else():
            self._ignores_upgrade = True
            return
        super().on_headers_complete()
        if self.parser.should_upgrade():
            return
        self._progress.enter(Phase.BODY)
        self._headers_size = self._fields = self._body_size = self._read_since_head = self._chunks = self._pieces = 0
        self._sender = None
        self._body_limit = limits.body_limit(self.scope["path"])
        if len(self.pipeline) > limits.MAX_WAITING:
            self.stop(429)
        if next((int(value) for name, value in self.headers if name == b"content-length"), 0) > self._body_limit:
            self.stop(413)

    def on_body(self, body: bytes) -> None:
        self._body_size += len(body)
        self._chunks += 1
        # One chunk of each piece is free: some clients send a body byte by byte, which costs them as much as us.
        if self._body_size > self._body_limit or self._chunks - self._pieces > limits.most_chunks(self._body_size):
            self.stop(413)
        if self.cycle.response_complete:
            return
        if self._sender is None:
            self._sender = scope_address_block(self.scope)
        if not self._held.add(self._sender, len(body)):
            self.stop(429)
        super().on_body(body)

    def on_message_complete(self) -> None:
        if self.refused or self._ignores_upgrade or self.parser.should_upgrade():
            return
        super().on_message_complete()
        self._progress.enter(Phase.IDLE)
        if not self.is_busy:
            self._held.release()

    def on_response_complete(self) -> None:
        if not self.pipeline and self._progress.phase is not Phase.BODY:
            self._held.release()
        super().on_response_complete()

    def _upgrade(self, rest: bytes) -> None:
        if self._ignores_upgrade:
            self._ignores_upgrade = False
            self._progress.enter(Phase.IDLE)
            if not self.answer_as_http(rest):
                self.refuse(400)
        elif self.is_busy:  # nothing may be written into the answer before it
            self.refuse(400)
        elif (admission := self.app_state.get("admission")) and admission.is_overrun_by(
            scope_address_block(self.scope)
        ):
            self.refuse(429)
        else:
            self._let_go()
            rest += self.take_unparsed()
            self.handle_websocket_upgrade()
            if rest:
                cast(asyncio.Protocol, self.transport.get_protocol()).data_received(rest)

    def refuse(self, status: int) -> None:
        super().refuse(status)
        self._held.release()

    def request_with_body(self):
        return self.cycle if self._progress.phase is Phase.BODY else None
