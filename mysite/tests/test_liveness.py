"""When a process is unwell, and when replacing it helps."""

import asyncio
import logging
import threading
from contextlib import ExitStack

import pytest
from django.db import connection

from mysite.monitoring import liveness
from mysite.monitoring.liveness import CHECK_INTERVAL, REPLACE_AFTER, UNHEALTHY_AFTER, Liveness, find_problem
from rooms.kernel import db_executor, watchdog
from rooms.kernel.watchdog import COMMANDS, READS, WRITES, Call

from .waiting import until


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """The time for calls and for who looks after them."""
    made = Clock()
    monkeypatch.setattr(watchdog.time, "monotonic", made)
    return made


@pytest.fixture
def stuck(clock):
    """stuck(kind, given_up): a call that runs until the test ends."""
    with ExitStack() as stack:

        def begin(kind: str, given_up: bool = False) -> Call:
            call = Call(kind, given_up=given_up)
            stack.enter_context(watchdog.running(call))
            return call

        yield begin


def made(clock, answers: bool = True) -> Liveness:
    """answers: whether the database does; change `.answers` for another time."""

    async def ask() -> bool:
        return one.answers

    one = Liveness(ask, clock)
    one.answers = answers
    return one


async def pass_time(one: Liveness, clock, seconds: float) -> bool:
    """Looked at every few seconds. Whether it then wants to be replaced."""
    for _ in range(round(seconds / CHECK_INTERVAL)):
        clock.now += CHECK_INTERVAL
        await one.check()
    return one.wants_replacement()


def test_a_write_that_does_not_end_is_a_problem(stuck, clock):
    stuck(WRITES)
    clock.now += UNHEALTHY_AFTER - 1
    assert not find_problem()
    clock.now += 1
    assert find_problem() == "a write has been running for 10 s"


def test_a_read_may_take_long_and_half_of_the_threads_may_not_stay_away(stuck, clock):
    threads = db_executor.sizes()[READS]
    for number in range(threads):
        call = stuck(READS)
        clock.now += 100
        assert find_problem() == (
            "" if number < threads / 2 else f"{number} of {threads} threads for reads do not come back"
        )
        call.given_up = True
    for _ in range(2):
        stuck(COMMANDS, given_up=True)
    assert find_problem() == "2 of 4 threads for commands do not come back"


async def test_it_is_replaced_after_half_a_minute(stuck, clock):
    one = made(clock)
    assert not await pass_time(one, clock, 600)
    stuck(WRITES)
    assert not await pass_time(one, clock, REPLACE_AFTER - CHECK_INTERVAL)
    assert await pass_time(one, clock, CHECK_INTERVAL)


async def test_while_the_database_is_away_nobody_is_replaced(stuck, clock):
    one = made(clock, answers=False)
    stuck(WRITES)
    assert not await pass_time(one, clock, 3600)
    one.answers = True  # and the thread does not come back all the same
    assert not await pass_time(one, clock, REPLACE_AFTER - UNHEALTHY_AFTER)
    assert await pass_time(one, clock, CHECK_INTERVAL)
    one.answers = False
    assert not await pass_time(one, clock, CHECK_INTERVAL)


async def test_a_thread_that_comes_back_is_forgiven(clock):
    one = made(clock)
    for _ in range(5):
        with watchdog.running(Call(WRITES)):
            assert not await pass_time(one, clock, REPLACE_AFTER - CHECK_INTERVAL)
        assert not await pass_time(one, clock, CHECK_INTERVAL)


async def test_the_log_says_once_where_it_hangs_and_once_that_it_is_over(clock, caplog):
    one, go_on = made(clock), threading.Event()

    def hang_here():
        with watchdog.running(Call(WRITES)):
            go_on.wait(60)

    hanging = threading.Thread(target=hang_here)
    with caplog.at_level(logging.WARNING, "mysite.monitoring.liveness"):
        hanging.start()
        await until(lambda: watchdog.longest(WRITES))
        await pass_time(one, clock, 60)
        go_on.set()
        await asyncio.to_thread(hanging.join)
        await pass_time(one, clock, 60)
    begun, ended = [record.getMessage() for record in caplog.records]
    assert begun.startswith("a write has been running for 10 s; its stack:\n")
    assert "in hang_here" in begun
    assert ended == "the database threads are back after 55 s"


@pytest.mark.django_db(transaction=True)
async def test_the_database_is_asked_by_somebody_new(monkeypatch):
    assert await liveness._database_answers()
    monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/there is none")
    assert not await liveness._database_answers()


async def test_a_database_that_hangs_does_not_answer(monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(liveness, "check_database", lambda _settings: go_on.wait(60))
    monkeypatch.setattr(liveness, "_PROBE_TIMEOUT", 0.1)
    try:
        assert [await liveness._database_answers() for _ in range(2)] == [False, False]
    finally:
        go_on.set()
