"""Fan-out: everybody in one room, some post, everyone receives. This application and its peers under the same load."""

from contextlib import ExitStack
from functools import partial

from .crowd import Crowd
from .dialects import Chat, Page
from .load import Outcome, run
from .peers import Missing, peers
from .report import Table, ratio
from .servers import Redis, Roundtable

LOADS = {  # title → people, posts a second, posts at once
    "200 people, 20 messages/s": (200, 20, 1),
    "1,000 people, 40 messages/s": (1000, 40, 1),
    "1,000 people, 40 messages/s in bursts of 10": (1000, 40, 10),
}
HEADS = ["", "deliveries/s", "of what was posted", "µs CPU a delivery", "against ours", "p50 ms", "p99 ms",
         "KB a connection", "connections lost", "load generator"]  # fmt: skip
OURS, OUR_PAGE = "Roundtable", "Roundtable, one socket a page"


def tables(options):
    results: dict[str, dict[str, tuple[Outcome, float]]] = {title: {} for title in LOADS}
    notes = []
    with ExitStack() as stack:
        redis = stack.enter_context(Redis(options.folder / "peers-redis"))
        contestants = [(OURS, Chat(), Roundtable), (OUR_PAGE, Page(), Roundtable)]
        for peer in peers(options.folder / "node") if options.peers else []:
            if isinstance(peer, Missing):
                notes.append(str(peer))
            else:
                contestants.append((peer.name, peer.dialect(), partial(_start_peer, peer, redis)))
        for name, dialect, make in contestants:
            for title, load in LOADS.items():
                if not _overwhelmed(results, name):
                    with make(options.folder / "fanout") as server:
                        results[title][name] = _measure(server, dialect, *load, options.seconds)
    for title, found in results.items():
        yield _table(title, found, notes)


def _start_peer(peer, redis, folder):
    return peer.make(folder, redis)


def _overwhelmed(results, name: str) -> bool:
    """A server that already fell far behind need not be asked for bursts."""
    return any(name in found and found[name][0].got < found[name][0].wanted for found in results.values())


def _measure(server, dialect, people: int, rate: int, burst: int, seconds: float) -> tuple[Outcome, float]:
    sessions = (
        server.inside("people", count=people, rooms=["bench"]) if isinstance(server, Roundtable) else [""] * people
    )
    with Crowd(dialect, server.port) as crowd:
        places = [dialect.place("bench", session) for session in sessions]
        crowd.open(places[:10])  # what a process needs once, whoever comes
        crowd.settle(1)
        before = server.usage.kilobytes()
        crowd.open(places[10:])
        crowd.settle(2)
        memory = (server.usage.kilobytes() - before) / (people - 10)
        run(crowd, server.usage, rate=rate, seconds=1, burst=burst)  # warm
        return run(crowd, server.usage, rate=rate, seconds=seconds, burst=burst), memory


def _table(title: str, found: dict, notes: list[str]) -> Table:
    table = Table(title, HEADS, notes=notes)
    base = found[OURS][0].micros
    for name, (outcome, memory) in found.items():
        table.add(
            name,
            outcome.rate,
            f"{100 * outcome.got / outcome.wanted:.1f} %",
            outcome.micros,
            ratio(outcome.micros, base),
            outcome.delay(0.5),
            outcome.delay(0.99),
            memory,
            outcome.closed,
            f"{100 * outcome.own / max(outcome.seconds, 1e-9):.0f} % of a core",
        )
    return table
