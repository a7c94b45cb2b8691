"""What it costs that people hear of a message: acks of mentions and calls beside those of plain posts, and how fast
people, and their devices, are told."""

import json
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from e2e.push_service import PushService
from testing.cluster import Cluster

from .crowd import Client, Crowd
from .dialects import Chat
from .measure import quantile
from .report import Table, ratio
from .servers import Roundtable

PEOPLE = 10_000  # in each of the large rooms
LARGE = [f"large-{number}" for number in range(6)]
SMALL, LAST = "small", "last"  # of ten people; of all of them, to be called when there are devices
CALLS = 4  # of each large room, and one more: it can be called five times an hour
DEVICES, AT_ONCE = 1_000, 250  # registered with one command line
PAUSE = 0.05  # seconds between an ack and the next message
ACK_SECONDS, PUSH_SECONDS = 30.0, 120.0
PLAIN, MENTION, CALL = "Then tomorrow at ten?", "@p7 tomorrow at ten?", "@room tomorrow at ten?"


def tables(options):
    for store in options.stores:
        with ExitStack() as stack:
            database = stack.enter_context(Cluster(durable=True)).url if store == "postgresql" else None
            for table in _tables(options.folder, database):
                table.title += {"sqlite": " (SQLite)", "postgresql": " (PostgreSQL)"}[store]
                yield table


def _tables(folder: Path, database: str | None):
    service = PushService()
    try:
        settings = {"JOB_WORKERS": 1, "PUSH_AFTER": 0, "PUSH_HOSTS": service.origin}
        with Roundtable(folder / "notify", database, **settings) as server:
            session = server.inside("people", count=PEOPLE, rooms=[*LARGE, LAST])[0]
            server.inside("join", room=SMALL, count=10)
            with Crowd(Chat(), server.port) as crowd:
                crowd.open([crowd.dialect.place(room, session) for room in (*LARGE, SMALL, LAST)])
                talk = Talk(crowd, server)
                yield from _measure(talk, server, service)
    finally:
        service.close()


def _measure(talk: "Talk", server: Roundtable, service: PushService):
    acks = Table(
        f"One person posts, each message when the last is acked; rooms of 10 and of {PEOPLE:,}",
        ["", "posts", "ack p50 ms", "p95 ms", "p95 against plain", "ms CPU a post"],
        notes=[
            "a job tells of @room; in the third row from below it has ended before the next message",
            "so that row is about messages after a pause of seconds, of which every second one is plain: the row above",
        ],
    )
    large, small, count = talk.clients[: len(LARGE)], talk.clients[len(LARGE) : -1], CALLS * len(LARGE)
    talk.post(large, PLAIN, count)  # warm
    plain = talk.post(large, PLAIN, 4 * count)
    base = quantile(plain[0], 0.95)
    began = time.time()
    _row(acks, base, "plain, large rooms", plain)
    _row(acks, base, "a mention, small room", talk.post(small, MENTION, 4 * count))
    _row(acks, base, "a mention, large rooms", talk.post(large, MENTION, 4 * count))
    plain_then, called = talk.take_turns(
        large, count, lambda n: talk.meanwhile(server.inside, "called", count=n * (PEOPLE - 1), since=began)
    )
    _row(acks, base, "plain, large rooms, in turn with the next", plain_then)
    _row(acks, base, "@room, large rooms", called)
    began = time.time()
    _row(acks, base, f"@room in all {len(LARGE)} of them, one after the other", talk.post(large, CALL, len(LARGE)))
    people = len(LARGE) * (PEOPLE - 1)
    _row(acks, base, f"plain, while these {people:,} people are told", talk.post(large, PLAIN, count))
    yield acks
    first, last = talk.meanwhile(server.inside, "called", count=people, since=began)
    told = Table("How fast people are told of a call, by one job worker", ["", "in all", "a second"])
    told.add("notifications", people, people / (last - first))
    told.add("pushes to devices", DEVICES, DEVICES / _pushed(talk, server, service))
    yield told


def _row(table: Table, base: float, title: str, measured: tuple[list[float], float]) -> None:
    delays, cpu = measured
    p50, p95 = (quantile(delays, q) for q in (0.5, 0.95))
    table.add(title, len(delays), p50 * 1000, p95 * 1000, ratio(p95, base), cpu / len(delays) * 1000)


def _pushed(talk: "Talk", server: Roundtable, service: PushService) -> float:
    """Seconds from the first push to the last."""
    for first in range(0, DEVICES, AT_ONCE):
        browsers = [service.subscribe().to_json() for _ in range(AT_ONCE)]
        talk.meanwhile(server.inside, "devices", first=first + 1, browsers=browsers)
    talk.post(talk.clients[-1:], CALL, 1)
    deadline, began = time.monotonic() + PUSH_SECONDS, 0.0
    while len(service.pushes) < DEVICES:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{len(service.pushes)} of {DEVICES} devices were told: {service.problems[:3]}")
        began = began or (time.monotonic() if service.pushes else 0.0)
        time.sleep(0.01)
    return time.monotonic() - began


class Talk:
    """One person with a socket in each room."""

    def __init__(self, crowd: Crowd, server: Roundtable):
        self._crowd, self._usage = crowd, server.usage
        self._acked: set[str] = set()
        crowd.on_data = self._take
        self.clients = crowd.clients

    def post(self, clients: list[Client], text: str, count: int) -> tuple[list[float], float]:
        """In turn to each room. Returns the seconds to each ack, and the CPU seconds of all."""
        self._crowd.settle(1)
        delays, cpu = [], 0.0
        for number in range(count):
            delay, used = self._measure(clients[number % len(clients)], text)
            delays.append(delay)
            cpu += used
        return delays, cpu

    def take_turns(self, clients: list[Client], count: int, between) -> list[tuple[list[float], float]]:
        """The same with plain messages and calls, a pair to each room, of which now the one and now the other is first.

        between: called after each pair with how many there were.
        """
        found: dict[str, list[tuple[float, float]]] = {PLAIN: [], CALL: []}
        for number in range(count):
            for text in sorted(found, reverse=number % 2 == 1):
                found[text].append(self._measure(clients[number % len(clients)], text))
            between(number + 1)
        return [([delay for delay, _cpu in each], sum(cpu for _delay, cpu in each)) for each in found.values()]

    def _measure(self, client: Client, text: str) -> tuple[float, float]:
        self._usage.start()
        delay = self._post(client, text)
        self._crowd.settle(PAUSE)
        return delay, self._usage.stop()

    def meanwhile(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """Call it in a thread while the sockets are read: whoever answers no ping is cut off."""
        with ThreadPoolExecutor(1) as threads:
            result = threads.submit(function, *args, **options)
            while not result.done():
                self._crowd.settle(0.1)
            return result.result()

    def _post(self, client: Client, text: str) -> float:
        id, began = str(uuid.uuid4()), time.monotonic()
        client.send(self._crowd.dialect.post(text, id))
        while id not in self._acked:
            if time.monotonic() > began + ACK_SECONDS:
                raise RuntimeError("a message was never acked")
            self._crowd.turn(0.1)
        return time.monotonic() - began

    def _take(self, client: Client, data: bytes) -> None:
        for text in self._crowd.frames(client, data):
            if text.startswith(b'{"type":"error"'):
                raise RuntimeError(text.decode())
            if text.startswith(b'{"type":"ack"'):
                self._acked.add(json.loads(text)["id"])
