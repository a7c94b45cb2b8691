"""Timeouts of one HTTP connection: for the phases of a request, and for reading a response."""

import asyncio
from collections.abc import Callable
from enum import Enum

from . import limits


class RequestPhase(Enum):
    NEW = "nothing received yet"
    IDLE = "between two requests"
    HEAD = "receiving a head"
    BODY = "receiving a body"


class PhaseTimer:
    """The current phase of a connection, since when, and its timeout."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_timeout: Callable[[], None]):
        self.phase, self.since = RequestPhase.NEW, loop.time()
        self._loop, self._on_timeout = loop, on_timeout
        self._timer: asyncio.TimerHandle | None = None

    @property
    def age(self) -> float:
        """Seconds since the phase began."""
        return self._loop.time() - self.since

    def enter(self, phase: RequestPhase) -> None:
        """Begin a phase, with no timeout until one is set. Entering the same phase again changes nothing."""
        if phase is not self.phase:
            self.phase, self.since = phase, self._loop.time()
            self.stop()

    def set_timeout(self, seconds: float) -> None:
        """End the phase in so many seconds, unless it already has a timeout."""
        if self._timer is None:
            self._timer = self._loop.call_later(seconds, self._end)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        self._timer = None
        self._on_timeout()


class WriteStallTimer:
    """Aborts the connection of a client that reads nothing of a response for WRITE_STALL_SECONDS."""

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: asyncio.Transport):
        self._loop, self._transport = loop, transport
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """The client has fallen behind."""
        self._timer = self._loop.call_later(
            limits.WRITE_STALL_SECONDS, self._check, self._transport.get_write_buffer_size()
        )

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _check(self, buffered: int) -> None:
        if self._transport.get_write_buffer_size() < buffered:
            self.start()
        else:
            self._transport.abort()
