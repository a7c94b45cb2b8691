"""A process that runs jobs, a few at a time. Any number of workers may run: all they share is in the database.

A worker looks for jobs once a second, with one query that writes nothing, so that nobody has to wake it.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import DatabaseError, InterfaceError, connections
from django.utils import translation
from django_tasks import TaskContext

from common.periodic import PeriodicRunner
from common.polling import PollingLoop, worker_name

from . import queue, schedule
from .backend import result_of
from .models import Job

logger = logging.getLogger(__name__)
_runner = PeriodicRunner(__name__, (DatabaseError, InterfaceError))

THREADS = 2  # jobs at once
POLL_INTERVAL = 1.0  # seconds
RENEW_INTERVAL = 10.0
SCHEDULE_INTERVAL = 10.0
WATCH_INTERVAL = 2.0
PRUNE_INTERVAL = 600.0
DRAIN_TIMEOUT = 20.0  # seconds that jobs get to finish when the worker stops
STUCK_AFTER = 900.0  # seconds; threads cannot be killed, so the process is replaced and the job tried again
SAVE_INTERVAL = 2.0  # seconds between attempts to save an outcome while the database is away


class WorkersDied(Exception):
    """Each worker that ran the job died without saving an outcome."""


class Worker:
    def __init__(self, token: str = "", plan: schedule.Plan | None = None, watched: schedule.Watched | None = None):
        """token: unique among workers, at most 20 characters. plan, watched: regular work (schedule.py)."""
        self.name = worker_name(token)
        self._plan, self._watched = plan or {}, watched or {}
        self._running: dict[int, tuple[Job, float]] = {}  # with the time when each began
        self._tasks: set[asyncio.Task] = set()
        self.gave_back = False  # after it stopped: a thread may still run a job that another worker runs again
        self._loop = PollingLoop(_runner, POLL_INTERVAL)
        self._jobs = ThreadPoolExecutor(THREADS, "jobs")
        self._queue = ThreadPoolExecutor(1, "queue")  # so that a lease is renewed whatever the jobs do

    async def run(self) -> None:
        """Work until `end` is called."""
        regular = [
            (self._renew, RENEW_INTERVAL),
            (self._schedule, SCHEDULE_INTERVAL),
            (self._watch, WATCH_INTERVAL),
            (self._prune, PRUNE_INTERVAL),
        ]
        await self._loop.run(self._claim, regular, self._drain)

    def end(self) -> None:
        """Stop: claim no more jobs, and let those that run finish within DRAIN_TIMEOUT."""
        self._loop.end()

    def is_stuck(self) -> bool:
        """Whether a job has been running for longer than STUCK_AFTER."""
        return any(time.monotonic() - began > STUCK_AFTER for _job, began in self._running.values())

    @property
    def is_busy(self) -> bool:
        return bool(self._running)

    async def _claim(self) -> None:
        free = THREADS - len(self._running)
        if free <= 0:
            return
        for job in await self._ask(queue.claim, self.name, free):
            self._running[job.pk] = job, time.monotonic()
            task = asyncio.create_task(self._work(job), name=str(job))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self, job: Job) -> None:
        try:
            end = await asyncio.get_running_loop().run_in_executor(self._jobs, _run_in_thread, job)
            while True:
                try:
                    await self._ask(end)
                    return
                except (DatabaseError, InterfaceError):  # an unsaved job would run again
                    await asyncio.sleep(SAVE_INTERVAL)
        finally:
            self._running.pop(job.pk, None)
            self._loop.wake()  # there is room for another

    async def _renew(self) -> None:
        held = [id for id, (_job, began) in self._running.items() if time.monotonic() - began < STUCK_AFTER]
        if held:
            await self._ask(queue.renew, self.name, held)

    async def _schedule(self) -> None:
        if self._plan and await self._ask(schedule.enqueue_due, self._plan):
            self._loop.wake()

    async def _watch(self) -> None:
        if self._watched and await self._ask(schedule.enqueue_wanted, self._watched):
            self._loop.wake()

    async def _prune(self) -> bool:
        return bool(await self._ask(queue.prune))

    async def _drain(self) -> None:
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=DRAIN_TIMEOUT)
        left = [job for job, _began in self._running.values()]
        self.gave_back = bool(left)
        if left:
            logger.warning("gives back what it could not finish: %s", ", ".join(map(str, left)))
            await self._ask(queue.give_back, left)

    async def _ask(self, function: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._queue, partial(_query, function, *args))


def run_all(worker: str = "here") -> int:
    """Run whatever is due in this thread, one after the other, for commands and tests. Returns how many jobs ran."""
    ran = 0
    while jobs := queue.claim(worker, 1):
        _run(jobs[0])()
        ran += 1
    return ran


def _run_in_thread(job: Job) -> Callable[[], Any]:
    try:
        return _run(job)
    finally:
        connections.close_all()


def _run(job: Job) -> Callable[[], Any]:
    """Returns a function that saves the outcome."""
    try:
        if job.attempts > queue.MAX_ATTEMPTS:  # a job that kills workers is not run again
            raise WorkersDied
        task = queue.task_of(job)
        context = [TaskContext(task_result=result_of(job, task))] if task.takes_context else []
        with translation.override(None):
            task.call(*context, *job.arguments["args"], **job.arguments["kwargs"])
    except queue.UnknownTask as error:
        logger.info("a newer version has to run %s", job.task)
        return partial(queue.fail, job, error)
    except Exception as error:  # noqa: BLE001 - any error leads to another attempt, or to a failed job
        logger.log(
            logging.ERROR if job.attempts >= queue.MAX_ATTEMPTS else logging.WARNING,
            "%s failed, attempt %d of %d", job, job.attempts, queue.MAX_ATTEMPTS, exc_info=error,
        )  # fmt: skip
        return partial(queue.fail, job, error)
    return partial(queue.succeed, job)


def _query(function: Callable[..., Any], *args: Any) -> Any:
    try:
        return function(*args)
    except (DatabaseError, InterfaceError):
        connections.close_all()
        raise
