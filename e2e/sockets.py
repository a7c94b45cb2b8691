"""People without a browser, as many as a test wants: sockets in a thread beside that of the browsers."""

import asyncio
import json
import subprocess
import sys
import threading
import time

from .faults.client import Client
from .stack import ROOT, Stack

PATIENCE = 60.0  # seconds for what must come, on a machine that is busy


class Sockets:
    """with Sockets(stack, people=3, rooms=1) as sockets: … `people` and `rooms` as e2e/faults/people.py makes them."""

    def __init__(self, stack: Stack, people: int, rooms: int = 1):
        command = [sys.executable, "-m", "e2e.faults.people", str(people), str(rooms)]
        done = subprocess.run(command, cwd=ROOT, env=stack.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        self.people, self.rooms = found["people"], found["rooms"]
        self._stack = stack
        self._open: list[Client] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sockets")

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exc):
        self.close(*self._open)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def open(self, *people: dict, room: str) -> list[Client]:
        """A client for each of these, in a room and live."""
        clients = [Client(self._stack.base_url, person["token"], room) for person in people]
        self._open += clients
        self._do(_open(clients))
        return clients

    def close(self, *clients: Client) -> None:
        self._open = [client for client in self._open if client not in clients]
        self._do(_close(clients))

    def _do(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(2 * PATIENCE)


def wait_until(holds, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        time.sleep(0.05)


async def _open(clients: list[Client]) -> None:
    for client in clients:
        client.open()
    await asyncio.gather(*(client.live(PATIENCE) for client in clients))


async def _close(clients: list[Client]) -> None:
    await asyncio.gather(*(client.close() for client in clients))
