"""What the programs of workers have in common: how they begin, and how they end when they are told to."""

import asyncio
import gc
import logging
import os
import signal
from typing import Any

import uvloop
from django.core.management.base import BaseCommand

from . import database, fresh_settings
from .supervisor.heartbeat import send_heartbeats

logger = logging.getLogger(__name__)


class WorkerCommand(BaseCommand):
    requires_system_checks: list[str] = []  # they concern web pages

    def add_arguments(self, parser) -> None:
        parser.add_argument("--token", default="", help="tells this worker from all others")
        parser.add_argument("--replaces", default="", help="the token of a worker that has ended")

    def expire(self, token: str) -> None:
        """Take over at once what a worker had that has ended."""
        raise NotImplementedError

    def make_worker(self, token: str) -> Any:
        """With `name`, `run()` and `end()`."""
        raise NotImplementedError

    def is_stuck(self, worker: Any) -> bool:
        """Whether the process is to be replaced."""
        raise NotImplementedError

    async def run(self, worker: Any) -> None:
        await worker.run()

    def leaves_threads(self, worker: Any) -> bool:
        """Whether Python would wait for threads that do not end."""
        raise NotImplementedError

    def handle(self, *args, token: str, replaces: str, **options) -> None:
        """Runs until SIGTERM. A thread that hangs is left behind: the process ends without waiting for it."""
        database.use_serving_options()
        if replaces:
            self.expire(replaces)
        worker = self.make_worker(token)
        gc.freeze()  # loaded modules stay: each garbage collection took 100 ms without this
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._run(worker))
        if self.leaves_threads(worker):
            logging.shutdown()
            os._exit(0)

    async def _run(self, worker: Any) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.end)
        fresh = await fresh_settings.start()
        logger.info("worker %s is ready", worker.name)
        heartbeats = loop.create_task(send_heartbeats(lambda: self.is_stuck(worker)))
        await self.run(worker)
        heartbeats.cancel()
        fresh.cancel()
