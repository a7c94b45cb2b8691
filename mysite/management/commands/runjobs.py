import asyncio
import gc
import logging
import os
import signal

import uvloop
from django.core.management.base import BaseCommand

from jobs import queue
from jobs.worker import Worker
from mysite import database
from mysite.regular_work import PLAN, WATCHED
from mysite.supervisor.heartbeat import send_heartbeats
from rooms.publishing import publisher

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    requires_system_checks = []  # they concern web pages
    help = "Runs a job worker until SIGTERM or Ctrl-C: no new jobs then, and 20 seconds for those that run."

    def add_arguments(self, parser):
        parser.add_argument("--token", default="", help="tells this worker from all others")
        parser.add_argument("--replaces", default="", help="the token of a worker that has ended")

    def handle(self, *args, **options):
        database.use_serving_options()
        if options["replaces"]:
            queue.expire(options["replaces"])
        gc.freeze()  # loaded modules stay
        worker = Worker(options["token"], PLAN, WATCHED)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run(worker))
        if worker.gave_back:  # Python would wait for its threads
            logging.shutdown()
            os._exit(0)


async def _run(worker: Worker) -> None:
    publisher.adopt()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.end)
    logger.info("worker %s is ready", worker.name)
    heartbeats = loop.create_task(send_heartbeats(worker.is_stuck))
    await worker.run()
    heartbeats.cancel()
    await publisher.adopt().close()
