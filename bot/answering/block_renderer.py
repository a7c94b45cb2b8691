"""The blocks of a reply as HTML, each as soon as it is finished and once, so that people read no Markdown."""

import asyncio
import logging

from rooms.kernel.db_executor import run_db
from rooms.publishing import events
from rooms.services import bot_replies
from rooms.text.finished_blocks import BlockScanner
from rooms.text.rendering import render

from ..models import Run
from ..queue import runs

logger = logging.getLogger(__name__)


class BlockRenderer:
    """Fed with what the room was told of one reply. Never waits: it renders in a thread, one piece of text at a time.

    What is finished meanwhile is rendered together.
    """

    def __init__(self, run: Run):
        self._run = run
        self._closed = False
        self._task: asyncio.Task | None = None
        self.restart()

    def restart(self) -> None:
        """All that came before is taken back."""
        self._scanner = BlockScanner()
        self._shown: list[tuple[int, int, str]] = []  # start, end, HTML
        self._unfinished: list[str] = []
        self._taken = 0  # code points that were rendered, or are now
        self.length = 0  # code points that were fed

    def feed(self, piece: str) -> None:
        """The room was told one more piece."""
        self.length += len(piece)
        self._unfinished.append(piece)
        self._scanner.feed(piece)
        if self._scanner.end > self._taken and not self._closed and not self._task:
            self._task = asyncio.get_running_loop().create_task(self._render_finished())

    def show_again(self) -> None:
        """For a process that did not hear it. Those that did know it by its being the same."""
        for part in self._shown if not self._closed else ():
            self._show(*part)

    def close(self) -> None:
        """The rest comes with the whole message."""
        self._closed = True

    async def _render_finished(self) -> None:
        try:
            while self._scanner.end > self._taken and not self._closed:
                scanner, start, text = self._scanner, self._taken, self._take()
                html = await self._render(text)
                if scanner is self._scanner and not self._closed:
                    self._shown.append((start, start + len(text), html))
                    self._show(*self._shown[-1])
        except Exception:  # noqa: BLE001 - what it would have shown comes with the whole message
            logger.exception("blocks of run %s are shown at its end", self._run.pk)
        finally:
            self._task = None

    def _take(self) -> str:
        text = "".join(self._unfinished)
        length = self._scanner.end - self._taken
        self._unfinished = [text[length:]]
        self._taken = self._scanner.end
        return text[:length]

    def _show(self, start: int, end: int, html: str) -> None:
        events.rendered(self._run.room.name, self._run.message_id, start, end, html)

    async def _render(self, text: str) -> str:
        document = await asyncio.to_thread(render, runs.link_citations(self._run, text))
        return await run_db(bot_replies.finished_html, document) if document.emoji_names else document.html()
