"""What grows must not cost more each: people in a room, rooms, history.

For the first two, another process of the installation posts and the measured one delivers, so that what is
measured is delivering alone. Each size is given the load that makes about as many deliveries.
"""

import http.client
import time
from contextlib import ExitStack

from .crowd import Crowd
from .dialects import Chat
from .load import Counter
from .measure import median, quantile
from .posts import Closed
from .report import Table, ratio
from .servers import Roundtable

PEOPLE = (10, 100, 1000, 2000)  # in a room
DELIVERIES = 20_000  # a second, in the rooms of all sizes
ROOMS = (1, 30, 1000)
TOGETHER, RATE = 2, 300  # people in each of those rooms, posts a second in all of them
HISTORIES = (1_000, 1_000_000)
PAGES = 40
REPAIRED = 12  # seconds until what a publication lost is delivered at the latest


def tables(options):
    yield _people(options)
    yield _rooms(options)
    yield _history(options)


# --- delivering ---

HEADS = ["posts/s", "deliveries/s", "µs CPU a delivery", "against the first", "p50 ms", "p99 ms", "of what was posted"]


def _people(options) -> Table:
    table = Table("Growth: people in a room", ["people in each room", "rooms", *HEADS])
    base = None
    for size in PEOPLE:
        count = PEOPLE[-1] // size
        measured = _deliver(options, size, [f"room-{n}" for n in range(count)], DELIVERIES / size)
        base = base or measured
        table.add(f"{size:,}", count, *_cells(measured, base))
    return table


def _rooms(options) -> Table:
    table = Table(f"Growth: rooms of {TOGETHER} people", ["rooms", "sockets", *HEADS])
    base = None
    for count in ROOMS:
        measured = _deliver(options, TOGETHER, [f"room-{n}" for n in range(count)], RATE)
        base = base or measured
        table.add(f"{count:,}", count * TOGETHER, *_cells(measured, base))
    return table


def _cells(measured: tuple, base: tuple) -> list:
    posted, got, wanted, seconds, cpu, delays = measured
    micros, first = cpu / got * 1e6, base[4] / base[1] * 1e6
    slow, slowest = quantile(delays, 0.5) * 1000, quantile(delays, 0.99) * 1000
    whole = f"{100 * got / wanted:.1f} %"
    return [posted / seconds, got / seconds, micros, ratio(micros, first), slow, slowest, whole]


def _deliver(options, size: int, rooms: list[str], rate: float) -> tuple:
    with Roundtable(options.folder / "growth") as server:
        sessions = server.inside("people", count=size * len(rooms), rooms=rooms, room_size=size)
        with Crowd(Chat(), server.port) as crowd:
            crowd.open([crowd.dialect.place(rooms[n // size], session) for n, session in enumerate(sessions)])
            crowd.settle(2)
            counter = Counter(crowd)
            poster = server.poster(rooms=rooms, rate=rate)
            while not counter.got:
                crowd.turn(0.1)
            server.usage.start()
            began, before = time.monotonic(), counter.got
            while time.monotonic() < began + options.seconds:
                crowd.turn(0.1)
            cpu, seconds, got = server.usage.stop(), time.monotonic() - began, counter.got - before
            posted = int(poster.communicate(b"")[0])
            wanted = posted * size
            while counter.got < wanted and time.monotonic() < counter.last + REPAIRED:
                crowd.turn(0.1)
        share = got / counter.got
        return posted * share, got, wanted * share, seconds, cpu, counter.delays


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
