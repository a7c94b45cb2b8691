"""Connecting: session, rights, presence and `welcome`, many people at once, as after a restart."""

from .crowd import Crowd
from .dialects import Chat
from .measure import quantile
from .report import Table
from .servers import Roundtable

PEOPLE, AT_ONCE = 1000, 32
WARM = 50


def tables(options):
    table = Table(
        f"Connecting: {PEOPLE:,} people, {AT_ONCE} at a time, each with a session of their own",
        ["", "connects/s", "a CPU second", "p50 ms", "p99 ms", "KB a connection"],
    )
    for title, rooms in (("20 rooms of 50", 20), ("one room", 1)):
        with Roundtable(options.folder / "connects") as server:
            table.add(title, *_measure(server, [f"room-{number}" for number in range(rooms)]))
    yield table


def _measure(server: Roundtable, rooms: list[str]) -> list[float]:
    count, size = PEOPLE + WARM, (PEOPLE + WARM) // len(rooms) + 1
    sessions = server.inside("people", count=count, rooms=rooms)
    with Crowd(Chat(), server.port) as crowd:
        places = [crowd.dialect.place(rooms[n // size], session) for n, session in enumerate(sessions)]
        places = places[::7] + [place for n, place in enumerate(places) if n % 7]  # rooms mixed
        crowd.open(places[:WARM])
        crowd.settle(1)
        before = server.usage.kilobytes()
        server.usage.start()
        seconds = crowd.open(places[WARM:], AT_ONCE)
        cpu = server.usage.stop()
        crowd.settle(2)
        delays = [client.delay for client in crowd.clients[WARM:]]
        memory = (server.usage.kilobytes() - before) / PEOPLE
    return [PEOPLE / seconds, PEOPLE / cpu, quantile(delays, 0.5) * 1000, quantile(delays, 0.99) * 1000, memory]
