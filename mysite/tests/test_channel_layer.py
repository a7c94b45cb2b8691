"""The channel layer, and what it relies on in channels-redis and redis-py: an upgrade that moves it fails here."""

import asyncio
import inspect
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from channels.layers import get_channel_layer
from channels_redis import pubsub
from django.conf import settings
from redis import Redis
from redis import asyncio as aioredis
from redis.exceptions import RedisError

from rooms.realtime import channel_layer as module
from rooms.realtime.channel_layer import DirectPubSubChannelLayer

from .waiting import PATIENCE, until


@pytest.fixture
async def layer(redis_server):
    layer = DirectPubSubChannelLayer(hosts=settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"], prefix="test")
    yield layer
    await layer.flush()


@pytest.fixture
def received(layer):
    """received(group) → a queue of what arrives for it."""

    async def listen(group: str) -> asyncio.Queue:
        queue = asyncio.Queue()
        layer.register(group, queue.put_nowait)
        await layer.group_add(group, group)
        return queue

    return listen


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(module, "PING_AFTER", 0.3)
    monkeypatch.setattr(module, "RETRY_INTERVAL", 0.05)


async def next_of(queue: asyncio.Queue) -> dict:
    async with asyncio.timeout(PATIENCE):
        return await queue.get()


async def sent_until_received(layer, group: str, queue: asyncio.Queue) -> dict:
    """Messages are sent until one comes through, after an outage."""
    async with asyncio.timeout(PATIENCE):
        while queue.empty():
            try:
                await layer.group_send(group, {"type": "again"})
            except (RedisError, OSError):
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.05)
    return queue.get_nowait()


async def test_a_callback_gets_what_any_program_sends_to_its_group(layer, received):
    queue = await received("chat_lobby")
    other = pubsub.RedisPubSubChannelLayer(hosts=settings.REDIS_URLS, prefix="test")  # the stock one, elsewhere
    await other.group_send("chat_lobby", {"type": "room.event", "text": "hé", "seq": None})
    assert await next_of(queue) == {"type": "room.event", "text": "hé", "seq": None}
    await other.flush()


async def test_messages_sent_together_arrive_in_order(layer, received):
    queue = await received("chat_lobby")
    await layer.group_send_many([("chat_lobby", {"type": "n", "n": n}) for n in range(500)])
    assert [(await next_of(queue))["n"] for _ in range(500)] == list(range(500))


async def test_only_members_of_the_group_get_it(layer, received):
    lobby, kitchen = await received("chat_lobby"), await received("chat_kitchen")
    await layer.group_send_many([("chat_kitchen", {"type": "a"}), ("chat_lobby", {"type": "b"})])
    assert (await next_of(lobby))["type"] == "b"
    assert (await next_of(kitchen))["type"] == "a"
    assert lobby.empty() and kitchen.empty()


async def test_those_who_are_here_can_be_told_without_redis(layer, received, lost_redis):
    lobby, kitchen = await received("chat_lobby"), await received("chat_kitchen")
    layer.deliver_here("chat_lobby", {"type": "a"})
    layer.deliver_here("chat_nobody", {"type": "b"})
    assert (lobby.get_nowait(), kitchen.empty()) == ({"type": "a"}, True)


async def test_after_leaving_nothing_arrives_and_nothing_is_left_in_redis(layer, received):
    queue = await received("chat_lobby")
    layer.unregister("chat_lobby")
    await layer.group_discard("chat_lobby", "chat_lobby")
    again = await received("chat_kitchen")
    await layer.group_send_many([("chat_lobby", {"type": "a"}), ("chat_kitchen", {"type": "b"})])
    await next_of(again)
    assert queue.empty()
    with Redis.from_url(settings.REDIS_URLS[0]) as redis:
        assert redis.pubsub_numsub("test__group__chat_lobby") == [(b"test__group__chat_lobby", 0)]


