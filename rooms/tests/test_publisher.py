"""Publishing costs senders nothing, whatever Redis does; what is lost is named afterwards."""

import asyncio
import threading

import pytest
from channels.layers import get_channel_layer
from redis.exceptions import ConnectionError as RedisAway

from mysite.tests.waiting import PATIENCE, until
from rooms.publishing import publisher as module
from rooms.publishing import redis_publish_queue
from rooms.publishing.payloads import RoomHead
from rooms.publishing.publisher import Publisher


class Layer:
    """Takes what is sent, unless it is `away` or `hung`. What goes to groups called far_… is on a second Redis."""

    shard_count = 2

    def __init__(self):
        self.batches, self.away, self.hung, self.tries, self.here = [], False, False, 0, []

    def shard_of(self, group):
        return int(group.startswith("far_"))

    def deliver_here(self, group, payload):
        if payload["type"] == "unspeakable":
            raise TypeError("not serializable")
        self.here.append((group, payload))

    async def group_send_many(self, items):
        self.tries += 1
        if self.hung:
            await asyncio.sleep(60)
        if self.away and not all(self.shard_of(group) for group, _payload in items):
            raise RedisAway("gone")
        for _group, payload in items:
            if payload["type"] == "unspeakable":
                raise TypeError("not serializable")
        self.batches.append(list(items))

    @property
    def sent(self):
        return [item for batch in self.batches for item in batch]


