"""How much of what one HTTP connection sends is parsed before other connections get their turn.

uvicorn parses a whole read at once: up to 256 KiB, and the parser calls Python for each chunk and each header in it.
Here a few pieces are parsed in a turn of the event loop. Nothing more is read until all of it is parsed, and nothing
is parsed for a connection that was refused or closed.
"""

import asyncio

from uvicorn.protocols.http.flow_control import FlowControl

from . import limits
from .refusal import RefusingProtocol

PIECE = 16 * limits.KIB  # given to the parser at once
PIECES_A_TURN = 4  # of the event loop
_NOTHING = memoryview(b"")


class ParsingProtocol(RefusingProtocol):
    flow: "PatientFlow"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._unparsed = _NOTHING
        self._next_turn: asyncio.Handle | None = None

    def parse_piece(self, piece: bytes) -> None:
        """Give the parser the next bytes of the connection."""
        raise NotImplementedError

    def connection_made(self, transport) -> None:
        super().connection_made(transport)
        self.flow = PatientFlow(transport)

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if self.refused:
            self.linger(len(data))
        elif self._unparsed or len(data) > PIECE:
            self._unparsed = memoryview(b"".join((self._unparsed, data)) if self._unparsed else data)
            if self._next_turn is None:
                self._parse_on()
        else:
            self.parse_piece(data)

    def parse_again(self, data: bytes) -> None:
        """Parse these bytes before those that came behind them, in the next turn."""
        self._unparsed = memoryview(b"".join((data, self._unparsed)))
        self._plan_next_turn()

    def take_unparsed(self) -> bytes:
        """What was read and not parsed; the connection is no longer ours to parse."""
        unparsed, self._unparsed = self._unparsed, _NOTHING
        self._plan_next_turn()
        return bytes(unparsed)

    def connection_lost(self, exc: Exception | None) -> None:
        self.take_unparsed()
        super().connection_lost(exc)

    def _parse_on(self) -> None:
        self._next_turn = None
        self._unset_keepalive_if_required()
        for _ in range(PIECES_A_TURN):
            if self.transport.is_closing():
                self._unparsed = _NOTHING
            if self.refused:  # here, or because it became too late since the last turn
                self.linger(len(self.take_unparsed()))
            if not self._unparsed:
                break
            piece, self._unparsed = self._unparsed[:PIECE], self._unparsed[PIECE:]
            self.parse_piece(bytes(piece))
        self._plan_next_turn()

    def _plan_next_turn(self) -> None:
        if self._unparsed:
            self.flow.wait_for_parser()
            self._next_turn = self._next_turn or self.loop.call_soon(self._parse_on)
            return
        if self._next_turn is not None:
            self._next_turn.cancel()
            self._next_turn = None
        self.flow.go_on()


class PatientFlow(FlowControl):
    """Reads when neither the application nor the parser is behind."""

    def __init__(self, transport: asyncio.Transport):
        super().__init__(transport)
        self._parser_is_behind = False

    def resume_reading(self) -> None:
        if self.read_paused:
            self.read_paused = False
            self._read()

    def wait_for_parser(self) -> None:
        if not self._parser_is_behind:
            self._parser_is_behind = True
            self._transport.pause_reading()

    def go_on(self) -> None:
        """The parser has caught up."""
        if self._parser_is_behind:
            self._parser_is_behind = False
            self._read()

    def _read(self) -> None:
        if not self.read_paused and not self._parser_is_behind and not self._transport.is_closing():
            self._transport.resume_reading()
