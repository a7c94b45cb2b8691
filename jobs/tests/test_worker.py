"""The process that runs jobs: several at a time, ends in order, and gives back what it cannot finish."""

import asyncio
import threading
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone
from django_tasks import task

from jobs import queue
from jobs import worker as workers
from jobs.models import READY, SUCCESSFUL, Job, Turn
from jobs.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)
gate = threading.Event()
begun = threading.Semaphore(0)


@task
def wait_for_gate(number):
    begun.release()
    gate.wait()


ran = threading.Event()


@task
def wait_for_none():
    ran.set()


@pytest.fixture
def jobs():
    gate.clear()
    for number in range(3):
        wait_for_gate.enqueue(number)
    yield
    gate.set()


@sync_to_async
def states() -> list[str]:
    return list(Job.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def looked(monkeypatch):
    """Set whenever a worker has looked for jobs. It looks again only when it is woken."""
    found, claim = threading.Event(), queue.claim

    def look(*args):
        try:
            return claim(*args)
        finally:
            found.set()

    monkeypatch.setattr(queue, "claim", look)
    monkeypatch.setattr(workers, "POLL_INTERVAL", 36_000)
    monkeypatch.setattr(workers, "WATCH_INTERVAL", 0.02)
    monkeypatch.setattr(workers, "SCHEDULE_INTERVAL", 0.02)
    yield found
    gate.set()


async def until(is_so):
    while not is_so():  # noqa: ASYNC110 (a thread does it)
        await asyncio.sleep(0.01)


async def both_begin():
    for _thread in range(workers.THREADS):
        await asyncio.to_thread(begun.acquire)


async def test_it_runs_them_all_and_ends_when_told_to(jobs):
    worker = Worker()
    running = asyncio.create_task(worker.run())
    await both_begin()
    worker.end()
    gate.set()
    await running
    assert await states() == [SUCCESSFUL, SUCCESSFUL, READY]  # nothing is begun that late
    assert not worker.is_busy and not worker.is_stuck() and not worker.gave_back


async def test_a_job_that_ends_makes_room_for_the_next_at_once(jobs, looked):
    worker = Worker()
    running = asyncio.create_task(worker.run())
    await both_begin()
    gate.set()
    await until(lambda: begun.acquire(blocking=False))
    worker.end()
    await running
    assert await states() == [SUCCESSFUL] * 3


@pytest.mark.parametrize("regular", [True, False])
async def test_what_a_worker_enqueues_itself_it_begins_at_once(looked, regular):
    """Work whose time has come, and work that is there."""
    due = threading.Event()
    later = timezone.now() + timedelta(hours=1)
    await Turn.objects.acreate(name=wait_for_none.module_path, due=later)
    plan = {wait_for_none: timedelta(hours=1)} if regular else None
    worker = Worker("", plan, None if regular else {wait_for_none: lambda: due.is_set() and not ran.is_set()})
    ran.clear()
    running = asyncio.create_task(worker.run())
    await until(looked.is_set)
    assert await states() == [] and not ran.is_set()
    due.set()
    await Turn.objects.filter(due=later).aupdate(due=timezone.now())
    await until(ran.is_set)
    worker.end()
    await running
    assert SUCCESSFUL in await states()  # while it ran, it may have been enqueued once more


async def test_a_job_that_has_just_begun_is_not_stuck(jobs):
    worker = Worker()
    running = asyncio.create_task(worker.run())
    await both_begin()
    assert worker.is_busy and not worker.is_stuck()
    worker.end()
    gate.set()
    await running
    assert not worker._tasks  # nor kept when it is done


async def test_what_does_not_end_in_time_is_given_back(jobs, monkeypatch):
    monkeypatch.setattr(workers, "DRAIN_TIMEOUT", 0)
    monkeypatch.setattr(workers, "STUCK_AFTER", -1)
    worker = Worker()
    running = asyncio.create_task(worker.run())
    await both_begin()
    assert worker.is_busy and worker.is_stuck()
    worker.end()
    await running
    assert worker.gave_back and await states() == [READY] * 3
    assert set(await sync_to_async(lambda: list(Job.objects.values_list("attempts", flat=True)))()) == {0}
    gate.set()
    await asyncio.gather(*worker._tasks)
    assert await states() == [READY] * 3  # it is late, and changes nothing
