import asyncio

from bot.answering.worker import Worker
from bot.provisioning import ensure_default_bot
from bot.queue import leases
from mysite.monitoring.liveness import process_liveness
from mysite.worker_command import WorkerCommand
from rooms.kernel import watchdog


class Command(WorkerCommand):
    help = "Runs a bot worker until SIGTERM or Ctrl-C: no new replies then, and 20 seconds for those in flight."

    def expire(self, token: str) -> None:
        """The runs of a worker that has ended can be taken over at once."""
        leases.expire(token)

    def make_worker(self, token: str) -> Worker:
        ensure_default_bot()
        return Worker(token)

    def is_stuck(self, worker: Worker) -> bool:
        return process_liveness.wants_replacement()

    async def run(self, worker: Worker) -> None:
        watching = asyncio.create_task(process_liveness.watch())
        await worker.run()
        watching.cancel()

    def leaves_threads(self, worker: Worker) -> bool:
        return watchdog.given_up() > 0
