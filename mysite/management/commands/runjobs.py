from jobs import queue
from jobs.worker import Worker
from mysite.regular_work import PLAN, WATCHED
from mysite.worker_command import WorkerCommand
from rooms.publishing import publisher


class Command(WorkerCommand):
    help = "Runs a job worker until SIGTERM or Ctrl-C: no new jobs then, and 20 seconds for those that run."

    def expire(self, token: str) -> None:
        """The jobs of a worker that has ended can be taken over at once."""
        queue.expire(token)

    def make_worker(self, token: str) -> Worker:
        return Worker(token, PLAN, WATCHED)

    def is_stuck(self, worker: Worker) -> bool:
        return worker.is_stuck()

    async def run(self, worker: Worker) -> None:
        publisher.adopt()
        await worker.run()
        await publisher.adopt().close()

    def leaves_threads(self, worker: Worker) -> bool:
        return worker.gave_back
