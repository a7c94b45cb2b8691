"""Limits how much of one HTTP connection is parsed before other connections get their turn.

uvicorn parses everything that one read returns: up to 256 KiB, and the parser calls Python for each chunk and header.
Here a few pieces are parsed in each turn of the event loop. Nothing more is read until they are all parsed, and nothing
is parsed after the connection was refused or closed.
"""

import asyncio

from uvicorn.protocols.http.flow_control import FlowControl

from . import limits
from .refusal import RefusingProtocol

PIECE_SIZE = 16 * limits.KIB  # bytes given to the parser at once
PIECES_PER_TURN = 4  # of the event loop
_EMPTY = memoryview(b"")


class ParsingProtocol(RefusingProtocol):
    flow: "ParserFlowControl"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._unparsed = _EMPTY
        self._next_turn: asyncio.Handle | None = None

    def parse_piece(self, piece: bytes) -> None:
        """Give the parser the next bytes of the connection."""
        raise NotImplementedError

    def connection_made(self, transport) -> None:
        super().connection_made(transport)
        self.flow = ParserFlowControl(transport)

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if self.refused:
            self.linger(len(data))
        elif self._unparsed or len(data) > PIECE_SIZE:
            self._unparsed = memoryview(b"".join((self._unparsed, data)) if self._unparsed else data)
            if self._next_turn is None:
                self._parse_next_pieces()
        else:
            self.parse_piece(data)

    def reparse(self, data: bytes) -> None:
        """Parse these bytes in the next turn, before those that were read after them."""
        self._unparsed = memoryview(b"".join((data, self._unparsed)))
        self._schedule_next_turn()

    def take_unparsed(self) -> bytes:
        """Take the bytes that were read but not parsed: another protocol parses this connection from now on."""
        unparsed, self._unparsed = self._unparsed, _EMPTY
        self._schedule_next_turn()
        return bytes(unparsed)

    def connection_lost(self, exc: Exception | None) -> None:
        self.take_unparsed()
        super().connection_lost(exc)

    def _parse_next_pieces(self) -> None:
        self._next_turn = None
        self._unset_keepalive_if_required()
        for _ in range(PIECES_PER_TURN):
            if self.transport.is_closing():
                self._unparsed = _EMPTY
            if self.refused:  # by the parser, or by a timeout since the last turn
                self.linger(len(self.take_unparsed()))
            if not self._unparsed:
                break
            piece, self._unparsed = self._unparsed[:PIECE_SIZE], self._unparsed[PIECE_SIZE:]
            self.parse_piece(bytes(piece))
        self._schedule_next_turn()

    def _schedule_next_turn(self) -> None:
        if self._unparsed:
            self.flow.pause_for_parser()
            self._next_turn = self._next_turn or self.loop.call_soon(self._parse_next_pieces)
            return
        if self._next_turn is not None:
            self._next_turn.cancel()
            self._next_turn = None
        self.flow.resume_after_parser()


class ParserFlowControl(FlowControl):
    """Reads only while neither the application nor the parser lags behind."""

    def __init__(self, transport: asyncio.Transport):
        super().__init__(transport)
        self._parser_lags = False

    def resume_reading(self) -> None:
        """uvicorn's. Reads only if the parser does not lag, either."""
        if self.read_paused:
            self.read_paused = False
            self._read()

    def pause_for_parser(self) -> None:
        """Read no more until what has come is parsed."""
        if not self._parser_lags:
            self._parser_lags = True
            self._transport.pause_reading()

    def resume_after_parser(self) -> None:
        """Read again: the parser has caught up."""
        if self._parser_lags:
            self._parser_lags = False
            self._read()

    def _read(self) -> None:
        if not self.read_paused and not self._parser_lags and not self._transport.is_closing():
            self._transport.resume_reading()
