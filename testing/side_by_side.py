"""Work that is done while other work goes on: tests that wait leave processor time to those that compute."""

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

Codes = dict[str, int | None]


@contextmanager
def running(work: Callable[[], Codes], log: Path) -> Iterator[Callable[[], Codes]]:
    """Work in a process of its own while the block runs. Yields a function that waits for what the work returns.

    What it prints is in `log`. A block that is interrupted interrupts the work, too, and waits until it has ended.
    """
    sys.stdout.flush()
    fork = multiprocessing.get_context("fork")  # it uses what this process has set up
    here, there = fork.Pipe(duplex=False)
    process = fork.Process(target=_work, args=(work, log, there))
    process.start()
    there.close()
    try:
        yield lambda: _answer(here)
    except BaseException as reason:
        if not isinstance(reason, KeyboardInterrupt):  # the terminal tells all that run in it
            process.terminate()
        raise
    finally:
        process.join()


def _work(work: Callable[[], Codes], log: Path, answer: Connection) -> None:
    with log.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.stdout = sys.stderr = open(1, "w", buffering=1, closefd=False)  # noqa: SIM115 - until the process ends
    answer.send(work())


def _answer(connection: Connection) -> Codes:
    try:
        return connection.recv()
    except EOFError:  # it ended early
        return {}
