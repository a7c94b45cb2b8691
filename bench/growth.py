"""What grows must not cost more each: people in a room, rooms, history.

For the first two, another process of the installation posts and the measured one delivers, so that what is
measured is delivering alone. Each size is given the load that makes about as many deliveries.
"""

import http.client
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from .crowd import Crowd
from .dialects import Chat
from .load import Counter
from .measure import median, quantile
from .posts import Closed
from .report import Table, ratio
from .servers import Roundtable

PEOPLE = (10, 100, 2000)  # in a room
DELIVERIES = 20_000  # a second, in the rooms of all sizes
ROOMS = (1, 30, 1000)
TOGETHER, RATE = 2, 300  # people in each of those rooms, posts a second in all of them
HISTORIES = (1_000, 1_000_000)
PAGES = 40
SETTLED, IDLE = 4, 5  # seconds after everyone came, and of silence that is measured
REPAIRED = 12  # seconds until what a publication lost is delivered at the latest


def tables(options):
    yield _people(options)
    yield _rooms(options)
    yield _history(options)


# --- delivering ---

HEADS = ["posts/s", "deliveries/s", "µs CPU a delivery", "against the first", "p50 ms", "p99 ms", "delivered",
         "idle: % of a core"]  # fmt: skip
NOTE = "µs are those beyond what the same sockets cost while nobody writes (the last column)"


def _people(options) -> Table:
    table = Table("Growth: people in a room", ["people in each room", "rooms", *HEADS], notes=[NOTE])
    base = None
    for size in PEOPLE:
        count = PEOPLE[-1] // size
        measured = _deliver(options, size, [f"room-{n}" for n in range(count)], DELIVERIES / size)
        base = base or measured
        table.add(f"{size:,}", count, *_cells(measured, base))
    return table


def _rooms(options) -> Table:
    table = Table(f"Growth: rooms of {TOGETHER} people", ["rooms", "sockets", *HEADS], notes=[NOTE])
    base = None
    for count in ROOMS:
        measured = _deliver(options, TOGETHER, [f"room-{n}" for n in range(count)], RATE)
        base = base or measured
        table.add(f"{count:,}", count * TOGETHER, *_cells(measured, base))
    return table


@dataclass(slots=True)
class Delivered:
    posts: float  # a second
    rate: float  # deliveries a second
    cpu: float  # cores
    idle: float  # cores, while nobody writes
    whole: float  # part of what was posted that arrived, in the end
    delays: Sequence[float]

    @property
    def micros(self) -> float:
        return (self.cpu - self.idle) / self.rate * 1e6


def _cells(measured: Delivered, first: Delivered) -> list:
    slow, slowest = quantile(measured.delays, 0.5) * 1000, quantile(measured.delays, 0.99) * 1000
    against, whole = ratio(measured.micros, first.micros), f"{100 * measured.whole:.1f} %"
    return [measured.posts, measured.rate, measured.micros, against, slow, slowest, whole, 100 * measured.idle]


def _deliver(options, size: int, rooms: list[str], rate: float) -> Delivered:
    with Roundtable(options.folder / "growth") as server:
        sessions = server.inside("people", count=size * len(rooms), rooms=rooms, room_size=size)
        with Crowd(Chat(), server.port) as crowd:
            crowd.open([crowd.dialect.place(rooms[n // size], session) for n, session in enumerate(sessions)])
            crowd.settle(SETTLED)
            idle = _cores(crowd, server, IDLE)
            counter = Counter(crowd)
            poster = server.poster(rooms=rooms, rate=rate)
            while not counter.got:
                crowd.turn(0.1)
            before = counter.got
            cpu = _cores(crowd, server, options.seconds)
            got = counter.got - before
            wanted = int(poster.communicate(b"")[0]) * size
            while counter.got < wanted and time.monotonic() < counter.last + REPAIRED:
                crowd.turn(0.1)
    share = counter.got / wanted
    per_second = got / options.seconds
    return Delivered(per_second / size, per_second, cpu, idle, share, counter.delays)


def _cores(crowd: Crowd, server: Roundtable, seconds: float) -> float:
    """How many cores the server used, in some seconds from now."""
    server.usage.start()
    began = time.monotonic()
    while (left := began + seconds - time.monotonic()) > 0:
        crowd.turn(min(left, 0.1))
    return server.usage.stop() / (time.monotonic() - began)


# --- history ---


def _history(options) -> Table:
    table = Table(
        "Growth: history of a room",
        ["messages", "page p50 ms", "page ms CPU", "page, all unread, ms CPU", "API page ms CPU", "older page ms CPU",
         "post: ack p50 ms", "post ms CPU"],
    )  # fmt: skip
    for length in HISTORIES:
        with ExitStack() as stack:
            server = stack.enter_context(Roundtable(options.folder / "history"))
            sessions = server.inside("people", count=4, rooms=["bench"])
            server.inside("history", room="bench", count=length)
            table.add(f"{length:,}", *_pages(server, sessions[0], length), *_post(stack, server, sessions))
    return table


def _pages(server: Roundtable, session: str, length: int) -> list[float]:
    delays, cpu = _fetch(server, session, "/chat/bench/")
    _delays, api = _fetch(server, session, "/api/rooms/bench/messages")
    _delays, older = _fetch(server, session, f"/api/rooms/bench/messages?before={length // 2}")
    server.inside("read_up_to", room="bench", seq=0)
    _delays, unread = _fetch(server, session, "/chat/bench/")
    server.inside("read_up_to", room="bench", seq=length)
    return [median(delays) * 1000, cpu, unread, api, older]


def _fetch(server: Roundtable, session: str, path: str) -> tuple[list[float], float]:
    """How long each of PAGES requests took, and ms CPU for one."""
    client, delays = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30), []
    for number in range(PAGES + 3):
        if number == 3:  # warm
            server.usage.start()
        began = time.monotonic()
        client.request("GET", path, headers={"Cookie": f"sessionid={session}"})
        answer = client.getresponse()
        answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{path}: HTTP {answer.status}")
        delays.append(time.monotonic() - began)
    cpu = server.usage.stop()
    client.close()
    return delays[3:], cpu / PAGES * 1000


def _post(stack: ExitStack, server: Roundtable, sessions: list[str]) -> list[float]:
    crowd = stack.enter_context(Crowd(Chat(), server.port))
    crowd.open([crowd.dialect.place("bench", session) for session in sessions])
    crowd.settle(1)
    talk = Closed(crowd, server.usage)
    talk.run(2)
    return [median(talk.delays) * 1000, talk.cpu / len(talk.delays) * 1000]