@pytest.fixture
def layer(monkeypatch):
    layer = Layer()
    monkeypatch.setattr(module, "get_channel_layer", lambda: layer)
    monkeypatch.setattr(redis_publish_queue, "get_channel_layer", lambda: layer)
    monkeypatch.setattr(redis_publish_queue, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(redis_publish_queue, "LONGEST_PAUSE", 0.1)
    monkeypatch.setattr(redis_publish_queue, "TIMEOUT", 0.1)
    return layer


@pytest.fixture
async def publisher(layer):
    made = Publisher()
    yield made
    await made.close()


def event(seq=None) -> dict:
    return {"type": "room.event", "seq": seq}


async def test_in_order_and_together(publisher, layer):
    for n in range(450):
        publisher.put("chat_lobby", event(n))
    assert await publisher.drained(PATIENCE)
    assert [payload["seq"] for _group, payload in layer.sent] == list(range(450))
    assert [len(batch) for batch in layer.batches] == [200, 200, 50]


async def test_what_was_put_in_this_turn_is_sent_before_it_closes(layer):
    publisher = Publisher()
    publisher.put("chat_lobby", event(1))
    await publisher.close()
    assert layer.sent == [("chat_lobby", event(1))]


async def test_while_redis_is_away_nothing_piles_up_and_the_heads_are_told_when_it_is_back(publisher, layer):
    layer.away = True
    for n in range(1, 500):
        publisher.put(f"chat_{n % 2}", event(n))
        publisher.put(f"chat_{n % 2}", event())  # nobody needs these later
        if n % 50 == 0:
            await asyncio.sleep(0.01)
    await until(lambda: not publisher.lanes[0]._waiting)
    assert layer.sent == []
    layer.away = False
    await until(lambda: layer.sent)
    assert sorted(layer.sent, key=str) == [
        ("chat_0", RoomHead(seq=498).as_dict()),
        ("chat_1", RoomHead(seq=499).as_dict()),
    ]
    publisher.put("chat_0", event(500))
    assert await publisher.drained(PATIENCE)
    assert layer.sent[2:] == [("chat_0", event(500))]


async def test_who_is_here_is_told_without_redis_what_may_come_twice(publisher, layer):
    layer.away = True
    publisher.put("chat_lobby", event(1))
    await until(lambda: layer.here)
    publisher.put("chat_lobby", event())  # of those nobody can tell whether Redis passed them on
    publisher.put("user_1", {"type": "session.ended", "session": None})
    publisher.put("chat_lobby", event(2))
    await until(lambda: not publisher.lanes[0]._waiting)
    ended = ("user_1", {"type": "session.ended", "session": None})
    told = [each for each in layer.here if each[1]["type"] != "room.head"]
    assert told == [("chat_lobby", event(1)), ended, ("chat_lobby", event(2))]


@pytest.fixture
def long_pauses(layer, monkeypatch):
    """Ask for it before the publisher."""
    monkeypatch.setattr(redis_publish_queue, "FIRST_PAUSE", 60)
    monkeypatch.setattr(redis_publish_queue, "LONGEST_PAUSE", 60)


async def test_the_breaker_asks_seldom(long_pauses, publisher, layer):
    layer.away = True
    for n in range(200):
        publisher.put("chat_lobby", event(n))
        await asyncio.sleep(0.001)
    assert layer.tries == 1


async def test_a_redis_that_hangs_is_given_up_after_the_time_limit(publisher, layer):
    layer.hung = True
    publisher.put("chat_lobby", event(7))
    await until(lambda: publisher.lanes[0]._lost)
    layer.hung = False
    await until(lambda: layer.sent)
    assert layer.sent == [("chat_lobby", RoomHead(seq=7).as_dict())]


async def test_a_redis_that_is_away_holds_up_nothing_on_another(long_pauses, publisher, layer):
    layer.away = True
    publisher.put("chat_lobby", event(1))
    await until(lambda: layer.here)
    for n in range(3):
        publisher.put("far_room", event(n))
        await until(lambda n=n: ("far_room", event(n)) in layer.sent)
    assert layer.tries == 4 and layer.here == [("chat_lobby", event(1))]


async def test_a_payload_that_cannot_be_sent_does_not_end_the_publisher(publisher, layer, caplog):
    publisher.put("chat_lobby", event(1))
    publisher.put("chat_lobby", {"type": "unspeakable"})
    await until(lambda: "could not be published" in caplog.text)
    publisher.put("chat_lobby", event(2))
    await until(lambda: layer.sent)
    assert layer.sent == [("chat_lobby", RoomHead(seq=1).as_dict()), ("chat_lobby", event(2))]


async def test_more_than_may_wait_drops_the_oldest_and_names_the_heads(publisher, layer, monkeypatch):
    monkeypatch.setattr(redis_publish_queue, "MAX_WAITING", 10)
    for n in range(1, 31):
        publisher.put("chat_lobby" if n > 5 else "chat_early", event(n))
    assert await publisher.drained(PATIENCE)
    heads = [item for item in layer.sent if item[1]["type"] == "room.head"]
    assert heads == [("chat_early", RoomHead(seq=5).as_dict()), ("chat_lobby", RoomHead(seq=20).as_dict())]
    assert [payload["seq"] for _group, payload in layer.sent[2:]] == list(range(21, 31))


async def test_any_thread_may_put_while_redis_comes_and_goes(publisher, layer):
    """Each number is sent or covered by a head that is named later."""
    count, threads = 2000, 4

    def put(number):
        for n in range(1, count + 1):
            publisher.put(f"chat_{number}", event(n))

    workers = [threading.Thread(target=put, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        layer.away = not layer.away
        await asyncio.sleep(0.02)
    layer.away = False
    await until(lambda: not publisher.lanes[0]._lost and not publisher.lanes[0]._waiting)
    assert await publisher.drained(PATIENCE)
    for number in range(threads):
        mine = [payload for group, payload in layer.sent if group == f"chat_{number}"]
        assert max(payload["seq"] for payload in mine) == count
        reached = 0
        for payload in mine:
            if payload["type"] == "room.event":
                assert payload["seq"] > reached, "sent twice, or out of order"
            reached = max(reached, payload["seq"])


async def test_a_server_loop_is_adopted_once(layer):
    first = module.adopt()
    assert module.adopt() is first
    await first.close()
    second = module.adopt()
    assert second is not first
    await second.close()


async def test_a_command_line_process_sends_all_before_it_ends(elsewhere):
    """No loop runs there: a thread has one, and empties it at exit."""
    layer, queue = get_channel_layer(), asyncio.Queue()
    layer.register("chat_lobby", queue.put_nowait)
    await layer.group_add("chat_lobby", "chat_lobby")
    await elsewhere(
        "from rooms.publishing import events\nfor n in range(300): events.to_room('lobby', 'system', message=str(n))\n"
    )
    async with asyncio.timeout(PATIENCE):
        texts = [(await queue.get())["text"] for _ in range(300)]
    assert texts == [f'{{"type":"system","message":"{n}"}}' for n in range(300)]
