"""Searching in a million messages: frequent and rare words, in all rooms that somebody may read and in one of them."""

from contextlib import ExitStack

from testing.cluster import Cluster

from .measure import median, quantile
from .report import Table
from .servers import Roundtable
from .synthetic_corpus import IN_FEW, IN_MANY, PUBLIC, vocabulary

COUNT = 1_000_000
EACH = 20  # different searches of a kind
PLACES = {
    f"{PUBLIC + IN_FEW} rooms": ("p0", None),
    f"{PUBLIC + IN_MANY} rooms": ("p1", None),
    "a large room": ("p0", "large"),
    "a small room": ("p0", "small"),
}


def tables(options):
    for store in options.stores:
        with ExitStack() as stack:
            database = stack.enter_context(Cluster(durable=True)).url if store == "postgresql" else None
            server = stack.enter_context(Roundtable(options.folder / "search", database))
            yield _table({"sqlite": "SQLite", "postgresql": "PostgreSQL"}[store], server)


def _table(name: str, server: Roundtable) -> Table:
    made = server.inside("library", count=COUNT)
    index = f"the index: made in {made['seconds']:.0f} s, {made['megabytes']:.0f} MB"
    table = Table(
        f"Search in {COUNT:,} messages, {name}: p50 and p95 ms",
        ["", *PLACES],
        notes=[index, "each figure: one function call, with 20 messages loaded and their excerpts made"],
    )
    rooms = server.inside("rooms_by_size", person="p0")
    for kind, queries in _kinds().items():
        cells = []
        for person, size in PLACES.values():
            delays = server.inside("searches", person=person, room=size and rooms[size], queries=queries)
            cells.append(f"{median(delays) * 1000:.1f}, {quantile(delays, 0.95) * 1000:.1f}")
        table.add(kind, *cells)
    return table


def _kinds() -> dict[str, list[dict]]:
    words = vocabulary()
    top, some, rare = words[:EACH], words[300 : 300 + EACH], words[30_000 : 30_000 + EACH]
    return {
        "a frequent word (the first 20)": [{"words": word} for word in top],
        "a word of middling frequency (300th)": [{"words": word} for word in some],
        "a rare word (30,000th)": [{"words": word} for word in rare],
        "a word that nobody wrote": [{"words": f"{word}qzqz"} for word in rare],
        "three frequent words": [{"words": " ".join(words[at : at + 3])} for at in range(EACH)],
        "two frequent words side by side": [{"words": f'"{words[at]} {words[at + 20]}"'} for at in range(EACH)],
        "a frequent and a rare word": [{"words": f"{rare[at]} {top[at]}"} for at in range(EACH)],
        "three letters of a word": [{"words": word[:3]} for word in words[:60] if len(word) > 3][:EACH],
        "a frequent word from one person": [{"words": word, "sender": f"p{n}"} for n, word in enumerate(top)],
        "a frequent word, at least a year ago": [{"words": word, "days_ago": 365} for word in top],
        "what one person said": [{"words": "", "sender": f"p{number}"} for number in range(EACH)],
    }
