"""One claimed run in a worker, from loading to what is written down about it."""

import asyncio
import logging
import time

from rooms.kernel.db_executor import DATABASE_AWAY, run_room_write
from rooms.kernel.notes import NO_NOTE, Note
from rooms.services import bot_replies
from rooms.text.markup import Rendered

from ..models import Run, RunState
from ..queue import leases, runs
from . import catch_up_redirect
from .answer import Outcome, answer
from .reply_stream import ReplyStream

logger = logging.getLogger(__name__)

RETRY_DELAY = 1.0  # seconds before the database is tried again


class JobRunner:
    """Made with a run that was claimed and loaded. `work` ends when nothing is left to do, whatever happened."""

    def __init__(self, run: Run):
        self.run = run
        self.reply = ReplyStream(run)
        self._answering: asyncio.Task | None = None
        self._cancelled = False  # broken off: because …
        self._stop_note = NO_NOTE  # … somebody wants that, and the room is told this
        self._releasing = False  # … or the worker ends: the run goes back

    def cancel(self, stop_note: Note = NO_NOTE, releasing: bool = False) -> None:
        """Break the answer off; the model's stream closes with it."""
        if not self._cancelled:
            self._stop_note, self._releasing, self._cancelled = stop_note, releasing, True
            if self._answering:
                self._answering.cancel()

    @property
    def has_unsaved_text(self) -> bool:
        return self.reply.length > self.reply.saved_length

    async def execute(self) -> None:
        """Never raises. A run that cannot be finished is taken over when its lease has run out."""
        try:
            if catch_up_redirect.should_redirect(self.run):
                await run_room_write(self.run.room_id, catch_up_redirect.redirect, self.run)
                return
            outcome = await self._answer()
            self.reply.close()
            await self._save_outcome(outcome)
        except DATABASE_AWAY:
            logger.warning("run %s is left to its lease: the database is away", self.run.pk)
        except Exception:  # noqa: BLE001 - the same, and somebody should look at it
            logger.exception("run %s is left to its lease", self.run.pk)

    async def _answer(self) -> Outcome | None:
        """How it ended; None when that is not for this worker to say."""
        if stop_note := self.run.load_stop_note():
            return Outcome(RunState.STOPPED, stop_note)
        try:
            if not self._cancelled:
                self._answering = asyncio.create_task(answer(self.run, self.reply))
                return await self._answering
        except asyncio.CancelledError:
            if not self._cancelled:
                raise
        return Outcome(RunState.STOPPED, self._stop_note) if self._stop_note else None

    async def _save_outcome(self, outcome: Outcome | None) -> None:
        """Into the database, as soon as it is there; the lease decides whether we still may."""
        await self.reply.wait_saved()
        # However it ended: what was made up is not to stay.
        text = runs.link_citations(self.run, self.reply.text) if outcome else self.reply.text
        rendered = await asyncio.to_thread(bot_replies.render_finished, text) if outcome and text else None
        until = time.monotonic() + leases.LEASE.total_seconds()
        while True:
            try:
                return await self._try_save_outcome(outcome, text or None, rendered)
            except DATABASE_AWAY:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(RETRY_DELAY)

    async def _try_save_outcome(self, outcome: Outcome | None, text: str | None, rendered: Rendered | None) -> None:
        if outcome:
            await run_room_write(self.run.room_id, runs.finish, self.run, outcome.state, text, outcome.note, rendered)
        elif self._releasing:
            await run_room_write(self.run.room_id, runs.release, self.run, text)
