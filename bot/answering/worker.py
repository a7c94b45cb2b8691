"""One event loop that writes many replies at once. All it knows stands in the database; any number may run.

What it writes goes through one thread: SQLite makes writers wait by sleeping, and eight of them mostly sleep.
"""

import asyncio
from collections.abc import Collection

from django.conf import settings

from common.periodic import PeriodicRunner
from common.polling import PollingLoop, worker_name
from presence.bots import BEAT, BotPresence
from rooms.kernel.db_executor import DATABASE_AWAY, run_db, run_write
from rooms.publishing import publisher

from ..models import Bot, Run
from ..queue import leases, runs
from ..queue.wake_listener import WakeListener
from .job_runner import JobRunner

_runner = PeriodicRunner(__name__, DATABASE_AWAY)

POLL_INTERVAL = 1.0  # seconds between looks for work that no wake-up told of
STOP_CHECK_INTERVAL = 0.5  # … for runs that are to stop
SAVE_INTERVAL = 1.0  # … savings of the texts so far
RENEW_INTERVAL = 10.0  # … renewals of the leases
CLAIM_BATCH = 20  # runs claimed in one step, so that the first of many do not wait for the last
DRAIN_TIMEOUT = 20.0  # seconds that replies get to finish when the worker is to end


class Worker:
    def __init__(self, token: str = ""):
        """token: tells it from all other workers, of this host and others; at most 20 characters."""
        self.name = worker_name(token)
        self._jobs: dict[int, JobRunner] = {}
        self._tasks: set[asyncio.Task] = set()
        self._loop = PollingLoop(_runner, POLL_INTERVAL)
        self._presence = BotPresence()
        self._bots: list[int] = []

    async def run(self) -> None:
        """Work until `end` is called."""
        publisher.adopt()
        await WakeListener(self).listen()
        regular = [
            (self._check_stops, STOP_CHECK_INTERVAL),
            (self._save_texts, SAVE_INTERVAL),
            (self._renew_leases, RENEW_INTERVAL),
            (self._announce_bots, BEAT),
        ]
        try:
            await self._loop.run(self._claim_jobs, regular, self._drain)
        finally:
            await self._presence.close(self._bots)
            await publisher.adopt().close()

    def wake(self) -> None:
        """There may be something to do."""
        self._loop.wake()

    def end(self) -> None:
        """No new replies; those that are being written may finish, for a while."""
        self._loop.end()

    async def check_stop(self, run_id: int) -> None:
        """A stop was asked for: see whether that is ours, and why."""
        if run_id in self._jobs:
            await self._cancel_stopped([run_id])

    def show_blocks(self, message_ids: Collection[int]) -> None:
        """Somebody lacks what was rendered of these replies."""
        for job in self._jobs.values():
            if job.run.message_id in message_ids:
                job.reply.show_blocks()

    async def _claim_jobs(self) -> None:
        at_once = min(CLAIM_BATCH, settings.BOT_MAX_RUNNING - len(self._jobs))
        if at_once <= 0:
            return
        claimed = await run_write(_claim_runs, self.name, at_once)
        for run in claimed:
            job = self._jobs[run.pk] = JobRunner(run)
            task = asyncio.create_task(self._run_job(job), name=f"run {run.pk}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if len(claimed) == at_once:
            self.wake()  # there may be more

    async def _run_job(self, job: JobRunner) -> None:
        try:
            await job.execute()
        finally:
            if self._jobs.get(job.run.pk) is job:  # what was given back may have been claimed again already
                del self._jobs[job.run.pk]
            self.wake()

    async def _check_stops(self) -> None:
        if self._jobs:
            await self._cancel_stopped(list(self._jobs))

    async def _cancel_stopped(self, run_ids: list[int]) -> None:
        for run_id, note in (await run_db(leases.find_cancelled, self.name, run_ids)).items():
            if job := self._jobs.get(run_id):
                job.cancel(note)

    async def _save_texts(self) -> None:
        """Save the texts so far: one transaction for all replies."""
        texts = {id: job.reply.text for id, job in self._jobs.items() if job.has_unsaved_text}
        if texts:
            await run_write(runs.save_texts, self.name, texts)
            for id, text in texts.items():
                if job := self._jobs.get(id):
                    job.reply.saved_length = max(job.reply.saved_length, len(text))

    async def _renew_leases(self) -> None:
        if self._jobs:
            await run_write(leases.renew, self.name, list(self._jobs))

    async def _announce_bots(self) -> None:
        """The bots are online while a worker is."""
        self._bots, waiting = await run_db(_bots_and_waiting)
        await self._presence.announce(self._bots, overloaded=waiting > settings.BOT_MAX_RUNNING)

    async def _drain(self) -> None:
        tasks = list(self._tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=DRAIN_TIMEOUT)
        for job in self._jobs.values():
            job.cancel(releasing=True)
        await asyncio.gather(*tasks, return_exceptions=True)


def _claim_runs(worker: str, at_once: int) -> list[Run]:
    return runs.load_all(leases.claim(worker, at_once))


def _bots_and_waiting() -> tuple[list[int], int]:
    return list(Bot.objects.filter(enabled=True).values_list("user_id", flat=True)), leases.count_waiting()
