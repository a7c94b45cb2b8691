"""The channel layer: Channels' API on Redis publish/subscribe, with direct delivery.

`RedisPubSubChannelLayer` of channels-redis gives each consumer a queue and a task to empty it; a room of a
thousand sockets wakes a thousand tasks an event. Here a channel may be a plain callback (`register`), so one
call hands an event to everything this process has in a group. Everything else is the stock layer: group names,
sharding by hosts, serializer; any program that uses `get_channel_layer()` works with it.

Subscriptions are kept through outages: `on_reconnect` callbacks run after each, because what was published
meanwhile is gone (the stock layer never says so: channels_redis#406).
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, cast

from channels_redis.pubsub import RedisPubSubChannelLayer, RedisPubSubLoopLayer, RedisSingleShardConnection
from channels_redis.utils import _wrap_close, create_pool, decode_hosts
from redis import asyncio as aioredis

from common.redis_clients import REDIS_AWAY, async_options

logger = logging.getLogger(__name__)

COMMAND_TIMEOUT = 1.0  # seconds
PING_AFTER = 15.0  # seconds without a word from Redis before it is asked whether it is there
RETRY_INTERVAL = 0.5  # seconds between attempts to subscribe again


class DirectPubSubChannelLayer(RedisPubSubChannelLayer):
    """See the module. The methods that the stock layer does not have are on DirectLoopLayer."""

    def _get_layer(self) -> "DirectLoopLayer":
        loop = asyncio.get_running_loop()
        if loop not in self._layers:
            self._layers[loop] = DirectLoopLayer(*self._args, **self._kwargs, channel_layer=self)
            _wrap_close(self, loop)
        layer: DirectLoopLayer = self._layers[loop]
        return layer


class DirectLoopLayer(RedisPubSubLoopLayer):
    """The layer of one event loop."""

    def __init__(self, hosts: list | None = None, prefix: str = "asgi", **options: Any) -> None:
        super().__init__(hosts=hosts, prefix=prefix, **options)
        self._shards = [Shard(host, self) for host in decode_hosts(hosts)]
        self.reconnect_callbacks: list[Callable[[], None]] = []

    def register(self, channel: str, callback: Callable[[dict], None]) -> None:
        """Make `channel` a local channel that passes each message to `callback`, at once, in the event loop.

        It costs no subscription of its own; add it to groups with `group_add`. The callback must not block.
        """
        self.channels[channel] = _Mailbox(callback, self.channel_layer.deserialize)

    def unregister(self, channel: str) -> None:
        self.channels.pop(channel, None)

    @property
    def shard_count(self) -> int:
        return len(self._shards)

    def shard_of(self, group: str) -> int:
        """Which Redis a group is on, from 0 on. May be called from any thread."""
        return self._shards.index(self._get_shard(self._get_group_channel_name(group)))

    async def subscribe(self, channel: str) -> None:
        """Also receive what `send` sends to a registered channel. Every process that calls this receives it."""
        await self._get_shard(channel).subscribe(channel)

    async def group_send_many(self, items: list[tuple[str, dict]]) -> None:
        """Send (group, message) pairs in order, one round trip a shard. Raises what Redis raises."""
        batches: dict[Shard, list[tuple[str, bytes]]] = {}
        for group, message in items:
            name = self._get_group_channel_name(group)
            batches.setdefault(self._get_shard(name), []).append((name, self.channel_layer.serialize(message)))
        for shard, batch in batches.items():
            await shard.publish_many(batch)

    def deliver_here(self, group: str, message: dict) -> None:
        """Pass a message to the channels that this process has in a group, without Redis."""
        data = self.channel_layer.serialize(message)
        for channel in self.groups.get(self._get_group_channel_name(group), ()):
            if channel in self.channels:
                self.channels[channel].put_nowait(data)


class _Mailbox:
    """Has the interface of the stock layer's queue, but delivers at once."""

    __slots__ = ("_callback", "_decode")

    def __init__(self, callback: Callable[[dict], None], decode: Callable[[bytes], dict]) -> None:
        self._callback = callback
        self._decode = decode

    def put_nowait(self, data: bytes) -> None:
        try:
            self._callback(self._decode(data))
        except Exception:
            # A payload that cannot be decoded (anyone may publish) must not end the reception of others.
            logger.exception("an event could not be delivered")


