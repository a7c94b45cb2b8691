"""What a web process remembers is written down regularly, for as long as it lives."""

import asyncio

import pytest
from django.db import OperationalError

from mysite.web import maintenance
from mysite.web.lifespan import lifespan

from .waiting import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("error", [OperationalError, ValueError])
async def test_a_web_process_does_so_by_itself_whatever_goes_wrong(monkeypatch, error):
    calls = asyncio.Queue()

    async def away():
        await calls.put(1)
        raise error

    monkeypatch.setattr(maintenance, "USE_INTERVAL", 0)
    monkeypatch.setattr(maintenance, "store_use", away)
    told, answers = asyncio.Queue(), asyncio.Queue()
    running = asyncio.create_task(lifespan({"type": "lifespan"}, told.get, answers.put))
    await told.put({"type": "lifespan.startup"})
    async with asyncio.timeout(PATIENCE):
        await calls.get()
        await calls.get()
    await told.put({"type": "lifespan.shutdown"})
    await running
    assert answers.qsize() == 2
    await asyncio.sleep(0)
    assert "run_every" not in {task.get_coro().__name__ for task in asyncio.all_tasks()}
