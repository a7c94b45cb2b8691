"""Tells the room what a bot does before its first word: on a slow server that can take a minute."""

import asyncio
from typing import Literal

from rooms.publishing import events

from .reply_stream import ReplyStream

SILENT_FOR = 3.0  # seconds before anything is said
INTERVAL = 2.0  # seconds


class Progress:
    """What goes on with one request, told while the block runs and the reply has no words."""

    def __init__(self, reply: ReplyStream, tokens: int):
        """tokens: how many the model is given to read."""
        self._reply, self._tokens = reply, tokens
        self._loop = asyncio.get_running_loop()
        self._since = self._loop.time()
        self._doing: Literal["reading", "thinking"] = "reading"
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> "Progress":
        self._timer = self._loop.call_later(SILENT_FOR, self._tell)
        return self

    def __exit__(self, *_error: object) -> None:
        if self._timer:
            self._timer.cancel()

    def thinks(self) -> None:
        """It has read all, and thinks."""
        if self._doing == "reading":
            self._doing, self._since = "thinking", self._loop.time()

    def _tell(self) -> None:
        if self._reply.length:
            return
        fields: dict = {"doing": self._doing, "seconds": round(self._loop.time() - self._since)}
        if self._doing == "reading":
            fields["tokens"] = self._tokens
        events.to_room(self._reply.run.room.name, "progress", id=self._reply.run.message_id, **fields)
        self._timer = self._loop.call_later(INTERVAL, self._tell)
