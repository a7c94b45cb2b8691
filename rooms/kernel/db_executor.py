"""Database work for coroutines: bounded pools of threads, apart from the threads of Django's views.

A call that takes seconds holds one of these threads, and no other socket waits for it (channels#2132 is what
happens otherwise). One that takes longer than PATIENCE is given up, with the error of a database that is away; what
it still does there may be done. Its thread is counted in watchdog.py until it returns. What is called speaks the
caller's language: Django's is one of the task, or of the thread.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from functools import cache, partial
from typing import ParamSpec, TypeVar
from weakref import WeakKeyDictionary, WeakValueDictionary

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import translation

from . import watchdog
from .watchdog import COMMANDS, READS, WRITES, Call

# What a database that is away, locked or out of connections raises.
DATABASE_AWAY = (OperationalError, InterfaceError)
COMMAND_THREADS = 4  # edits, reactions, read marks
# Seconds for a call; clients wait 10 s before they take the line for dead. The database ends what waits there before
# this is over (mysite/database.py), so that the thread comes back as well.
PATIENCE = 8.0

P = ParamSpec("P")
T = TypeVar("T")


async def run_db(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a synchronous function that uses the database; returns what it returns and raises what it raises."""
    return await _in(_pool(), READS, None, partial(function, *args, **kwargs))


async def run_command(room_id: int | None, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same for what may wait for a lock: who comes in or catches up never queues behind it.

    room_id: the room that it locks, if it does. At most one such call of a room has a thread: where another program
    holds that room, the others wait here, and the commands of other rooms find a thread.
    """
    return await _in(_command_pool(), COMMANDS, room_id, partial(function, *args, **kwargs))


async def run_write(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same on threads of its own: the group writer never queues behind reads."""
    return await _in(_write_pool(), WRITES, None, partial(function, *args, **kwargs))


async def run_room_write(room_id: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """`run_write` for what waits for the lock of one room: at most one call of a room has a thread."""
    return await _in(_write_pool(), WRITES, room_id, partial(function, *args, **kwargs))


def writers() -> int:
    """How many transactions can write at the same time."""
    return 3 if connection.vendor == "postgresql" else 1


def sizes() -> dict[str, int]:
    """How many threads each kind of call has."""
    return {WRITES: writers(), COMMANDS: COMMAND_THREADS, READS: settings.DB_THREADS}


def busy() -> int:
    """How many calls wait for a thread: a sign of overload."""
    return _pool()._work_queue.qsize() + _command_pool()._work_queue.qsize()


async def _in(pool: Executor, kind: str, room_id: int | None, function: Callable[[], T]) -> T:
    call, lane = Call(kind), _lane(pool, room_id)
    work = partial(_run, call, translation.get_language(), function)
    try:
        async with asyncio.timeout(PATIENCE) as patience:
            if lane:
                await lane.acquire()
            future = pool.submit(work)
            if lane:  # the next one's turn is when the thread is free, whether or not anybody waited for it
                future.add_done_callback(partial(_leave, asyncio.get_running_loop(), lane))
            return await asyncio.wrap_future(future)
    except TimeoutError:
        if patience.expired():
            call.given_up = True
            raise OperationalError(f"the database has not answered for {PATIENCE:g} s") from None
        raise


def _run(call: Call, language: str | None, function: Callable[[], T]) -> T:
    # The thread keeps its connection: opening one costs more than most queries.
    try:
        with watchdog.running(call), translation.override(language):
            return function()
    except DATABASE_AWAY:
        connection.close()
        raise


_Lanes = WeakValueDictionary[tuple[Executor, int], asyncio.Lock]  # (pool, room) → lock
_lanes: WeakKeyDictionary[asyncio.AbstractEventLoop, _Lanes] = WeakKeyDictionary()


def _lane(pool: Executor, room_id: int | None) -> asyncio.Lock | None:
    if room_id is None:
        return None
    mine = _lanes.setdefault(asyncio.get_running_loop(), WeakValueDictionary())
    return mine.setdefault((pool, room_id), asyncio.Lock())


def _leave(loop: asyncio.AbstractEventLoop, lane: asyncio.Lock, _future: object) -> None:
    with suppress(RuntimeError):  # the loop is gone, and everyone in it
        loop.call_soon_threadsafe(lane.release)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.DB_THREADS, "sockets-db")


@cache
def _command_pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(COMMAND_THREADS, "commands-db")


@cache
def _write_pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(writers(), "writer-db")
