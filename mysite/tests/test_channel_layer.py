"""The channel layer: what is sent arrives once, in order, and at those it is for."""

import asyncio
import signal

from channels_redis import pubsub
from django.conf import settings
from redis import Redis

from .publications import next_of, sent_until_received
from .waiting import PATIENCE, until


async def test_a_callback_gets_what_any_program_sends_to_its_group(layer, received):
    queue = await received("chat_lobby")
    other = pubsub.RedisPubSubChannelLayer(hosts=settings.REDIS_URLS, prefix="test")  # the stock one, elsewhere
    await other.group_send("chat_lobby", {"type": "room.event", "text": "hé", "seq": None})
    assert await next_of(queue) == {"type": "room.event", "text": "hé", "seq": None}
    await other.flush()


async def test_a_subscription_waits_for_its_confirmation_and_no_longer(layer, received, caplog):
    await received("chat_lobby")
    await received("chat_kitchen")
    assert "no confirmation" not in caplog.text


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


async def test_an_unexpected_error_does_not_end_reception(layer, received, hasty, monkeypatch, caplog):
    queue = await received("chat_lobby")
    shard = layer._shards[0]
    monkeypatch.setattr(shard, "_pass_on", lambda reply: 1 / 0)
    await layer.group_send("chat_lobby", {"type": "trips"})
    await until(lambda: "receiving from Redis failed" in caplog.text)
    monkeypatch.undo()
    assert await sent_until_received(layer, "chat_lobby", queue)
