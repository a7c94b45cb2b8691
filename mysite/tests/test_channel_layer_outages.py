"""The channel layer while Redis is away, silent or hanging: what that costs, and that reception comes back."""

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import asyncio as aioredis
from redis.exceptions import RedisError

from rooms.realtime import channel_layer as module
from rooms.realtime.channel_layer import DirectPubSubChannelLayer

from .publications import next_of, sent_until_received
from .waiting import until


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
