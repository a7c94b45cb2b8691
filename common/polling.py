"""The main loop of a worker: it looks for work until told to end, and does other work at regular intervals."""

import asyncio
import os
import secrets
import socket
from collections.abc import Iterable

from .periodic import PeriodicRunner, Work


def worker_name(token: str = "") -> str:
    """A name for the worker of this process. token: unique among workers, at most 20 characters; "": a random one."""
    return f"{socket.gethostname()[:50]}:{os.getpid()}:{token or secrets.token_hex(8)}"


class PollingLoop:
    """Looks for work every `interval` seconds, and at once when it is woken."""

    def __init__(self, runner: PeriodicRunner, interval: float):
        self._runner, self._interval = runner, interval
        self._awake, self._ending = asyncio.Event(), asyncio.Event()

    async def run(self, look: Work, regular: Iterable[tuple[Work, float]], drain: Work) -> None:
        """Run until `end` is called.

        regular: other work, each with its interval in seconds. It continues during `drain`, in which begun work ends.
        """
        loops = [asyncio.create_task(self._runner.run_every(every, work, delay=0)) for work, every in regular]
        try:
            while not self._ending.is_set():
                await self._runner.run_once(look)
                await self._wait()
            await drain()
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)

    def wake(self) -> None:
        """Look for work now: there may be some."""
        self._awake.set()

    def end(self) -> None:
        """Stop looking for work."""
        self._ending.set()
        self._awake.set()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._interval):
                await self._awake.wait()
        except TimeoutError:
            return
        finally:
            self._awake.clear()
