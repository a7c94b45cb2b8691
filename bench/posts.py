"""Durable posts: people in rooms of four, each with one message in flight, who send the next when the last is acked."""

import json
import time
import uuid
from contextlib import ExitStack

from testing.cluster import Cluster

from .crowd import Client, Crowd
from .dialects import Chat
from .measure import Usage, quantile
from .report import Table
from .servers import Roundtable

PEOPLE, TOGETHER = 64, 4
# What people write: mostly plain words, some Markdown, now and then a name.
TEXTS = [
    "could everyone look at the plan for tomorrow before we meet, please",
    "yes",
    "I think the second one is better. It is shorter, and it says what we mean.",
    "The figures are **not** final, see https://example.org/figures and tell me what you think",
    "ok, then at ten",
    "Who has the key?",
    "- first the door\n- then the window\n- `make clean` at the end",
    "Sounds good to me, I will be there a bit earlier and bring the small table and two chairs",
    "thanks!",
    "@p1 can you have a look, when you have time?",
]


def tables(options):
    table = Table(
        f"Durable posts: {PEOPLE} people in rooms of {TOGETHER}, one message in flight each",
        ["", "acked/s", "ms CPU a message", "ack p50 ms", "ack p99 ms", "refused", "deliveries/s"],
        notes=["the messages: 60 % plain words, 30 % Markdown, 10 % with a mention"],
    )
    for store in options.stores:
        with ExitStack() as stack:
            # With the durability that an installation has: the tests' quick settings are off.
            database = stack.enter_context(Cluster(durable=True)).url if store == "postgresql" else None
            server = stack.enter_context(Roundtable(options.folder / "posts", database))
            table.add({"sqlite": "SQLite", "postgresql": "PostgreSQL"}[store], *_measure(server, options.seconds))
    yield table


def _measure(server: Roundtable, seconds: float) -> list[float]:
    rooms = [f"room-{number}" for number in range(PEOPLE // TOGETHER)]
    sessions = server.inside("people", count=PEOPLE, rooms=rooms, room_size=TOGETHER)
    with Crowd(Chat(), server.port) as crowd:
        crowd.open([crowd.dialect.place(rooms[n // TOGETHER], session) for n, session in enumerate(sessions)])
        crowd.settle(1)
        Closed(crowd, server.usage).run(1)  # warm
        talk = Closed(crowd, server.usage)
        talk.run(seconds)
    acked = len(talk.delays)
    return [
        acked / talk.seconds,
        talk.cpu / acked * 1000,
        quantile(talk.delays, 0.5) * 1000,
        quantile(talk.delays, 0.99) * 1000,
        talk.errors,
        talk.events / talk.seconds,
    ]


class Closed:
    """Everyone sends, waits for the ack, and sends again."""

    def __init__(self, crowd: Crowd, usage: Usage):
        self._crowd = crowd
        self._usage = usage
        self._sent: dict[bytes, float] = {}  # id → when
        self._count = 0
        self._until = 0.0
        self.delays: list[float] = []
        self.errors = self.events = 0
        self.seconds = self.cpu = 0.0

    def run(self, seconds: float) -> None:
        self._crowd.on_data = self._take
        self._usage.start()
        began = time.monotonic()
        self._until = began + seconds
        for client in self._crowd.clients:
            self._send(client)
        while self._sent and time.monotonic() < self._until + 5:
            self._crowd.turn(0.1)
        self.seconds, self.cpu = time.monotonic() - began, self._usage.stop()
        if self._sent:
            raise RuntimeError(f"{len(self._sent)} messages were never acked")
        self._crowd.settle(0.5)  # the last events
        self._crowd.on_data = self._crowd.drop

    def _send(self, client: Client) -> None:
        if time.monotonic() < self._until:
            id = str(uuid.uuid4())
            self._sent[id.encode()] = time.monotonic()
            client.send(self._crowd.dialect.post(TEXTS[self._count % len(TEXTS)], id))
            self._count += 1

    def _take(self, client: Client, data: bytes) -> None:
        for text in self._crowd.frames(client, data):
            if text.startswith(b'{"type":"ack"'):
                self.delays.append(time.monotonic() - self._sent.pop(json.loads(text)["id"].encode()))
                self._send(client)
            elif text.startswith(b'{"type":"error"'):
                self.errors += 1
                self._sent.pop(json.loads(text)["id"].encode())
                self._send(client)
            else:
                self.events += text.count(b'"type":"message"')
