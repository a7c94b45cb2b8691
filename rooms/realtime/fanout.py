"""Sends one event to many sockets. Events due in the same iteration of the loop share a frame, encoded once."""

import asyncio
import time

from .connection import Connection, QueuedEvent
from .outbound import Frame
from .presence_drift import PresenceDrift

MAX_HELD = 2000  # events held back for one connection during its catch-up


class Fanout:
    """The sockets of one room in this process. Every method returns at once."""

    def __init__(self) -> None:
        self.delivered = 0  # seq of the last change that was pushed
        self.last_sent = self.empty_since = time.monotonic()
        self.presence_drift = PresenceDrift()
        self._together: set[Connection] = set()  # connections that get the same frames
        self._apart: set[Connection] = set()  # connections in a catch-up, ahead of what was pushed, or in plain mode
        self._due: list[QueuedEvent] = []
        self._loop = asyncio.get_running_loop()

    @property
    def connections(self) -> set[Connection]:
        return self._together | self._apart if self._apart else self._together

    def join(self, connection: Connection) -> None:
        """Hold back events for the connection from now on, until `release`."""
        connection.held = []
        self._together.discard(connection)
        self._apart.add(connection)

    def release(self, connection: Connection, seq: int) -> None:
        """The connection has everything up to `seq`. Send it what was held back, and live events from now on."""
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
        """Queue an event. The first of an idle room leaves in this iteration of the loop; a burst shares a frame."""
        if not self._due:
            self._loop.call_soon(self.flush)
        self._due.append(item)
        if item.seq is not None:
            self.delivered = item.seq

    def flush(self) -> None:
        """Send what is queued."""
        if not self._due:
            return
        items, self._due = self._due, []
        self.last_sent = time.monotonic()
        frame = Frame.of([item.text for item in items])
        wire = frame.wire
        for connection in list(self._together):
            # As little work as possible for each socket: this line is most of the cost of a message.
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
    """Send items to one connection, without those that it has already; in plain mode one in each frame."""
    items = [item for item in items if item.seq is None or item.seq > connection.seq]
    if connection.plain:
        for item in items:
            if item.plain:
                connection.write(Frame(item.text))
    elif items:
        connection.write(Frame.of([item.text for item in items]))
