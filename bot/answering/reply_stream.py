"""The text of one reply on its way to the room: gathered, each piece sent once, saved now and then."""

import asyncio
import logging
from itertools import chain

from rooms.kernel.db_executor import run_room_write
from rooms.kernel.notes import Note
from rooms.models import MessageState
from rooms.publishing import events
from rooms.services import block_lists

from ..llm.pacer import Pacer
from ..models import Run
from ..queue import runs
from .block_renderer import BlockRenderer
from .piece_cleaner import PieceCleaner

logger = logging.getLogger(__name__)

DELTA_INTERVAL = 0.05  # seconds: at most 20 deltas a second
MAX_LENGTH = 32_000  # characters


class ReplyTooLong(Exception):
    """The answer is as long as one can be."""


class ReplyBlocked(Exception):
    """The answer has something that is blocked in the room."""

    def __init__(self, phrase: str):
        self.phrase = phrase


class ReplyStream:
    """What a worker says for one run. `add` and what it calls never wait; the text is saved in tasks of their own."""

    def __init__(self, run: Run):
        self.run = run
        self.length = 0
        self.saved_length = 0  # how long the text was when it was last saved
        self.first_token_at: float | None = None  # the loop's time of the first piece
        self._loop = asyncio.get_running_loop()
        self._sent: list[str] = []
        self._sent_length = 0
        self._unsent: list[str] = []
        self._pacer = Pacer(DELTA_INTERVAL)  # of deltas; the model is read in the same one
        self._blocks = BlockRenderer(run)
        self._closed = False
        self._timer: asyncio.TimerHandle | None = None
        self._saving: asyncio.Task | None = None
        self._checked_length = 0  # how much of the text was compared with what is blocked
        self._cut = False  # the room has text that is no longer part of the answer
        self._cleaner = PieceCleaner()

    @property
    def text(self) -> str:
        """All of it, whether sent or not."""
        return "".join(self._sent) + "".join(self._unsent)

    def start(self) -> None:
        """Tell the room that the answer is being written. Where an earlier text stands, it stays until ours begins."""
        if self.run.message.state != MessageState.STREAMING and not self.run.message.text:
            self._save_and_publish(state=MessageState.STREAMING)

    def add(self, piece: str) -> None:
        """One more piece of text from the model. Raises ReplyTooLong, and keeps what there is room for; or
        ReplyBlocked, and takes back what is blocked."""
        whole = self._cleaner.clean(piece)
        if not whole:
            return
        piece = whole[: MAX_LENGTH - self.length]
        begins, self.length = not self.length, self.length + len(piece)
        self._unsent.append(piece)
        if begins:
            self.first_token_at = self._loop.time()
        self.check_words()
        if begins and self.run.message.text:
            self._save_and_publish(state=MessageState.STREAMING)  # replaces the earlier text
        else:
            self._send_soon()
        if piece != whole:
            raise ReplyTooLong

    def check_words(self, finished: bool = False) -> None:
        """Raises ReplyBlocked, and takes back what is blocked. finished: nothing more comes."""
        if not block_lists.has_any(self.run.room_id):
            return
        begin = max(0, self._checked_length - block_lists.OVERLAP)
        found = block_lists.locate(self.run.room_id, self._text_from(begin), finished)
        self._checked_length = self.length
        if found:
            self.cut_back(begin + found[0])
            raise ReplyBlocked(found[1])

    def _text_from(self, begin: int) -> str:
        pieces: list[str] = []
        at = self.length
        for piece in chain(reversed(self._unsent), reversed(self._sent)):
            if at <= begin:
                break
            pieces.append(piece)
            at -= len(piece)
        return "".join(reversed(pieces))[max(0, begin - at) :]

    def cut_back(self, length: int) -> None:
        """Take back all but the first so many characters."""
        self._sent, self._unsent = [self.text[:length]], []
        self.length = self._sent_length = len(self._sent[0])
        self._checked_length = min(self._checked_length, self.length)
        self._cut = True
        self._blocks.restart()
        if not self._saving:
            self._show_cut()

    def _show_cut(self) -> None:
        self._cut = False
        self._save_and_publish(state=MessageState.STREAMING, text=self._take_all())

    async def show_note(self, note: Note) -> None:
        """Show what the program says about the reply while it is written, e.g. what it searches."""
        await self.wait_saved()
        self._save_and_publish(note=note)
        await self.wait_saved()

    async def wait_saved(self) -> None:
        """Wait until the database has what was last shown, or could not take it."""
        while self._saving:
            await asyncio.wait([self._saving])

    def show_blocks(self) -> None:
        """Send the finished blocks again, to whoever was not there."""
        self._blocks.show_again()

    def close(self) -> None:
        """Send nothing more: the final event carries the whole text."""
        if self._timer:
            self._timer.cancel()
        self._blocks.close()
        self._timer, self._closed = None, True

    def _save_and_publish(self, **changes) -> None:
        """Publish the whole text so far; pieces that come meanwhile wait, or they would overtake it."""
        if self.length:
            changes["text"] = self._take_all()
            self.saved_length = self.length
        self._saving = self._loop.create_task(run_room_write(self.run.room_id, runs.update_reply, self.run, **changes))
        self._saving.add_done_callback(self._on_saved)

    def _on_saved(self, task: asyncio.Task) -> None:
        self._saving = None
        if not task.cancelled() and task.exception():  # the final event repairs it
            logger.warning("run %s could not be shown: %s", self.run.pk, type(task.exception()).__name__)
        if self._cut and not self._closed:
            self._show_cut()
        else:
            self._blocks.feed("".join(self._sent)[self._blocks.length :])
            self._send_soon()

    def _take_all(self) -> str:
        self._sent = [self.text]
        self._unsent = []
        self._sent_length = self.length
        return self._sent[0]

    def _send_soon(self) -> None:
        if self._timer or self._saving or self._closed or not self._unsent:
            return
        if (now := self._loop.time()) >= self._pacer.due:
            self._send(now)
        else:
            self._timer = self._loop.call_at(self._pacer.due, self._on_timer)

    def _on_timer(self) -> None:
        self._timer = None
        if not self._saving and self._unsent:
            self._send(self._loop.time())

    def _send(self, now: float) -> None:
        text = "".join(self._unsent)
        events.delta(self.run.room.name, self.run.message_id, self._sent_length, text)
        self._sent.append(text)
        self._sent_length += len(text)
        self._blocks.feed(text)
        self._unsent = []
        self._pacer.advance(now)
