"""Presence: what the beats of many connections cost, and whether joining a big room costs more than a small one."""

import asyncio
import json
import os
import subprocess
import sys
import time

from mysite.supervisor.embedded_redis import EmbeddedRedis

from .measure import Usage, median, quantile
from .report import Table, ratio
from .servers import BASE_DIR

CONNECTIONS = 5_000
ROOM_SIZES = (2, 10, 100, 5_000)  # people in each of the rooms that those connections fill
MINUTE = 60  # seconds that are lived through, without waiting for them
JOINED = (10, 200, 5_000)
JOINS = 400


def tables(options):
    folder = options.folder / "presence"
    redis = EmbeddedRedis(folder / "redis.sock", folder / "redis")
    redis.start()
    try:
        measured = _measure(f"unix://{redis.socket}", redis.process.pid)
    finally:
        redis.stop()
    yield _beats(measured["beats"])
    yield _joins(measured["joins"])


def _beats(rows) -> Table:
    heads = ["people a room", "% of a core", "Redis: % of a core", "round trips/s", "longest turn ms"]
    table = Table(f"Presence: beats and sweeps of {CONNECTIONS:,} connections of one process", heads)
    for row in rows:
        table.add(*row)
    return table


def _joins(rows) -> Table:
    heads = ["people in the room", "p50 µs", "against 10", "p95 µs", "CPU µs", "CPU against 10"]
    table = Table("Presence: joining a room", heads)
    base = rows[0]
    for size, p50, p95, cpu in rows:
        table.add(f"{size:,}", p50, ratio(p50, base[1]), p95, cpu, ratio(cpu, base[3]))
    return table


def _measure(url: str, redis: int) -> dict:
    environment = os.environ | {"REDIS_URL": url, "DJANGO_SETTINGS_MODULE": "mysite.settings"}
    environment |= {"OVERLOAD_ROOM_USERS": "1000000", "OVERLOAD_SERVER_USERS": "1000000"}
    command = [sys.executable, "-m", "bench.presence", str(redis)]
    found = subprocess.run(command, env=environment, cwd=BASE_DIR, check=True, capture_output=True, text=True)
    return json.loads(found.stdout)


# --- in a process of its own, with the application's settings ---


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


async def _in_process(redis_pid: int) -> dict:
    redis = Usage([redis_pid])
    return {
        "beats": [await _beat(size, redis) for size in ROOM_SIZES],
        "joins": [await _join(size) for size in JOINED],
    }


async def _beat(size: int, redis: Usage) -> list:
    tracker, clock = await _filled(CONNECTIONS, size)
    for _ in range(15):  # past the joining and its changes
        clock.now += 1
        await tracker.tick()
    trips, longest = tracker.round_trips, 0.0
    redis.start()
    cpu = time.process_time()
    for _ in range(MINUTE):
        clock.now += 1
        began = time.perf_counter()
        await tracker.tick()
        longest = max(longest, time.perf_counter() - began)
    cpu, redis_cpu = time.process_time() - cpu, redis.stop()
    trips = (tracker.round_trips - trips) / MINUTE
    await tracker.stop()
    return [size, cpu / MINUTE * 100, redis_cpu / MINUTE * 100, trips, longest * 1000]


async def _join(size: int) -> list:
    tracker, clock = await _filled(size, size)
    for _ in range(5):
        clock.now += 1
        await tracker.tick()
    times, cpu = [], 0.0
    for number in range(JOINS):
        clock.now += 0.1  # ten a second, so that none is gathered in the small room
        before, began = time.process_time(), time.perf_counter()
        await tracker.arrive("room-0", CONNECTIONS + 1 + number, "joins")
        times.append((time.perf_counter() - began) * 1e6)
        cpu += time.process_time() - before
        tracker.depart("room-0", CONNECTIONS + 1 + number, "joins")
        if number % 10 == 9:
            await tracker.tick()
    await tracker.stop()
    return [size, median(times), quantile(times, 0.95), cpu / JOINS * 1e6]


async def _filled(people: int, size: int):
    """A tracker with a connection for each of so many people, in rooms of a size, under a prefix of its own."""
    from django.conf import settings

    from presence.tracker import PresenceTracker

    settings.REDIS_PREFIX = f"bench-{time.time_ns()}"
    clock = Clock()
    tracker = PresenceTracker(on_change=lambda change: None, clock=clock)
    for start in range(1, people + 1, 50):
        together = range(start, min(start + 50, people + 1))
        await asyncio.gather(*(tracker.admit(user, "c", 20) for user in together))
        await asyncio.gather(*(tracker.arrive(f"room-{(user - 1) // size}", user, "c") for user in together))
    return tracker, clock


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(asyncio.run(_in_process(int(sys.argv[1])))))
