"""What a model says of its thoughts, told to the room while it thinks. Nothing of it is kept."""

import asyncio

from rooms.publishing import events

from ..models import Run
from .piece_cleaner import PieceCleaner

INTERVAL = 0.25  # seconds between two events
MAX_LENGTH = 20_000  # characters


class ThoughtStream:
    """For one answer. `add` never waits."""

    def __init__(self, run: Run):
        self._run = run
        self._loop = asyncio.get_running_loop()
        self._began: float | None = None
        self._cleaner = PieceCleaner()
        self._sent = 0  # characters
        self._unsent = ""
        self._timer: asyncio.TimerHandle | None = None

    def add(self, piece: str) -> None:
        """One more piece of text. What is too much is left out."""
        if self._began is None:
            self._began = self._loop.time()
        self._unsent += self._cleaner.clean(piece)[: MAX_LENGTH - self._sent - len(self._unsent)]
        if self._unsent and not self._timer:
            self._timer = self._loop.call_later(INTERVAL, self.flush)

    def flush(self) -> None:
        """Send what was gathered."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if not self._unsent:
            return
        seconds = round(self._loop.time() - (self._began or 0))
        fields = {"at": self._sent, "text": self._unsent, "seconds": seconds}
        events.to_room(self._run.room.name, "thought", id=self._run.message_id, **fields)
        self._sent += len(self._unsent)
        self._unsent = ""
