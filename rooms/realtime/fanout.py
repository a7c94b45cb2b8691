"""From one event to many sockets: what is due in the same turn of the loop leaves in one frame, encoded once."""

import asyncio
import time

from .connection import Connection, QueuedEvent
from .outbound import Frame
from .presence_drift import PresenceDrift

MAX_HELD = 2000  # events for one connection that is being told what it missed


class Fanout:
    """The sockets of one room in this process. Every method returns at once."""

    def __init__(self) -> None:
        self.delivered = 0  # the number of the last change that was pushed
        self.last_sent = self.empty_since = time.monotonic()
        self.presence_drift = PresenceDrift()
        self._together: set[Connection] = set()  # get the same frames
        self._apart: set[Connection] = set()  # joining, told more than has been pushed, or in plain mode
        self._due: list[QueuedEvent] = []
        self._loop = asyncio.get_running_loop()

    @property
    def connections(self) -> set[Connection]:
        return self._together | self._apart if self._apart else self._together

    def join(self, connection: Connection) -> None:
        """From now on the connection's events are held for it, until `release`."""
        connection.held = []
        self._together.discard(connection)
        self._apart.add(connection)

    def release(self, connection: Connection, seq: int) -> None:
        """The connection was told everything up to `seq`; what came meanwhile follows, then live events."""
        self.flush()
        held, connection.held, connection.seq = connection.held or [], None, seq
        _deliver(connection, held)
        self._settle(connection)

    def forget_deltas(self, connection: Connection) -> None:
        """The connection is told the texts of replies as they are now: the deltas that led to them are not for it."""
        self.flush()
        connection.held = [item for item in connection.held or [] if not item.delta]

    def leave(self, connection: Connection) -> None:
        self._together.discard(connection)
        self._apart.discard(connection)
        if not self.connections:
            self.empty_since = time.monotonic()

    def push(self, item: QueuedEvent) -> None:
        """Due now. An idle room's first event leaves in this turn of the loop, a burst shares a frame."""
        if not self._due:
            self._loop.call_soon(self.flush)
        self._due.append(item)
        if item.seq is not None:
            self.delivered = item.seq

    def flush(self) -> None:
        """Send what is due."""
        if not self._due:
            return
        items, self._due = self._due, []
        self.last_sent = time.monotonic()
        frame = Frame.of([item.text for item in items])
        wire = frame.wire
        for connection in list(self._together):
            # As little as can be between one socket and the next: this line is most of what a message costs.
            if write := connection.outbound.write_now:
                write(wire)
            else:
                connection.write(frame)
        for connection in list(self._apart):
            if (held := connection.held) is not None:
                _hold(connection, held, items)
            else:
                _deliver(connection, items)
                self._settle(connection)

    def _settle(self, connection: Connection) -> None:
        if self.delivered >= connection.seq and not connection.plain and connection in self._apart:
            self._apart.discard(connection)
            self._together.add(connection)


def _hold(connection: Connection, held: list[QueuedEvent], items: list[QueuedEvent]) -> None:
    held += items
    if len(held) > MAX_HELD:
        held.clear()
        connection.close_slow()


def _deliver(connection: Connection, items: list[QueuedEvent]) -> None:
    """Items for one connection: not those it was told already, and in plain mode one a frame."""
    items = [item for item in items if item.seq is None or item.seq > connection.seq]
    if connection.plain:
        for item in items:
            if item.plain:
                connection.write(Frame(item.text))
    elif items:
        connection.write(Frame.of([item.text for item in items]))
