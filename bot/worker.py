"""One event loop that writes many replies at once. All it knows stands in the database; any number may run."""

import asyncio
import logging
import os
import secrets
import socket
import time
from dataclasses import dataclass

from django.conf import settings

from rooms import publisher
from rooms.db import DATABASE_AWAY, run_db

from . import runs
from .answer import Ending, answer
from .consumers import BotConsumer
from .models import Run, RunState
from .reply import Reply

logger = logging.getLogger(__name__)

SWEEP = 1.0  # seconds between looks for work that no wake-up told of
WATCH = 0.5  # … for runs that are to stop
SAVE = 1.0  # … savings of the texts so far
RENEW = 10.0  # … renewals of the leases
DRAIN = 20.0  # seconds that replies get to finish when the worker is to end


@dataclass(slots=True)
class Job:
    task: asyncio.Task | None = None
    reply: Reply | None = None
    answering: asyncio.Task | None = None  # the part of it that may be broken off
    stop_note: str = ""  # what the room is told about that
    releasing: bool = False  # the worker ends: give it back
    left: bool = False

    def leave(self, stop_note: str = "", releasing: bool = False) -> None:
        """Break the answer off; its stream closes with it."""
        if not self.left:
            self.stop_note, self.releasing, self.left = stop_note, releasing, True
            if self.answering:
                self.answering.cancel()


class Worker:
    def __init__(self):
        self.name = f"{socket.gethostname()[:50]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._jobs: dict[int, Job] = {}
        self._awake = asyncio.Event()
        self._ending = asyncio.Event()

    async def run(self) -> None:
        """Work until `end` is called."""
        publisher.adopt()
        await BotConsumer(self).listen()
        regular = [(self._watch, WATCH), (self._save, SAVE), (self._renew, RENEW)]
        loops = [asyncio.create_task(self._again(what, every)) for what, every in regular]
        try:
            while not self._ending.is_set():
                await self._careful(self._take)
                await self._nap(SWEEP)
            await self._drain()
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            await publisher.adopt().close()

    def wake(self) -> None:
        self._awake.set()

    def end(self) -> None:
        """No new replies; those that are being written may finish, for a while."""
        self._ending.set()
        self._awake.set()

    async def watch_one(self, run_id: int) -> None:
        """A stop was asked for: see whether it is meant for us, and why."""
        if run_id in self._jobs:
            await self._leave([run_id])

    async def _take(self) -> None:
        free = settings.BOT_MAX_RUNNING - len(self._jobs)
        if free > 0:
            for run_id in await run_db(runs.claim, self.name, free):
                job = self._jobs[run_id] = Job()
                job.task = asyncio.create_task(self._work(run_id, job), name=f"run {run_id}")

    async def _work(self, run_id: int, job: Job) -> None:
        try:
            run = await run_db(runs.load, run_id)
            job.reply = Reply(run)
            ending = await self._answer(run, job)
            job.reply.close()
            await self._write_down(job.reply, ending, job)
        except Run.DoesNotExist:
            logger.info("run %s is gone, and its room with it", run_id)
        except DATABASE_AWAY:
            logger.warning("run %s is left to its lease: the database is away", run_id)
        except Exception:  # noqa: BLE001 - the same, and somebody should look at it
            logger.exception("run %s is left to its lease", run_id)
        finally:
            del self._jobs[run_id]
            self.wake()

    async def _answer(self, run: Run, job: Job) -> Ending | None:
        """How it ended; None when it is not for this worker to say."""
        try:
            if not job.left:
                job.answering = asyncio.create_task(answer(run, job.reply))
                return await job.answering
        except asyncio.CancelledError:
            if not job.left:
                raise
        return Ending(RunState.STOPPED, job.stop_note) if job.stop_note else None

    async def _write_down(self, reply: Reply, ending: Ending | None, job: Job) -> None:
        """Into the database, as soon as it is there; the lease decides whether we still may."""
        await reply.settled()
        until = time.monotonic() + runs.LEASE.total_seconds()
        while True:
            try:
                if ending:
                    await run_db(runs.finish, reply.run, ending.state, reply.text or None, ending.note)
                elif job.releasing:
                    await run_db(runs.release, reply.run, reply.text or None)
                return
            except DATABASE_AWAY:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(SWEEP)

    async def _watch(self) -> None:
        if self._jobs:
            await self._leave(list(self._jobs))

    async def _leave(self, run_ids: list[int]) -> None:
        for run_id, note in (await run_db(runs.no_longer_wanted, self.name, run_ids)).items():
            if job := self._jobs.get(run_id):
                job.leave(note)

    async def _save(self) -> None:
        unsaved = {id: job.reply for id, job in self._jobs.items() if job.reply and job.reply.length > job.reply.saved}
        if unsaved:
            texts = {id: reply.text for id, reply in unsaved.items()}
            await run_db(runs.save_texts, self.name, texts)
            for id, reply in unsaved.items():
                reply.saved = max(reply.saved, len(texts[id]))

    async def _renew(self) -> None:
        if self._jobs:
            await run_db(runs.renew, self.name)

    async def _drain(self) -> None:
        tasks = [job.task for job in self._jobs.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=DRAIN)
        for job in self._jobs.values():
            job.leave(releasing=True)
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _again(self, what, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            await self._careful(what)

    async def _careful(self, what) -> None:
        try:
            await what()
        except DATABASE_AWAY as error:
            logger.warning("the database is away (%s)", type(error).__name__)
        except Exception:  # noqa: BLE001 - one failed round must not end the worker
            logger.exception("%s failed", what.__name__)

    async def _nap(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        except TimeoutError:
            return
        finally:
            self._awake.clear()
