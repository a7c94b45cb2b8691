"""Renders texts to HTML: short ones in place, others in a child process with a time limit.

A text that takes too long is shown as plain text, and the log says which language or construct caused it and who wrote
it. Call this before anything is locked.
"""

import asyncio
import atexit
import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from . import markup
from .markup import Rendered, render_plain
from .render_pool import MAX_PROCESSES, CutOff, RenderPool, Unavailable

logger = logging.getLogger(__name__)

MAX_QUICK_LENGTH = 500  # characters; without code blocks, any such text takes a few milliseconds
BUDGET, REFILL = 2.0, 0.2  # seconds of CPU time for one user's texts, and how many are added per second
CUT_PENALTY = 1.0  # seconds added for a text that was cut off
MAX_BUDGETS = 1000  # users whose budget is kept
MAX_QUEUED = 100  # texts waiting for a thread


def is_quick(text: str) -> bool:
    """Whether a text is rendered in place, without a child process."""
    return len(text) <= MAX_QUICK_LENGTH and "```" not in text and "~~~" not in text


def render(text: str, author: int | None = None) -> Rendered:
    """Render any text. May take some seconds if it is not quick and many others wait. Never raises.

    author: the user's id. Texts of users whose texts have recently taken much time stay plain for a while.
    """
    if is_quick(text):
        return _render_here(text)
    if not _budgets.allow(author):
        return render_plain(text)
    try:
        answer = _pool().render(text)
    except Unavailable as error:
        logger.warning("a text of %s characters is shown plain: %s", len(text), error)
        return render_plain(text)
    except CutOff as cut:
        answer = {"cut": [str(cut)], "seconds": BUDGET}
    _budgets.spend(author, answer["seconds"] + (CUT_PENALTY if answer["cut"] else 0))
    _log_problems(text, author, answer)
    return Rendered(tuple(answer["mentioned"]), answer["marked"]) if "marked" in answer else render_plain(text)


async def render_in_thread(text: str, author: int | None = None) -> Rendered:
    """The same for coroutines."""
    if is_quick(text) or _threads()._work_queue.qsize() >= MAX_QUEUED:
        return _render_here(text) if is_quick(text) else render_plain(text)
    return await asyncio.get_running_loop().run_in_executor(_threads(), render, text, author)


def _render_here(text: str) -> Rendered:
    try:
        return markup.render(text)
    except Exception:  # a bug in a library must not hide the text
        logger.exception("a text of %s characters is shown plain", len(text))
        return render_plain(text)


def _log_problems(text: str, author: int | None, answer: dict) -> None:
    whose = f"by user {author}" if author else "of a bot"
    if answer["cut"]:
        what = ", ".join(dict.fromkeys(answer["cut"]))
        logger.warning("a text of %s characters %s took too long, and is plain in part: %s", len(text), whose, what)
    if "failed" in answer:
        logger.error("a text of %s characters %s cannot be rendered: %s", len(text), whose, answer["failed"])


class _Budgets:
    """How much CPU time each user's texts may still take in this process. Not exact if several threads call it at once,
    which does no harm."""

    def __init__(self):
        self._left: dict[int, tuple[float, float]] = {}  # user id → (seconds, monotonic time)

    def allow(self, author: int | None) -> bool:
        return author is None or self._now(author) > 0

    def spend(self, author: int | None, seconds: float) -> None:
        if author is None:
            return
        left = self._now(author) - seconds
        if left <= 0:
            logger.warning("texts of user %s have taken much time: the next that are not short are plain", author)
        self._left.pop(author, None)
        self._left[author] = (left, time.monotonic())
        if len(self._left) > MAX_BUDGETS:
            self._left.pop(next(iter(self._left)), None)  # the least recently used

    def _now(self, author: int) -> float:
        left, when = self._left.get(author, (BUDGET, 0.0))
        return min(BUDGET, left + (time.monotonic() - when) * REFILL)


_budgets = _Budgets()


@cache
def _pool() -> RenderPool:
    pool = RenderPool()
    atexit.register(pool.close)
    return pool


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2 * MAX_PROCESSES, "rendering")


def _reset_after_fork() -> None:
    """After a fork: the connections belong to the parent."""
    for cached in (_pool, _threads):
        cached.cache_clear()


os.register_at_fork(after_in_child=_reset_after_fork)
