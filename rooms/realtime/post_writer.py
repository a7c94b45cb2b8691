"""Group commit: writes all waiting posts in one transaction, and one such group after another.

While a group is being committed, the next one gathers. So a commit contains many messages under load, and a message
to an idle server waits for nobody. Posts to a room that another program has locked wait separately, where the database
supports concurrent writes.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from django.utils import translation

from ..kernel.db_executor import DATABASE_AWAY, PATIENCE, run_room_write, run_write, writers
from ..kernel.errors import ChatError, unavailable
from ..kernel.protocol import LANGUAGE
from ..kernel.rate_limits import check_posts, give_back
from ..services.posting import Outcome, Post, post_many
from .render_queue import RenderQueue

logger = logging.getLogger(__name__)

MAX_GROUP = 100
MAX_WAITING = 5000
CLOSE_SECONDS = 5.0
SLOW = 1.0  # seconds; a write that fails after this long has waited for an unavailable database


@dataclass(eq=False, slots=True)
class PendingPost:
    """A post and the future of its outcome. counted: towards its sender's rate, so not again."""

    post: Post
    answer: asyncio.Future
    counted: bool = False


class PostWriter:
    """The one writer of posts from sockets of this process."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rendering = RenderQueue()
        self._waiting: deque[PendingPost] = deque()
        self._group: asyncio.Task | None = None  # being written
        # By room id: waiting for its lock, or for a thread that waits for it.
        self._locked: dict[int, list[PendingPost]] = {}
        self._patient: dict[int, asyncio.Task] = {}  # by room id: a thread waits for its lock
        self._writing: dict[asyncio.Task, list[PendingPost]] = {}
        self._refunds: set[asyncio.Task] = set()
        self._unanswered = 0
        self._due = False
        self._idle = asyncio.Event()
        self._idle.set()

    def post(self, post: Post) -> asyncio.Future:
        """Submit a post. The future's result is a Posted or a ChatError. The order within a room is kept."""
        answer = self._loop.create_future()
        if self._unanswered >= MAX_WAITING:
            answer.set_result(ChatError("server_busy", 2))
            return answer
        self._unanswered += 1
        self._idle.clear()
        self._rendering.add(post, lambda post: self._put(PendingPost(post, answer)))
        return answer

    def refuse_waiting(self) -> None:
        """Answer all posts with `unavailable`, also those of the groups being written, whose threads hang."""
        behind = self._behind(None)
        self._settle(behind, [unavailable() for _each in behind])
        for each in chain(*self._writing.values()):
            if not each.answer.done():
                each.answer.set_result(unavailable())

    async def close(self) -> None:
        """Write what is waiting, for at most CLOSE_SECONDS, then stop."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._idle.wait()
                await asyncio.gather(*self._refunds, return_exceptions=True)
        self._rendering.close()
        for task in filter(None, [self._group, *self._patient.values(), *self._refunds]):
            task.cancel()

    def _put(self, each: PendingPost) -> None:
        self._waiting.append(each)
        if not self._due:
            self._due = True
            # After this iteration of the loop, so that its other posts are in the same group.
            self._loop.call_soon(self._next)

    def _next(self) -> None:
        """Start all writes that can start."""
        self._due = False
        for room in self._locked.keys() - self._patient.keys():
            if len(self._patient) < max(1, writers() - 1):
                self._patient[room] = self._begin(self._take_locked(room), room)
        if self._group is None and (group := self._take()):
            self._group = self._begin(group)
        if self._group is None and not self._patient and not self._locked and not self._rendering:
            self._idle.set()

    def _take(self) -> list[PendingPost]:
        """The next group. Posts to locked rooms are moved behind those that already wait for the lock."""
        group: list[PendingPost] = []
        while self._waiting and len(group) < MAX_GROUP:
            each = self._waiting.popleft()
            room = each.post.room_id
            if room in self._patient or room in self._locked:
                self._set_aside(each)
            else:
                group.append(each)
        return group

    def _take_locked(self, room: int) -> list[PendingPost]:
        waiting = self._locked.pop(room)
        if len(waiting) > MAX_GROUP:
            self._locked[room] = waiting[MAX_GROUP:]
        return waiting[:MAX_GROUP]

    def _set_aside(self, each: PendingPost) -> None:
        """Keep a post until its room is unlocked. Refuse it in time: perhaps no thread can wait for that."""
        self._locked.setdefault(each.post.room_id, []).append(each)
        self._loop.call_later(PATIENCE, self._refuse_late, each)

    def _refuse_late(self, each: PendingPost) -> None:
        """Refuse a post that was set aside too long ago. A thread that is waiting for the lock may still write it."""
        there = self._locked.get(each.post.room_id, [])
        if each in there:
            there.remove(each)
            if not there:
                del self._locked[each.post.room_id]
            self._settle([each], [unavailable()])
            self._next()
        elif not each.answer.done():
            each.answer.set_result(unavailable())

    def _begin(self, group: list[PendingPost], room: int | None = None) -> asyncio.Task:
        task = self._loop.create_task(_write(group, room), name="write")
        self._writing[task] = group
        begun = self._loop.time()
        task.add_done_callback(lambda task: self._written(task, room, self._loop.time() - begun))
        return task

    def _written(self, task: asyncio.Task, room: int | None, took: float) -> None:
        group = self._writing.pop(task)
        if room is None:
            self._group = None
        else:
            del self._patient[room]
        if task.cancelled():
            return
        outcomes = [] if task.exception() else task.result()
        if task.exception() or (took > SLOW and all(map(_is_unavailable, outcomes))):
            group = [*group, *self._behind(room)]
            outcomes = [unavailable() for _each in group]
        self._settle(group, outcomes)
        self._next()

    def _behind(self, room: int | None) -> list[PendingPost]:
        """Remove and return the posts that have waited for the database, too: those of a locked room, or all."""
        if room is not None:
            return self._locked.pop(room, [])
        behind = [*chain(*self._locked.values()), *self._waiting]
        self._locked.clear()
        self._waiting.clear()
        return behind

    def _settle(self, group: list[PendingPost], outcomes: list[Outcome | None]) -> None:
        for each, outcome in zip(group, outcomes, strict=True):
            self._answer(each, outcome)
        unwritten = [
            each.post.user.id
            for each, outcome in zip(group, outcomes, strict=True)
            if each.counted and _is_unavailable(outcome)
        ]
        if unwritten:
            task = self._loop.create_task(give_back(unwritten), name="give back")
            self._refunds.add(task)
            task.add_done_callback(self._refunds.discard)

    def _answer(self, each: PendingPost, outcome: Outcome | None) -> None:
        if outcome is None:
            self._set_aside(each)
            return
        self._unanswered -= 1
        if not each.answer.done():
            each.answer.set_result(outcome)


def _is_unavailable(outcome: Outcome | None) -> bool:
    return isinstance(outcome, ChatError) and outcome.code == "unavailable"


async def _write(group: list[PendingPost], room: int | None) -> list[Outcome | None]:
    """The outcomes; None for posts to locked rooms. Raises DATABASE_AWAY if the database hangs.

    room: all posts are in this one; wait for its lock.
    """
    try:
        translation.activate(LANGUAGE)  # in this task only
        return await _check_and_write(group, room)
    except DATABASE_AWAY:  # if it still writes them, senders who try again get the same answer
        raise
    except Exception:
        # The writer serves the whole process, so it must survive any exception, and everyone must get an answer.
        logger.exception("a group of posts failed")
        return [ChatError("message_not_written")] * len(group)


async def _check_and_write(group: list[PendingPost], room: int | None) -> list[Outcome | None]:
    refused = await _refused([each for each in group if not each.counted])
    allowed = [each.post for each in group if each not in refused]
    written = iter(await _write_in_thread(allowed, room) if allowed else ())
    return [refused.get(each) or next(written) for each in group]


async def _refused(group: list[PendingPost]) -> dict[PendingPost, ChatError]:
    """Count posts towards their senders' rates. Returns those that exceed them, with the error for each."""
    errors = await check_posts([each.post.user.id for each in group]) if group else ()
    refused = {each: error for each, error in zip(group, errors, strict=True) if error}
    for each in group:
        each.counted = each not in refused
    return refused


async def _write_in_thread(posts: list[Post], room: int | None) -> Sequence[Outcome | None]:
    if room is None:
        return await run_write(post_many, posts, False)
    return await run_room_write(room, post_many, posts, True)
