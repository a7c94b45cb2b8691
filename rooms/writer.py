"""Group commit: posts that wait together are written together, one transaction after the other a process.

While one group is being committed the next one gathers, so under load a commit carries many messages and an
idle room's message waits for nobody.
"""

import asyncio
import contextlib
import logging
from collections import deque

from .db import run_write
from .errors import ChatError
from .limits import check_posts
from .posting import Outcome, Post, post_many

logger = logging.getLogger(__name__)

MAX_GROUP = 100
MAX_WAITING = 5000
CLOSE_SECONDS = 5.0


class Writer:
    """The one writer of posts from sockets of this process."""

    def __init__(self):
        self._waiting: deque[tuple[Post, asyncio.Future]] = deque()
        self._awake, self._idle = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._task = asyncio.get_running_loop().create_task(self._run(), name="writer")

    def post(self, post: Post) -> asyncio.Future:
        """Hand over a post; the future's result is its Posted or ChatError. Order is kept."""
        answer = asyncio.get_running_loop().create_future()
        if len(self._waiting) >= MAX_WAITING:
            answer.set_result(ChatError("overloaded", "The server is busy. Your message is kept: send it again.", 2))
        else:
            self._waiting.append((post, answer))
            self._idle.clear()
            self._awake.set()
        return answer

    async def close(self) -> None:
        """Write what waits, as far as that takes no longer than CLOSE_SECONDS, then end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._idle.wait()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self):
        while True:
            await self._awake.wait()
            self._awake.clear()
            while self._waiting:
                group = [self._waiting.popleft() for _ in range(min(MAX_GROUP, len(self._waiting)))]
                outcomes = await _write([post for post, _answer in group])
                for (_post, answer), outcome in zip(group, outcomes, strict=True):
                    if not answer.done():
                        answer.set_result(outcome)
            self._idle.set()


async def _write(posts: list[Post]) -> list[Outcome]:
    try:
        return await _check_and_write(posts)
    except Exception:
        # The writer serves everyone in this process: whatever happened, it must live on and everyone get an answer.
        logger.exception("a group of posts failed")
        return [ChatError("internal", "Something went wrong on the server. Please send it again.")] * len(posts)


async def _check_and_write(posts: list[Post]) -> list[Outcome]:
    refused = await check_posts([post.user.id for post in posts])
    allowed = [post for post, error in zip(posts, refused, strict=True) if error is None]
    written = iter(await run_write(post_many, allowed) if allowed else ())
    return [error or next(written) for error in refused]
