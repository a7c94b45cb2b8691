import asyncio

from common.periodic import PeriodicRunner
from common.polling import PollingLoop, worker_name

HOUR = 3600.0


class Worker:
    """Writes down what it does, and lets the test wait for it."""

    def __init__(self, interval: float = HOUR):
        self.loop = PollingLoop(PeriodicRunner("test"), interval)
        self.did: list[str] = []
        self.looked = asyncio.Semaphore(0)

    async def look(self) -> None:
        self.did.append("look")
        self.looked.release()

    async def drain(self) -> None:
        self.did.append("drain")


async def test_it_looks_at_once_and_again_when_it_is_woken_or_its_time_has_come():
    woken, timed = Worker(), Worker(interval=0)
    for worker in (woken, timed):
        running = asyncio.create_task(worker.loop.run(worker.look, [], worker.drain))
        for _ in range(3):
            await worker.looked.acquire()
            if worker is woken:
                worker.loop.wake()
        worker.loop.end()
        await running
    assert woken.did == ["look"] * 3 + ["drain"]
    assert timed.did[-1] == "drain"


async def test_to_be_woken_while_it_looks_is_not_forgotten():
    worker = Worker()

    async def look():
        worker.did.append("look")
        worker.loop.wake() if len(worker.did) == 1 else worker.loop.end()

    await worker.loop.run(look, [], worker.drain)
    assert worker.did == ["look", "look", "drain"]


async def test_regular_work_goes_on_while_it_drains_and_ends_with_it():
    worker, beats = Worker(), asyncio.Semaphore(0)

    async def beat():
        beats.release()

    async def drain():
        for _ in range(3):
            await beats.acquire()
        worker.did.append("drain")

    worker.loop.end()
    await worker.loop.run(worker.look, [(beat, 0)], drain)
    assert worker.did == ["drain"]
    assert not [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


def test_a_worker_has_the_name_that_it_is_given_or_one_of_its_own():
    assert worker_name("third").endswith(":third") and len(worker_name("x" * 20)) <= 80
    assert worker_name() != worker_name()
