import asyncio
import gc
import logging
import os
import signal

import uvloop
from django.core.management.base import BaseCommand

from bot.answering.worker import Worker
from bot.provisioning import ensure_default_bot
from mysite import database
from mysite.monitoring.liveness import process
from mysite.supervisor.heartbeat import beat
from rooms.kernel import watchdog

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    requires_system_checks = []  # the web's affair
    help = "Runs a bot worker until SIGTERM or Ctrl-C: no new replies then, and 20 seconds for those in flight."

    def handle(self, *args, **options):
        database.serve()
        ensure_default_bot()
        gc.freeze()  # what is loaded by now stays: looking through it again took 100 ms each time
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._work())
        if watchdog.given_up():  # Python would wait for a thread that hangs
            logging.shutdown()
            os._exit(0)

    async def _work(self):
        worker = Worker()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, worker.end)
        logger.info("worker %s is ready", worker.name)
        beside = [loop.create_task(beat(process.wants_replacement)), loop.create_task(process.watch())]
        await worker.run()
        for task in beside:
            task.cancel()