async def test_the_stock_interface_works_beside(layer):
    channel = await layer.new_channel()
    await layer.group_add("stock", channel)
    await layer.group_send("stock", {"type": "to the group"})
    async with asyncio.timeout(PATIENCE):
        assert await layer.receive(channel) == {"type": "to the group"}
        await layer.send(channel, {"type": "to the channel"})
        assert await layer.receive(channel) == {"type": "to the channel"}


async def test_a_callback_that_raises_costs_only_its_event(layer, caplog):
    seen = asyncio.Queue()

    def callback(message):
        if message["type"] == "bad":
            raise ValueError("no")
        seen.put_nowait(message)

    layer.register("chat_lobby", callback)
    await layer.group_add("chat_lobby", "chat_lobby")
    await layer.group_send_many([("chat_lobby", {"type": "bad"}), ("chat_lobby", {"type": "good"})])
    assert (await next_of(seen))["type"] == "good"
    assert "could not be delivered" in caplog.text


async def test_what_is_no_message_costs_only_itself(layer, received):
    queue = await received("chat_lobby")
    with Redis.from_url(settings.REDIS_URLS[0]) as redis:
        redis.publish("test__group__chat_lobby", b"\xff not msgpack")
    await layer.group_send("chat_lobby", {"type": "good"})
    assert (await next_of(queue))["type"] == "good"


async def test_many_join_at_once_on_one_connection(layer, received):
    queues = await asyncio.gather(*(received(f"chat_{n}") for n in range(200)))
    await layer.group_send_many([(f"chat_{n}", {"type": "n", "n": n}) for n in range(200)])
    assert [(await next_of(queue))["n"] for queue in queues] == list(range(200))
    with Redis.from_url(settings.REDIS_URLS[0]) as redis:
        assert len([client for client in redis.client_list() if int(client["sub"]) >= 200]) == 1


async def test_a_cut_subscription_comes_back_and_says_so(layer, received, hasty):
    queue, back = await received("chat_lobby"), asyncio.Event()
    layer.reconnect_callbacks.append(back.set)
    with Redis.from_url(settings.REDIS_URLS[0]) as redis:
        redis.client_kill_filter(_type="pubsub")
    async with asyncio.timeout(PATIENCE):
        await back.wait()
    assert await sent_until_received(layer, "chat_lobby", queue)


async def test_groups_joined_while_redis_is_away_are_heard_when_it_is_back(layer, received, hasty, lost_redis):
    queues = [await received(f"chat_{n}") for n in range(3)]
    lost_redis.start()
    for n, queue in enumerate(queues):
        assert await sent_until_received(layer, f"chat_{n}", queue)


async def test_publishing_without_redis_raises_soon_and_leaves_nothing_behind(layer, lost_redis):
    with pytest.raises((RedisError, OSError)):
        await layer.group_send("chat_lobby", {"type": "lost"})
    lost_redis.start()
    await layer.group_send("chat_lobby", {"type": "fine"})


async def test_a_redis_that_hangs_costs_a_time_limit_and_no_mixed_up_replies(
    layer, received, redis_server, monkeypatch
):
    monkeypatch.setattr(module, "COMMAND_TIMEOUT", 0.2)
    queue = await received("chat_lobby")
    redis_server.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises((RedisError, OSError)):
            await layer.group_send("chat_lobby", {"type": "late"})
    finally:
        redis_server.process.send_signal(signal.SIGCONT)
    await layer.group_send("chat_lobby", {"type": "after"})
    types = [(await next_of(queue))["type"]]
    if types == ["late"]:  # what waited in the socket may still arrive: at most once, and before
        types.append((await next_of(queue))["type"])
    assert types[-1] == "after"


async def test_a_silent_redis_is_asked_and_found_alive(layer, received, monkeypatch):
    monkeypatch.setattr(module, "PING_AFTER", 1.0)  # in which even a busy machine answers
    asked, send_command = [], aioredis.UnixDomainSocketConnection.send_command

    async def listened(connection, *args, **options):
        asked.extend(arg for arg in args if arg == "PING")
        await send_command(connection, *args, **options)

    monkeypatch.setattr(aioredis.UnixDomainSocketConnection, "send_command", listened)
    queue, back = await received("chat_lobby"), asyncio.Event()
    layer.reconnect_callbacks.append(back.set)
    await until(lambda: len(asked) == 2)
    assert not back.is_set()
    await layer.group_send("chat_lobby", {"type": "still here"})
    assert (await next_of(queue))["type"] == "still here"


