"""One way to one Redis: calls are kept in order, sent many at a time, and end within a time limit.

While Redis is away, calls end at once; only a probe (the tick, once a second) tries whether it is back.
"""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Sequence

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, ResponseError

from common.circuit_breaker import CircuitBreaker
from common.redis_clients import REDIS_AWAY

from .store import SCRIPTS

logger = logging.getLogger(__name__)

TIMEOUT = 1.0  # seconds for one exchange
BATCH_SIZE = 200  # calls in it

OnReply = Callable[[list | None], None]


class ScriptPipeline:
    def __init__(self, client: Redis, prefix: str):
        self.round_trips = 0
        self._breaker = CircuitBreaker(math.inf)  # a probe resets it
        self._client = client
        self._prefix = prefix
        self._waiting: deque[tuple[str, Sequence, OnReply]] = deque()
        self._task: asyncio.Task | None = None
        self._called = self._done = 0
        self._exchanged = asyncio.Event()

    def call(self, script: str, args: Sequence, done: OnReply, probe: bool = False) -> None:
        """Run a script. done(reply) is called in the order of the calls; its reply is None when Redis is away."""
        if self._breaker.open and not probe:
            done(None)
            return
        self._called += 1
        self._waiting.append((script, args, done))
        if self._task is None:
            self._task = asyncio.create_task(self._drain(), name="presence pipeline")

    @property
    def is_down(self) -> bool:
        return self._breaker.open

    @property
    def is_busy(self) -> bool:
        return self._task is not None

    async def flush(self) -> None:
        """Until every call so far is done; others may come meanwhile."""
        called = self._called
        while self.is_busy and self._done < called:
            await self._exchanged.wait()

    async def close(self) -> None:
        """Send what waits, then close the connections."""
        while self.is_busy:
            await self.flush()
        await self._client.aclose()

    async def _drain(self):
        try:
            while self._waiting:
                count = min(BATCH_SIZE, len(self._waiting))
                await self._exchange([self._waiting.popleft() for _ in range(count)])
        finally:
            self._task = None
            self._signal()

    async def _exchange(self, calls):
        try:
            async with asyncio.timeout(TIMEOUT):
                replies = await self._run(calls)
        except REDIS_AWAY as error:
            if not self.is_down:
                logger.warning("presence: Redis unavailable (%s: %s)", type(error).__name__, error)
            self._breaker.trip()
            if isinstance(error, ResponseError):  # it may have become a replica: the next probe connects anew
                await self._client.connection_pool.disconnect()
            calls += self._waiting
            self._waiting.clear()
            replies = [None] * len(calls)
        else:
            if self.is_down:
                logger.warning("presence: Redis is back")
            self._breaker.reset()
        for (_script, _args, done), reply in zip(calls, replies, strict=True):
            self._done += 1
            done(reply)
        self._signal()

    def _signal(self):
        self._exchanged.set()
        self._exchanged = asyncio.Event()

    async def _run(self, calls) -> list:
        replies = await self._pipeline(calls)
        missing = [n for n, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
        if missing:
            await self._load_scripts()
            # All scripts are loaded together, so all calls failed together: their order is kept.
            for n, reply in zip(missing, await self._pipeline([calls[n] for n in missing]), strict=True):
                replies[n] = reply
        for reply in replies:
            if isinstance(reply, Exception):
                raise reply
        return replies

    async def _pipeline(self, calls) -> list:
        pipeline = self._client.pipeline(transaction=False)
        for script, args, _done in calls:
            pipeline.execute_command("EVALSHA", SCRIPTS[script].sha, 1, self._prefix, *args)
        self.round_trips += 1
        return await pipeline.execute(raise_on_error=False)

    async def _load_scripts(self):
        pipeline = self._client.pipeline(transaction=False)
        for script in SCRIPTS.values():
            pipeline.script_load(script.source)
        await pipeline.execute()
