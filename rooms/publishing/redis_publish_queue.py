"""What is on its way to one Redis: bounded, with a time limit for each batch and a breaker.

What is lost here is not lost: the database has it, and each web process compares heads (see room_channel.py); after an
outage the rooms concerned are named to speed that up. And the sockets of this very process are told without Redis:
where there is but one process, an outage is not seen in the rooms.
"""

import asyncio
import logging
import threading
from collections import deque

from channels.layers import get_channel_layer

from common.circuit_breaker import CircuitBreaker
from common.redis_clients import REDIS_AWAY

from .payloads import RoomHead, may_repeat, seq_of

logger = logging.getLogger(__name__)

MAX_WAITING = 10_000  # payloads; the oldest are dropped beyond it
MAX_BATCH = 200
TIMEOUT = 1.0  # seconds for a batch
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 4.0  # seconds that the breaker stays open


class RedisPublishQueue:
    """Sends payloads to groups in order, from the loop it was made in. `put` may be called from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[str, dict]] = deque()
        self._awake = asyncio.Event()
        self._waking = False
        self._lost: dict[str, int] = {}  # group → the highest seq that did not get out
        self._lock = threading.Lock()  # for _lost
        self._breaker = CircuitBreaker(FIRST_PAUSE, LONGEST_PAUSE)
        self._idle = asyncio.Event()
        self._idle.set()
        self._task = self._loop.create_task(self._run(), name="lane")

    def put(self, group: str, payload: dict) -> None:
        """Queue a payload for a group, from any thread.

        Never waits: when too much is queued, the oldest is dropped and counted as lost.
        """
        while len(self._waiting) >= MAX_WAITING:
            self._count_lost([self._waiting.popleft()])
        self._waiting.append((group, payload))
        if not self._waking:
            self._waking = True
            self._loop.call_soon_threadsafe(self._wake)

    async def drained(self, seconds: float) -> bool:
        """Wait until all that was put has been sent or given up. False when that took longer than `seconds`."""
        await asyncio.sleep(0)  # what was put in this turn of the loop wakes the task in the next
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        """Give what is queued TIMEOUT seconds to leave, then end the task."""
        await self.drained(TIMEOUT)
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    @property
    def closed(self) -> bool:
        return self._task.done()

    def _wake(self) -> None:
        self._idle.clear()
        self._awake.set()

    async def _run(self) -> None:
        while True:
            await self._awake.wait()
            self._waking = False
            self._awake.clear()
            while self._waiting or (self._lost and self._breaker.pause):  # by itself: the next message may be far away
                await self._send(self._take())
            if not self._waking:
                self._idle.set()

    def _take(self) -> list[tuple[str, dict]]:
        # Other threads add meanwhile, so one by one.
        return [self._waiting.popleft() for _ in range(min(MAX_BATCH, len(self._waiting)))]

    async def _send(self, batch: list[tuple[str, dict]]) -> None:
        with self._lock:
            lost, self._lost = self._lost, {}
        hints = [(group, RoomHead(seq=seq).as_dict()) for group, seq in lost.items()]
        try:
            async with asyncio.timeout(TIMEOUT):
                await get_channel_layer().group_send_many(hints + batch)
        except REDIS_AWAY as error:
            self._lose(hints + batch)
            self._breaker.trip()
            logger.warning("publishing failed (%s); next try in %.1f s", type(error).__name__, self._breaker.pause)
            await self._wait_out()
        except Exception:
            # One payload that cannot be sent must not end the sending of all others.
            logger.exception("a batch could not be published")
            self._lose(hints + batch)
            self._breaker.reset()
        else:
            self._breaker.reset()

    async def _wait_out(self) -> None:
        """The breaker is open: what comes meanwhile is counted as lost rather than kept, so nothing old piles up."""
        while left := self._breaker.seconds_left:
            await asyncio.sleep(min(left, 0.1))
            while self._waiting:
                self._lose(self._take())

    def _lose(self, batch: list[tuple[str, dict]]) -> None:
        self._count_lost(batch)
        layer = get_channel_layer()
        for group, payload in batch:
            # Redis may have passed it on and only its answer be lost: nothing that would be seen twice.
            if may_repeat(payload):
                try:
                    layer.deliver_here(group, payload)
                except Exception:
                    # One that cannot be delivered must not keep back the others, nor end this task.
                    logger.exception("a payload for %s could not be delivered here", group)

    def _count_lost(self, batch: list[tuple[str, dict]]) -> None:
        with self._lock:
            for group, payload in batch:
                if seq := seq_of(payload):
                    self._lost[group] = max(seq, self._lost.get(group, 0))
