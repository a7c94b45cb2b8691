"""One background publisher a process: senders hand over and go on, whatever Redis does. See redis_publish_queue.py."""

import asyncio
import atexit
import threading
from collections.abc import Callable

from channels.layers import get_channel_layer

from .redis_publish_queue import RedisPublishQueue


class Publisher:
    """Sends from the loop it was made in. Each Redis has a lane: one that is away holds up nothing else."""

    def __init__(self) -> None:
        layer = get_channel_layer()
        self.loop = asyncio.get_running_loop()
        self.lanes = [RedisPublishQueue() for _shard in range(layer.shard_count)]
        self._lane_of: Callable[[str], int] = layer.shard_of

    def put(self, group: str, payload: dict) -> None:
        """From any thread. The order within a group is kept."""
        self.lanes[self._lane_of(group)].put(group, payload)

    async def drained(self, seconds: float) -> bool:
        """Wait until all that was put has been sent or given up. False when that took longer than `seconds`."""
        return all(await asyncio.gather(*(lane.drained(seconds) for lane in self.lanes)))

    async def close(self) -> None:
        """Send what waits, within a few seconds, and end the tasks."""
        await asyncio.gather(*(lane.close() for lane in self.lanes))

    @property
    def closed(self) -> bool:
        return all(lane.closed for lane in self.lanes)


_publisher: Publisher | None = None
_lock = threading.Lock()


def adopt() -> Publisher:
    """Make this loop the one that publishes for the process. Called as a server or worker starts; idempotent."""
    global _publisher
    loop = asyncio.get_running_loop()
    with _lock:
        if _publisher is None or _publisher.loop is not loop or _publisher.closed:
            _publisher = Publisher()
        return _publisher


def submit(group: str, payload: dict) -> None:
    """Hand a payload over for sending, from any thread. Never waits, never fails."""
    _here().put(group, payload)


def _here() -> Publisher:
    if _publisher is None or _publisher.loop.is_closed():
        return _start_thread()
    return _publisher


def _start_thread() -> Publisher:
    """For processes without a loop (commands, shells): one long-lived loop in a thread, emptied at exit."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="publisher", daemon=True).start()

    async def start() -> Publisher:
        return adopt()

    publisher = asyncio.run_coroutine_threadsafe(start(), loop).result()
    atexit.register(lambda: asyncio.run_coroutine_threadsafe(publisher.close(), loop).result())
    return publisher
