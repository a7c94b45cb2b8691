"""What workers are told through Redis reaches them, and leaves nothing behind."""

import asyncio

from bot.queue.wake_listener import WakeListener
from rooms.publishing.payloads import BlocksWanted, RunStop, RunWaiting


class Worker:
    def __init__(self):
        self.told: list = []
        self.may_end = asyncio.Event()

    def wake(self) -> None:
        self.told.append("wake")

    async def check_stop(self, run_id: int) -> None:
        await self.may_end.wait()
        self.told.append(("stop", run_id))

    def show_blocks(self, message_ids) -> None:
        self.told.append(("blocks", tuple(message_ids)))


async def test_each_payload_reaches_the_worker_and_others_are_ignored():
    worker = Worker()
    listener = WakeListener(worker)
    for payload in (RunWaiting().as_dict(), BlocksWanted(messages=(5, 6)).as_dict(), {"type": "made.later"}):
        listener.receive(payload)
    assert worker.told == ["wake", ("blocks", (5, 6))]


async def test_a_stop_is_kept_until_it_is_done_and_no_longer():
    worker = Worker()
    listener = WakeListener(worker)
    listener.receive(RunStop(run=7).as_dict())
    [task] = listener._tasks
    worker.may_end.set()
    await task
    assert worker.told == [("stop", 7)]
    await asyncio.sleep(0)  # callbacks of a task run in the turn after it
    assert not listener._tasks
