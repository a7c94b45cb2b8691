import asyncio
import gc
import logging
import os
import signal

import uvloop
from django.core.management.base import BaseCommand

from bot.answering.worker import Worker
from bot.provisioning import ensure_default_bot
from bot.queue import leases
from mysite import database
from mysite.monitoring.liveness import process_liveness
from mysite.supervisor.heartbeat import send_heartbeats
from rooms.kernel import watchdog

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    requires_system_checks = []  # they concern web pages
    help = "Runs a bot worker until SIGTERM or Ctrl-C: no new replies then, and 20 seconds for those in flight."

    def add_arguments(self, parser):
        parser.add_argument("--token", default="", help="tells this worker from all others")
        parser.add_argument("--replaces", default="", help="the token of a worker that has ended")

    def handle(self, *args, **options):
        database.use_serving_options()
        ensure_default_bot()
        if options["replaces"]:
            leases.expire(options["replaces"])
        gc.freeze()  # loaded modules stay: each garbage collection took 100 ms without this
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._run_worker(options["token"]))
        if watchdog.given_up():  # Python would wait for threads that hang
            logging.shutdown()
            os._exit(0)

    async def _run_worker(self, token: str):
        worker = Worker(token)
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, worker.end)
        logger.info("worker %s is ready", worker.name)
        background = [
            loop.create_task(send_heartbeats(process_liveness.wants_replacement)),
            loop.create_task(process_liveness.watch()),
        ]
        await worker.run()
        for task in background:
            task.cancel()
