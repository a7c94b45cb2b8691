"""Group commit: posts that wait together are written together, one transaction after the other a process.

While one group is being committed the next one gathers, so under load a commit carries many messages and an
idle room's message waits for nobody. A room that another program holds locked waits by itself, where the database
can write more than one thing at a time.
"""

import asyncio
import contextlib
import logging
from collections import deque
from itertools import chain

from django.utils import translation

from .db import DATABASE_AWAY, run_write, writers
from .errors import ChatError, unavailable
from .limits import check_posts
from .posting import Outcome, Post, post_many
from .protocol import LANGUAGE

logger = logging.getLogger(__name__)

MAX_GROUP = 100
MAX_WAITING = 5000
CLOSE_SECONDS = 5.0

Waiting = tuple[Post, asyncio.Future]


class Writer:
    """The one writer of posts from sockets of this process."""

    def __init__(self):
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Waiting] = deque()
        self._group: asyncio.Task | None = None  # that is being written
        self._locked: dict[int, list[Waiting]] = {}  # by room: they wait for its lock, or for a thread to wait in
        self._patient: dict[int, asyncio.Task] = {}  # rooms whose lock is waited for
        self._unanswered = 0
        self._due = False
        self._idle = asyncio.Event()
        self._idle.set()

    def post(self, post: Post) -> asyncio.Future:
        """Hand over a post; the future's result is its Posted or ChatError. The order within a room is kept."""
        answer = self._loop.create_future()
        if self._unanswered >= MAX_WAITING:
            answer.set_result(ChatError("overloaded", "The server is busy. Your message is kept: send it again.", 2))
            return answer
        self._waiting.append((post, answer))
        self._unanswered += 1
        self._idle.clear()
        if not self._due:
            self._due = True
            self._loop.call_soon(self._next)  # what is posted in the same turn of the loop goes with it
        return answer

    async def close(self) -> None:
        """Write what waits, as far as that takes no longer than CLOSE_SECONDS, then end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._idle.wait()
        for task in filter(None, [self._group, *self._patient.values()]):
            task.cancel()

    def _next(self) -> None:
        """Begin what can be begun."""
        self._due = False
        for room in self._locked.keys() - self._patient.keys():
            if len(self._patient) < max(1, writers() - 1):
                self._patient[room] = self._begin(self._take_locked(room), room)
        if self._group is None and (group := self._take()):
            self._group = self._begin(group)
        if self._group is None and not self._patient and not self._locked:
            self._idle.set()

    def _take(self) -> list[Waiting]:
        """The next posts, without those of locked rooms: they wait behind the others of their room."""
        group = []
        while self._waiting and len(group) < MAX_GROUP:
            each = self._waiting.popleft()
            room = each[0].room_id
            if room in self._patient or room in self._locked:
                self._locked.setdefault(room, []).append(each)
            else:
                group.append(each)
        return group

    def _take_locked(self, room: int) -> list[Waiting]:
        waiting = self._locked.pop(room)
        if len(waiting) > MAX_GROUP:
            self._locked[room] = waiting[MAX_GROUP:]
        return waiting[:MAX_GROUP]

    def _begin(self, group: list[Waiting], room: int | None = None) -> asyncio.Task:
        task = self._loop.create_task(_write([post for post, _answer in group], room is not None), name="write")
        task.add_done_callback(lambda task: self._written(task, group, room))
        return task

    def _written(self, task: asyncio.Task, group: list[Waiting], room: int | None) -> None:
        if room is None:
            self._group = None
        else:
            del self._patient[room]
        if task.cancelled():
            return
        if task.exception():
            group = [*group, *self._behind(room)]
            outcomes = [unavailable() for _each in group]
        else:
            outcomes = task.result()
        for each, outcome in zip(group, outcomes, strict=True):
            self._answer(each, outcome)
        self._next()

    def _behind(self, room: int | None) -> list[Waiting]:
        """Those who waited as long for a database that hangs, all or those of a locked room: none waits twice."""
        if room is not None:
            return self._locked.pop(room, [])
        behind = [*chain(*self._locked.values()), *self._waiting]
        self._locked.clear()
        self._waiting.clear()
        return behind

    def _answer(self, each: Waiting, outcome: Outcome | None) -> None:
        if outcome is None:
            self._locked.setdefault(each[0].room_id, []).append(each)
            return
        self._unanswered -= 1
        if not each[1].done():
            each[1].set_result(outcome)


async def _write(posts: list[Post], patient: bool) -> list[Outcome | None]:
    """The outcomes; None for those whose room is locked, if not patient. Raises DATABASE_AWAY when it hangs."""
    try:
        translation.activate(LANGUAGE)  # for this group's task alone
        return await _check_and_write(posts, patient)
    except DATABASE_AWAY:  # should it write them in the end, those who send them again are told so
        raise
    except Exception:
        # The writer serves everyone in this process: whatever happened, it must live on and everyone get an answer.
        logger.exception("a group of posts failed")
        return [ChatError("internal", "Something went wrong on the server. Please send it again.")] * len(posts)


async def _check_and_write(posts: list[Post], patient: bool) -> list[Outcome | None]:
    # Those that wait for a lock were counted the first time.
    refused = [None] * len(posts) if patient else await check_posts([post.user.id for post in posts])
    allowed = [post for post, error in zip(posts, refused, strict=True) if error is None]
    written = iter(await run_write(post_many, allowed, patient) if allowed else ())
    return [error or next(written) for error in refused]
