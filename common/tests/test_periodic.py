import asyncio
import logging

import pytest

from common import periodic
from common.periodic import PeriodicRunner


class Away(Exception):
    pass


@pytest.fixture
def runner():
    return PeriodicRunner("test", (Away,))


@pytest.fixture
def waits(monkeypatch) -> list[float]:
    """How long was waited each time, without waiting."""
    waits, sleep = [], asyncio.sleep

    async def instead(seconds: float) -> None:
        waits.append(seconds)
        await sleep(0)

    monkeypatch.setattr(periodic.asyncio, "sleep", instead)
    return waits


async def rounds(runner: PeriodicRunner, answers: list, **options) -> None:
    """Until all answers are taken; an exception is raised."""

    async def work():
        if not answers:
            raise asyncio.CancelledError
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(asyncio.CancelledError):
        await runner.run_every(work=work, **options)


async def test_it_waits_before_each_round(runner, waits):
    await rounds(runner, [None] * 3, seconds=5)
    assert waits == [5] * 4


@pytest.mark.parametrize("delay, waited", [(0, [5, 5]), (60, [60, 5, 5])])
async def test_the_first_round_has_a_delay_of_its_own(runner, waits, delay, waited):
    await rounds(runner, [None] * 2, seconds=5, delay=delay)
    assert waits == waited


async def test_what_has_more_to_do_is_not_kept_waiting(runner, waits):
    await rounds(runner, [True, True, False, None], seconds=5)
    assert waits == [5, 0, 0, 5, 5]


async def test_jitter_spreads_the_waits_around_the_interval(runner, waits):
    await rounds(runner, [None] * 200, seconds=10, jitter=0.1)
    waits = waits[1:]
    assert all(9 <= each <= 11 for each in waits)
    assert min(waits) < 9.5 and max(waits) > 10.5


@pytest.mark.parametrize("error", [Away("gone"), ValueError("broken")])
async def test_the_next_round_comes_after_a_failure(runner, waits, error):
    answers = [error, None]
    await rounds(runner, answers, seconds=5)
    assert answers == [] and waits == [5, 5, 5]


async def test_cancelling_ends_it_in_the_middle_of_its_work(runner):
    begun, ended = asyncio.Event(), []

    async def work():
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    task = asyncio.create_task(runner.run_every(0, work))
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled() and ended == [True]


async def test_an_outage_is_one_line_when_it_begins_and_one_when_it_is_over(runner, caplog):
    away = [True]

    async def check_heads():
        if away:
            raise Away("no route\n  to the server")

    with caplog.at_level(logging.INFO, "test"):
        for _ in range(5):
            assert await runner.run_once(check_heads) is False
        away.clear()
        for _ in range(5):
            await runner.run_once(check_heads)
    lines = [record.getMessage() for record in caplog.records]
    assert lines == ["check_heads: Away: no route to the server", "check_heads: ok again after 0 s"]


async def test_anything_else_is_logged_with_its_traceback_each_time(runner, caplog):
    async def check_heads():
        raise ValueError("broken")

    for _ in range(2):
        assert await runner.run_once(check_heads) is False
    assert [record.getMessage() for record in caplog.records] == ["check_heads failed"] * 2
    assert all(record.exc_info[0] is ValueError for record in caplog.records)
