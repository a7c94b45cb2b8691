"""Texts become html here, and only here: short ones at once, all others in a process that can be cut off.

What takes too long is shown plain, and a line in the log says which language or construct it was and who wrote it.
To be called before anything is locked.
"""

import asyncio
import atexit
import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from . import markup
from .markup import Rendered, plain
from .render_pool import SIZE, CutOff, RenderPool, Unavailable

logger = logging.getLogger(__name__)

QUICK = 500  # characters that cost a few milliseconds, whatever they are, as long as no code is to be coloured
BUDGET, REFILL = 2.0, 0.2  # seconds of the processor that texts of one person may take, and what is added each second
CUT_COSTS = 1.0  # seconds that a text counts of which something was cut off
MAX_BUDGETS = 1000  # people whose budget is remembered
MAX_QUEUED = 100  # texts that wait for a thread


def is_quick(text: str) -> bool:
    """Whether a text is rendered at once, without another process."""
    return len(text) <= QUICK and "```" not in text and "~~~" not in text


def render(text: str, author: int | None = None) -> Rendered:
    """Read a text, whatever it is. May take some seconds, if it is not quick and much waits; never raises.

    author: the id of who wrote it. Whose texts have taken much time lately see them plain for a while.
    """
    if is_quick(text):
        return _render_here(text)
    if not _budgets.allow(author):
        return plain(text)
    try:
        answer = _pool().render(text)
    except Unavailable as error:
        logger.warning("a text of %s characters is shown plain: %s", len(text), error)
        return plain(text)
    except CutOff as cut:
        answer = {"cut": [str(cut)], "seconds": BUDGET}
    _budgets.spend(author, answer["seconds"] + (CUT_COSTS if answer["cut"] else 0))
    _tell(text, author, answer)
    return Rendered(tuple(answer["mentioned"]), answer["marked"]) if "marked" in answer else plain(text)


async def render_in_thread(text: str, author: int | None = None) -> Rendered:
    """The same for coroutines."""
    if is_quick(text) or _threads()._work_queue.qsize() >= MAX_QUEUED:
        return _render_here(text) if is_quick(text) else plain(text)
    return await asyncio.get_running_loop().run_in_executor(_threads(), render, text, author)


def _render_here(text: str) -> Rendered:
    try:
        return markup.render(text)
    except Exception:  # whatever a text breaks in a library, it is to be shown
        logger.exception("a text of %s characters is shown plain", len(text))
        return plain(text)


def _tell(text: str, author: int | None, answer: dict) -> None:
    whose = f"by user {author}" if author else "of a bot"
    if answer["cut"]:
        what = ", ".join(dict.fromkeys(answer["cut"]))
        logger.warning("a text of %s characters %s took too long, and is plain in part: %s", len(text), whose, what)
    if "failed" in answer:
        logger.error("a text of %s characters %s cannot be rendered: %s", len(text), whose, answer["failed"])


class _Budgets:
    """How much of the processor's time each person's texts may still take in this process. Called from threads: where
    two come together one may be counted too little, which does no harm."""

    def __init__(self):
        self._left: dict[int, tuple[float, float]] = {}  # user id → seconds, and when that was

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
            self._left.pop(next(iter(self._left)), None)  # the one that was not touched for longest

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
    return ThreadPoolExecutor(2 * SIZE, "rendering")


def _forget() -> None:
    """In a process that was forked: the connections are those of its parent."""
    for made in (_pool, _threads):
        made.cache_clear()


os.register_at_fork(after_in_child=_forget)
