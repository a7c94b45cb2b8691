"""Group commit: posts that wait together are written together, one transaction after the other a process.

While one group is being committed the next one gathers, so under load a commit carries many messages and an
idle room's message waits for nobody. A room that another program holds locked waits by itself, where the database
can write more than one thing at a time.
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
SLOW = 1.0  # seconds after which a database that is away has been waited for


@dataclass(eq=False, slots=True)
class PendingPost:
    """A post and the future of its outcome. counted: towards its sender's rate, so that it is not counted again."""

    post: Post
    answer: asyncio.Future
    counted: bool = False


class PostWriter:
    """The one writer of posts from sockets of this process."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._rendering = RenderQueue()
        self._waiting: deque[PendingPost] = deque()
        self._group: asyncio.Task | None = None  # that is being written
        self._locked: dict[int, list[PendingPost]] = {}  # by room: they wait for its lock, or for a thread to wait in
        self._patient: dict[int, asyncio.Task] = {}  # rooms whose lock is waited for
        self._writing: dict[asyncio.Task, list[PendingPost]] = {}
        self._refunds: set[asyncio.Task] = set()
        self._unanswered = 0
        self._due = False
        self._idle = asyncio.Event()
        self._idle.set()

    def post(self, post: Post) -> asyncio.Future:
        """Hand over a post; the future's result is its Posted or ChatError. The order within a room is kept."""
        answer = self._loop.create_future()
        if self._unanswered >= MAX_WAITING:
            answer.set_result(ChatError("server_busy", 2))
            return answer
        self._unanswered += 1
        self._idle.clear()
        self._rendering.add(post, lambda post: self._put(PendingPost(post, answer)))
        return answer

    def refuse_waiting(self) -> None:
        """Answer everyone who waits `unavailable`, those whose group is being written too: its thread hangs."""
        behind = self._behind(None)
        self._settle(behind, [unavailable() for _each in behind])
        for each in chain(*self._writing.values()):
            if not each.answer.done():
                each.answer.set_result(unavailable())

    async def close(self) -> None:
        """Write what waits, as far as that takes no longer than CLOSE_SECONDS, then end."""
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
            self._loop.call_soon(self._next)  # what is posted in the same turn of the loop goes with it

    def _next(self) -> None:
        """Begin what can be begun."""
        self._due = False
        for room in self._locked.keys() - self._patient.keys():
            if len(self._patient) < max(1, writers() - 1):
                self._patient[room] = self._begin(self._take_locked(room), room)
        if self._group is None and (group := self._take()):
            self._group = self._begin(group)
        if self._group is None and not self._patient and not self._locked and not self._rendering:
            self._idle.set()

    def _take(self) -> list[PendingPost]:
        """The next posts, without those of locked rooms: they wait behind the others of their room."""
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
        """Its room is locked. Where many rooms are, it may not even get a thread to wait in: it is answered in time."""
        self._locked.setdefault(each.post.room_id, []).append(each)
        self._loop.call_later(PATIENCE, self._refuse_late, each)

    def _refuse_late(self, each: PendingPost) -> None:
        """It was set aside long ago. Perhaps a thread waits for the lock just now, and writes it in the end."""
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
        """Those who waited as long for a database that hangs, all or those of a locked room: none waits twice."""
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
    """The outcomes; None for those whose room is locked. Raises DATABASE_AWAY when it hangs.

    room: they are all in this one, and its lock is waited for.
    """
    try:
        translation.activate(LANGUAGE)  # for this group's task alone
        return await _check_and_write(group, room)
    except DATABASE_AWAY:  # should it write them in the end, those who send them again are told so
        raise
    except Exception:
        # The writer serves everyone in this process: whatever happened, it must live on and everyone get an answer.
        logger.exception("a group of posts failed")
        return [ChatError("message_not_written")] * len(group)


async def _check_and_write(group: list[PendingPost], room: int | None) -> list[Outcome | None]:
    refused = await _refused([each for each in group if not each.counted])
    allowed = [each.post for each in group if each not in refused]
    written = iter(await _in_a_thread(allowed, room) if allowed else ())
    return [refused.get(each) or next(written) for each in group]


async def _refused(group: list[PendingPost]) -> dict[PendingPost, ChatError]:
    """Count them; returns those that their senders' rate does not allow."""
    errors = await check_posts([each.post.user.id for each in group]) if group else ()
    refused = {each: error for each, error in zip(group, errors, strict=True) if error}
    for each in group:
        each.counted = each not in refused
    return refused


async def _in_a_thread(posts: list[Post], room: int | None) -> Sequence[Outcome | None]:
    if room is None:
        return await run_write(post_many, posts, False)
    return await run_room_write(room, post_many, posts, True)
