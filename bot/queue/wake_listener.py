"""What wakes a worker: messages on the channel `bot`. They only say that there is something to look at."""

import asyncio
import logging
from collections.abc import Collection
from typing import Protocol

from channels.layers import get_channel_layer

from rooms.publishing import payloads

from .notify_workers import CHANNEL

logger = logging.getLogger(__name__)


class Wakeable(Protocol):
    """A worker, as far as it is told of something."""

    def wake(self) -> None: ...
    async def check_stop(self, run_id: int, /) -> None: ...
    def show_blocks(self, message_ids: Collection[int], /) -> None: ...


class WakeListener:
    """Stands between the channel `bot` and one worker. A message that it does not know is ignored: it may come
    from a newer version of the program."""

    def __init__(self, worker: Wakeable) -> None:
        self._worker = worker
        self._tasks: set[asyncio.Task] = set()

    async def listen(self) -> None:
        """Hear the channel and the group of its name, in every worker. Without Redis the worker's own looks remain."""
        layer = get_channel_layer()
        layer.register(CHANNEL, self.receive)
        await layer.group_add(CHANNEL, CHANNEL)
        await layer.subscribe(CHANNEL)

    def receive(self, message: dict) -> None:
        """Take one payload of the channel. What another version sends and this one does not know is ignored."""
        try:
            payload = payloads.read(message, payloads.BOT_WORKERS)
        except payloads.UnknownPayload as error:
            logger.info("ignored what this version does not understand: %s", error)
            return
        match payload:
            case payloads.RunWaiting():
                self._worker.wake()
            case payloads.BlocksWanted(messages=ids):
                self._worker.show_blocks(ids)
            case payloads.RunStop(run=run):
                task = asyncio.create_task(self._worker.check_stop(run))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
