"""What wakes a worker: messages on the channel `bot`. They only say that there is something to look at."""

import asyncio

from channels.layers import get_channel_layer

from .notify_workers import CHANNEL


class BotConsumer:
    """Stands between the channel `bot` and one worker. A message that it does not know is ignored: it may come
    from a newer version of the program."""

    def __init__(self, worker):
        self._worker = worker
        self._handlers = {"run.waiting": self.run_waiting, "run.stop": self.run_stop}
        self._tasks: set[asyncio.Task] = set()

    async def listen(self) -> None:
        """Hear the channel and the group of its name, in every worker. Without Redis the worker's own looks remain."""
        layer = get_channel_layer()
        layer.register(CHANNEL, self.receive)
        await layer.group_add(CHANNEL, CHANNEL)
        await layer.subscribe(CHANNEL)

    def receive(self, message: dict) -> None:
        handler = self._handlers.get(message.get("type"))
        if handler:
            handler(message)

    def run_waiting(self, message: dict) -> None:
        self._worker.wake()

    def run_stop(self, message: dict) -> None:
        task = asyncio.create_task(self._worker.look_at(message.get("run")))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
