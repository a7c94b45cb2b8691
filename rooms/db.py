"""Database work for coroutines: a bounded pool of threads, apart from the one thread that Django's views share.

A call that takes seconds holds one of these threads, and no other socket waits for it (channels#2132 is what
happens otherwise). One that hangs is given up, with the error of a database that is away; what it still does
there may be done. What is called speaks the caller's language: Django's is one of the task, or of the thread.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import translation

# What a database that is away, locked or out of connections raises.
DATABASE_AWAY = (OperationalError, InterfaceError)
COMMAND_THREADS = 4  # edits, reactions, read marks
PATIENCE = 8.0  # seconds for a call; clients wait 10 s before they take the line for dead


async def run_db(function, *args, **kwargs):
    """Run a synchronous function that uses the database; returns what it returns and raises what it raises."""
    return await _in(_pool(), function, args, kwargs)


async def run_command(function, *args, **kwargs):
    """The same for what may wait for a lock: who comes in or catches up never queues behind it."""
    return await _in(_command_pool(), function, args, kwargs)


async def run_write(function, *args, **kwargs):
    """The same on threads of its own: the group writer never queues behind reads."""
    return await _in(_write_pool(), function, args, kwargs)


def writers() -> int:
    """How many transactions can write at the same time."""
    return 3 if connection.vendor == "postgresql" else 1


def busy() -> int:
    """How many calls wait for a thread: a sign of overload."""
    return _pool()._work_queue.qsize() + _command_pool()._work_queue.qsize()


async def _in(pool, function, args, kwargs):
    language = translation.get_language()
    call = asyncio.get_running_loop().run_in_executor(pool, partial(_call, language, function, args, kwargs))
    try:
        async with asyncio.timeout(PATIENCE) as patience:
            return await call
    except TimeoutError:
        if patience.expired():
            raise OperationalError(f"the database has not answered for {PATIENCE:g} s") from None
        raise


def _call(language, function, args, kwargs):
    # The thread keeps its connection: opening one costs more than most queries.
    try:
        with translation.override(language):
            return function(*args, **kwargs)
    except DATABASE_AWAY:
        connection.close()
        raise


@cache
def _pool():
    return ThreadPoolExecutor(settings.DB_THREADS, "sockets-db")


@cache
def _command_pool():
    return ThreadPoolExecutor(COMMAND_THREADS, "commands-db")


@cache
def _write_pool():
    return ThreadPoolExecutor(writers(), "writer-db")
