"""How long the parts of a request, and the taking of an answer, may last on one HTTP connection."""

import asyncio
from collections.abc import Callable
from enum import Enum

from . import limits


class Phase(Enum):
    NEW = "nothing has come yet"
    IDLE = "between two requests"
    HEAD = "a head is coming"
    BODY = "a body is coming"


class Progress:
    """Which part of a request is coming, since when, and whether it may go on."""

    def __init__(self, loop: asyncio.AbstractEventLoop, too_late: Callable[[], None]):
        self.phase, self.since = Phase.NEW, loop.time()
        self._loop, self._too_late = loop, too_late
        self._timer: asyncio.TimerHandle | None = None

    @property
    def age(self) -> float:
        """Seconds since the phase began."""
        return self._loop.time() - self.since

    def enter(self, phase: Phase) -> None:
        if phase is not self.phase:
            self.phase, self.since = phase, self._loop.time()
            self.stop()

    def limit(self, seconds: float) -> None:
        """The phase ends in so many seconds, unless it has a limit already."""
        if self._timer is None:
            self._timer = self._loop.call_later(seconds, self._end)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end(self) -> None:
        self._timer = None
        self._too_late()


class Taking:
    """Cuts off a peer that takes nothing of an answer for TAKE_SECONDS."""

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: asyncio.Transport):
        self._loop, self._transport = loop, transport
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """The peer has fallen behind."""
        self._timer = self._loop.call_later(limits.TAKE_SECONDS, self._look, self._transport.get_write_buffer_size())

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self, before: int) -> None:
        if self._transport.get_write_buffer_size() < before:
            self.begin()
        else:
            self._transport.abort()
