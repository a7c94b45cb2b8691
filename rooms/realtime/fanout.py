"""Sends one event to many sockets. Events due in the same iteration of the loop share a frame, encoded once."""

import asyncio
import time
from collections.abc import Iterable

from .connection import Place, QueuedEvent
from .outbound import Frame
from .plain_mode import plain_text
from .presence_drift import PresenceDrift

MAX_HELD = 2000  # events held back for one connection during its catch-up


class Fanout:
    """The sockets of one room in this process. Every method returns at once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.delivered = 0  # seq of the last change that was pushed
        self.last_sent = self.empty_since = time.monotonic()
        self.presence_drift = PresenceDrift()
        self._together: set[Place] = set()  # connections that get the same frames
        self._enveloped: set[Place] = set()  # the same of pages, whose frames say which room they are of
        self._apart: set[Place] = set()  # those in a catch-up, ahead of what was pushed, or in plain mode
        self._due: list[QueuedEvent] = []
        self._loop = asyncio.get_running_loop()

    @property
    def connections(self) -> set[Place]:
        others = self._enveloped | self._apart
        return self._together | others if others else self._together

    @property
    def is_empty(self) -> bool:
        return not (self._together or self._enveloped or self._apart)

    def join(self, connection: Place) -> None:
        """Hold back events for the connection from now on, until `release`."""
        connection.held = []
        self._live(connection).discard(connection)
        self._apart.add(connection)

    def release(self, connection: Place, seq: int) -> None:
        """The connection has everything up to `seq`. Send it what was held back, and live events from now on."""
        self.flush()
        held, connection.held, connection.seq = connection.held or [], None, seq
        _deliver(connection, held)
        self._settle(connection)

    def forget_deltas(self, connection: Place) -> None:
        """The connection is told the texts of replies as they are now: the deltas that led to them are not for it."""
        self.flush()
        connection.held = [item for item in connection.held or [] if not item.delta]

    def leave(self, connection: Place) -> None:
        """Send it nothing more. What was due in this iteration of the loop still reaches the others."""
        self._live(connection).discard(connection)
        self._apart.discard(connection)
        if self.is_empty:
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
        texts = [item.text for item in items]
        if self._together:
            _write(Frame.of(texts), self._together)
        if self._enveloped:
            _write(Frame.of_room(self.name, texts), self._enveloped)
        for connection in list(self._apart):
            if (held := connection.held) is not None:
                _hold(connection, held, items)
            else:
                _deliver(connection, items)
                self._settle(connection)

    def _live(self, connection: Place) -> set[Place]:
        return self._enveloped if connection.in_envelope else self._together

    def _settle(self, connection: Place) -> None:
        if self.delivered >= connection.seq and not connection.plain and connection in self._apart:
            self._apart.discard(connection)
            self._live(connection).add(connection)


def _write(frame: Frame, connections: Iterable[Place]) -> None:
    wire = frame.wire
    for connection in list(connections):
        # As little work as possible for each socket: this line is most of the cost of a message.
        if write := connection.outbound.write_now:
            write(wire)
        else:
            connection.write(frame)


def _hold(connection: Place, held: list[QueuedEvent], items: list[QueuedEvent]) -> None:
    held += items
    if len(held) > MAX_HELD:
        held.clear()
        connection.close_slow()


def _deliver(connection: Place, items: list[QueuedEvent]) -> None:
    """Send items to one connection, without those that it has already; in plain mode one in each frame."""
    items = [item for item in items if item.seq is None or item.seq > connection.seq]
    if connection.plain:
        for item in items:
            if item.plain:
                connection.write(Frame(plain_text(item.text)))
    elif items:
        connection.write(connection.frame_of([item.text for item in items]))