class Shard(RedisSingleShardConnection):
    """One Redis: a pool to publish through, and one connection that listens and keeps its subscriptions."""

    _redis: aioredis.Redis | None

    def __init__(self, host: dict, channel_layer: DirectLoopLayer) -> None:
        super().__init__(host, channel_layer)
        self._wanted: set[str] = set()
        self._confirmed: dict[str, asyncio.Future] = {}
        self._listener: aioredis.Connection | None = None
        self._down = False
        self._some_wanted = asyncio.Event()

    async def publish(self, channel: str, message: bytes) -> None:
        await self.publish_many([(channel, message)])

    async def publish_many(self, items: list[tuple[str, bytes]]) -> None:
        """Publish in one round trip, in this order.

        Raises one of REDIS_AWAY, or TimeoutError after COMMAND_TIMEOUT seconds.
        """
        redis = self._ensure_redis()
        async with asyncio.timeout(COMMAND_TIMEOUT):
            if len(items) == 1:
                await redis.publish(*items[0])
                return
            pipeline = redis.pipeline(transaction=False)
            for channel, message in items:
                pipeline.publish(channel, message)
            await pipeline.execute()

    async def subscribe(self, channel: str) -> None:
        """Subscribe to a channel. Returns when Redis has confirmed it, or after a second; then it is retried later."""
        if channel in self._wanted:
            return
        self._wanted.add(channel)
        self._some_wanted.set()
        self._ensure_receiver()
        if self._down:
            return  # subscribed with all others once the connection is back
        confirmed = self._confirmed[channel] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(COMMAND_TIMEOUT):
                if self._listener is not None:
                    await self._listener.send_command("SUBSCRIBE", channel)
                await confirmed
        except REDIS_AWAY:
            logger.warning("no confirmation for %s yet", channel)
        finally:
            self._confirmed.pop(channel, None)

    async def unsubscribe(self, channel: str) -> None:
        """Does not raise while Redis is away. A new connection subscribes only to what is still wanted."""
        self._wanted.discard(channel)
        if self._listener is not None:
            try:
                async with asyncio.timeout(COMMAND_TIMEOUT):
                    await self._listener.send_command("UNSUBSCRIBE", channel)
            except REDIS_AWAY:
                logger.info("could not unsubscribe from %s", channel)

    async def flush(self) -> None:
        self._wanted.clear()
        await super().flush()

    async def _do_receiving(self) -> None:
        while True:
            await self._some_wanted.wait()
            try:
                await self._listen()
            except REDIS_AWAY as error:
                if not self._down:
                    logger.warning("lost the connection to Redis (%s); trying again", type(error).__name__)
            except Exception:
                # Whatever it was: without this task the process would receive nothing more.
                logger.exception("receiving from Redis failed; trying again")
            self._down = True
            await asyncio.sleep(RETRY_INTERVAL)

    async def _listen(self) -> None:
        """Subscribe to all wanted channels and pass on what arrives, until the connection ends."""
        # No time limit for reads: a channel may be silent for long. `_next` asks whether Redis is there.
        pool = self._pool(socket_timeout=None, protocol=2)
        connection: aioredis.Connection = pool.make_connection()
        try:
            async with asyncio.timeout(COMMAND_TIMEOUT):
                await connection.connect()
                # From here on `subscribe` sends its own commands, so nothing that is wanted later is missed.
                self._listener, self._down = connection, False
                if self._wanted:
                    await connection.send_command("SUBSCRIBE", *self._wanted)
            for callback in self.channel_layer.reconnect_callbacks:
                callback()
            while True:
                self._pass_on(await self._next(connection))
        finally:
            self._listener = None
            await connection.disconnect(nowait=True)

    async def _next(self, connection: aioredis.Connection) -> list:
        """The next reply. A Redis that sends nothing for long, not even in reply to a PING, counts as gone."""
        for attempt in range(2):
            reply: list | None = await connection.read_response(timeout=PING_AFTER, disconnect_on_error=False)
            if reply is not None:
                return reply
            if attempt == 0:
                await connection.send_command("PING")
        raise TimeoutError

    def _pass_on(self, reply: list) -> None:
        kind, name, *rest = reply
        if kind == b"message":
            self._receive_message({"channel": name, "data": rest[0]})
        elif kind == b"subscribe" and (waiting := self._confirmed.get(name.decode())) and not waiting.done():
            waiting.set_result(None)

    def _ensure_redis(self) -> aioredis.Redis:
        if self._redis is None:
            self._redis = aioredis.Redis(connection_pool=self._pool(socket_timeout=COMMAND_TIMEOUT))
        return self._redis

    def _pool(self, **options: float | None) -> "aioredis.ConnectionPool":
        options = {**async_options(COMMAND_TIMEOUT), **self.host, **options}
        return cast("aioredis.ConnectionPool", create_pool(options))
