"""The process that runs jobs: several at a time, ends in order, and gives back what it cannot finish."""

import asyncio
import threading

import pytest
from asgiref.sync import sync_to_async
from django_tasks import task

from jobs import worker as workers
from jobs.models import READY, SUCCESSFUL, Job
from jobs.worker import Worker

pytestmark = pytest.mark.django_db(transaction=True)
gate = threading.Event()
begun = threading.Semaphore(0)


@task
def wait_for_gate(number):
    begun.release()
    gate.wait()


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
