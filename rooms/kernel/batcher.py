"""Questions to the database that are asked at the same time, asked together.

While there is little to do each is asked at once. When many come (a thousand people connect again after a restart)
those that came while others were being answered share one call, and so its queries.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from .db_executor import DATABASE_AWAY, run_db

MAX_PARALLEL = 3  # calls at the same time: one that hangs holds up only those who are in it
MAX_BATCH = 100  # questions in a call

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class DataLoader(Generic[Question, Answer]):
    """Lives in one event loop.

    function: takes a list of questions, in a thread, and returns their answers in the same order; an answer that is
    an exception is raised where the question was asked.
    """

    def __init__(self, function: Callable[[list[Question]], Sequence[Answer | Exception]]) -> None:
        self._function = function
        self._waiting: deque[tuple[Question, asyncio.Future[Answer]]] = deque()
        self._calls: set[asyncio.Task] = set()

    async def load(self, question: Question) -> Answer:
        """The answer to one question, which may share its query with others. Raises what the query raised."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        self._call_next()
        return await answer

    def _call_next(self) -> None:
        while self._waiting and len(self._calls) < MAX_PARALLEL:
            self._call([self._waiting.popleft() for _ in range(min(MAX_BATCH, len(self._waiting)))])

    def _call(self, group: list[tuple[Question, asyncio.Future[Answer]]]) -> None:
        call = asyncio.create_task(run_db(self._function, [question for question, _answer in group]))
        self._calls.add(call)
        call.add_done_callback(partial(self._called, group))

    def _called(self, group: list[tuple[Question, asyncio.Future[Answer]]], call: asyncio.Task) -> None:
        self._calls.discard(call)
        error = asyncio.CancelledError() if call.cancelled() else call.exception()
        if error is None:
            _resolve(group, call.result())
        elif len(group) == 1 or isinstance(error, (*DATABASE_AWAY, asyncio.CancelledError)):
            _resolve(group, [error] * len(group))
        else:  # perhaps because of one of them, so the others are asked without it
            for each in group:
                self._call([each])
        self._call_next()


def _resolve(group: list[tuple[Question, asyncio.Future[Answer]]], answers: Sequence[Answer | BaseException]) -> None:
    for (_question, future), answer in zip(group, answers, strict=True):
        if future.done():
            continue  # whoever asked has gone
        if isinstance(answer, BaseException):
            future.set_exception(answer)
        else:
            future.set_result(answer)
