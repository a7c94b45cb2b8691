"""The text of one reply on its way to the room: gathered, each piece sent once, saved now and then."""

import asyncio
import logging
import re

from accounts.plain_text import without_controls
from rooms.kernel.db_executor import run_room_write
from rooms.models import MessageState
from rooms.publishing import events

from ..llm.pacer import Rhythm
from ..models import Run
from ..queue import runs

logger = logging.getLogger(__name__)

EVERY = 0.05  # seconds: at most 20 deltas a second
MAX_LENGTH = 32_000  # characters


class TooLong(Exception):
    """The answer is as long as one can be."""


class Reply:
    """What a worker says for one run. `add` and what it calls never wait; `show` writes to the database."""

    def __init__(self, run: Run):
        self.run = run
        self.length = 0
        self.saved = 0  # how long the text was when it was last saved
        self.first_heard: float | None = None  # the loop's time of the first piece
        self._loop = asyncio.get_running_loop()
        self._sent: list[str] = []
        self._sent_length = 0
        self._fresh: list[str] = []
        self._rhythm = Rhythm(EVERY)  # of deltas; the model is read in the same one
        self._closed = False
        self._timer: asyncio.TimerHandle | None = None
        self._showing: asyncio.Task | None = None
        self._half = ""  # the first half of a character that came in two pieces

    @property
    def text(self) -> str:
        return "".join(self._sent) + "".join(self._fresh)

    def open(self) -> None:
        """Tell the room that the answer is being written. Where an earlier text stands, it stays until ours begins."""
        if self.run.message.state != MessageState.STREAMING and not self.run.message.text:
            self._show(state=MessageState.STREAMING)

    def add(self, piece: str) -> None:
        """One more piece of text from the model. Raises TooLong, and keeps what there is room for."""
        whole = self._clean(piece)
        if not whole:
            return
        piece = whole[: MAX_LENGTH - self.length]
        begins, self.length = not self.length, self.length + len(piece)
        self._fresh.append(piece)
        if begins:
            self.first_heard = self._loop.time()
        if begins and self.run.message.text:
            self._show(state=MessageState.STREAMING)  # replaces the earlier text
        else:
            self._send_soon()
        if piece != whole:
            raise TooLong

    async def note(self, note: str) -> None:
        """Show what the program says about the reply while it is written, e.g. what it searches."""
        await self.settled()
        self._show(note=note)
        await self.settled()

    async def settled(self) -> None:
        """Wait until the database has what was last shown, or could not take it."""
        while self._showing:
            await asyncio.wait([self._showing])

    def close(self) -> None:
        """Send nothing more: the final event carries the whole text."""
        if self._timer:
            self._timer.cancel()
        self._timer, self._closed = None, True

    def _show(self, **changes) -> None:
        """Publish the whole text so far; pieces that come meanwhile wait, or they would overtake it."""
        if self.length:
            changes["text"] = self._take_all()
            self.saved = self.length
        self._showing = self._loop.create_task(run_room_write(self.run.room_id, runs.show, self.run, **changes))
        self._showing.add_done_callback(self._shown)

    def _shown(self, task: asyncio.Task) -> None:
        self._showing = None
        if not task.cancelled() and task.exception():  # the final event repairs it
            logger.warning("run %s could not be shown: %s", self.run.pk, type(task.exception()).__name__)
        self._send_soon()

    def _take_all(self) -> str:
        self._sent = [self.text]
        self._fresh = []
        self._sent_length = self.length
        return self._sent[0]

    def _send_soon(self) -> None:
        if self._timer or self._showing or self._closed or not self._fresh:
            return
        if (now := self._loop.time()) >= self._rhythm.due:
            self._send(now)
        else:
            self._timer = self._loop.call_at(self._rhythm.due, self._due)

    def _due(self) -> None:
        self._timer = None
        if not self._showing and self._fresh:
            self._send(self._loop.time())

    def _send(self, now: float) -> None:
        text = "".join(self._fresh)
        events.delta(self.run.room.name, self.run.message_id, self._sent_length, text)
        self._sent.append(text)
        self._sent_length += len(text)
        self._fresh = []
        self._rhythm.take(now)

    def _clean(self, piece: str) -> str:
        """Without what no database or screen takes: control characters, halves of characters that stay alone."""
        piece = (self._half + piece).replace("\r", "")  # a line break may come in two pieces
        self._half = ""
        if _HALVES.search(piece):
            if "\ud800" <= piece[-1] <= "\udbff":
                piece, self._half = piece[:-1], piece[-1]
            piece = piece.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return without_controls(piece)


_HALVES = re.compile(r"[\ud800-\udfff]")