async def test_which_redis_a_group_is_on_is_known_in_any_thread():
    layer = DirectPubSubChannelLayer(hosts=["redis://127.0.0.1:1", "redis://127.0.0.1:2", "redis://127.0.0.1:3"])
    shard_of, groups = layer.shard_of, [f"chat_room-{number}" for number in range(50)]
    with ThreadPoolExecutor(1) as thread:
        numbers = list(thread.map(shard_of, groups))
    assert layer.shard_count == 3 and set(numbers) == {0, 1, 2}
    for group, number in zip(groups, numbers, strict=True):
        assert layer._get_shard(layer._get_group_channel_name(group)) is layer._shards[number]


async def test_a_hanging_redis_is_found_out_by_its_silence(layer, received, hasty, redis_server):
    await received("chat_lobby")
    back = asyncio.Event()
    layer.reconnect_callbacks.append(back.set)
    redis_server.process.send_signal(signal.SIGSTOP)
    try:
        await until(lambda: layer._shards[0]._down)
    finally:
        redis_server.process.send_signal(signal.SIGCONT)
    async with asyncio.timeout(PATIENCE):
        await back.wait()


async def test_what_is_wanted_while_the_connection_is_made_is_subscribed(layer, received, monkeypatch):
    """Between the making of a connection and its SUBSCRIBE there is no moment in which a channel gets lost."""
    late = []
    connect = aioredis.UnixDomainSocketConnection.send_command

    async def send_command(connection, *args, **options):
        if args[0] == "SUBSCRIBE" and not late:
            late.append(asyncio.ensure_future(received("chat_late")))
            await asyncio.sleep(0.1)
        await connect(connection, *args, **options)

    monkeypatch.setattr(aioredis.UnixDomainSocketConnection, "send_command", send_command)
    await received("chat_early")
    queue = await late[0]
    await layer.group_send("chat_late", {"type": "heard"})
    assert (await next_of(queue))["type"] == "heard"


async def test_an_unexpected_error_does_not_end_reception(layer, received, hasty, monkeypatch, caplog):
    queue = await received("chat_lobby")
    shard = layer._shards[0]
    monkeypatch.setattr(shard, "_pass_on", lambda reply: 1 / 0)
    await layer.group_send("chat_lobby", {"type": "trips"})
    await until(lambda: "receiving from Redis failed" in caplog.text)
    monkeypatch.undo()
    assert await sent_until_received(layer, "chat_lobby", queue)


def test_the_layer_of_the_settings_is_ours():
    assert isinstance(get_channel_layer(), DirectPubSubChannelLayer)


# --- what we use of others ---


def test_channels_redis_still_has_the_parts_that_are_replaced():
    loop_layer, shard = pubsub.RedisPubSubLoopLayer, pubsub.RedisSingleShardConnection
    for owner, names in (
        (pubsub.RedisPubSubChannelLayer, ["_get_layer", "serialize", "deserialize"]),
        (loop_layer, ["_get_shard", "_get_group_channel_name", "_subscribe_to_channel", "group_add", "group_discard"]),
        (shard, ["publish", "subscribe", "unsubscribe", "flush", "_do_receiving", "_receive_message"]),
        (shard, ["_ensure_redis", "_ensure_receiver"]),
    ):
        for name in names:
            assert callable(getattr(owner, name)), name
    assert list(inspect.signature(shard.__init__).parameters) == ["self", "host", "channel_layer"]
    # A stock queue is asked for nothing but this, so a mailbox of ours can stand in its place.
    assert "put_nowait(data)" in inspect.getsource(shard._receive_message)


def test_redis_py_still_gives_none_for_a_read_that_timed_out():
    parameters = inspect.signature(aioredis.Connection.read_response).parameters
    assert {"timeout", "disconnect_on_error"} <= parameters.keys()
