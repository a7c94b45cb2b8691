"""The load: texts posted into a room at a fixed rate, and every one of them counted and timed at every client.

A text carries its number and the time it left. Clients of a room receive the same bytes, so what a piece of data
holds is worked out once and looked up for all the others: reading costs about what `recv` costs.
"""

import re
import time
from array import array
from dataclasses import dataclass, field

from . import websocket
from .crowd import Client, Crowd
from .measure import Usage, quantile

STAMP = re.compile(rb'"#(\d+) (\d+) ')  # with the quote before it: the source, not the html beside it
WORDS = "could everyone look at the plan for tomorrow before we meet, please"
PATIENCE = 3.0  # seconds without a delivery after which the rest counts as lost
REMEMBERED = 512


def stamped(number: int) -> str:
    return f"#{number} {time.monotonic_ns()} {WORDS}"


@dataclass(slots=True)
class Outcome:
    posted: int
    wanted: int  # deliveries
    got: int = 0
    wrong: int = 0  # clients that did not get each text once
    closed: int = 0
    seconds: float = 0.0  # from the first post to the last delivery
    cpu: float = 0.0  # seconds of the server's processes
    own: float = 0.0  # seconds of the load generator
    delays: array = field(default_factory=lambda: array("d"))  # of every delivery

    @property
    def rate(self) -> float:
        return self.got / self.seconds if self.seconds else 0.0

    @property
    def micros(self) -> float:
        """CPU µs a delivery."""
        return self.cpu / self.got * 1e6 if self.got else float("nan")

    def delay(self, q: float) -> float:
        """Milliseconds."""
        return quantile(self.delays, q) * 1000


class Counter:
    """Counts what a crowd receives. Each client must get each number once: their count and their sum show it."""

    def __init__(self, crowd: Crowd):
        self._crowd = crowd
        self._known: dict[bytes, list[tuple[int, int]]] = {}
        self.got = 0
        self.last = 0.0
        self.delays = array("d")
        for client in crowd.clients:
            client.count = client.sum = 0
        crowd.on_data = self._take

    def _take(self, client: Client, data: bytes) -> None:
        found = None if client.rest else self._known.get(data)
        if found is None:
            found = self._read(client, data)
        if found:
            now = time.monotonic_ns()
            for number, sent in found:
                client.count += 1
                client.sum += number
                self.delays.append((now - sent) / 1e9)
            self.got += len(found)
            self.last = now / 1e9

    def _read(self, client: Client, data: bytes) -> list[tuple[int, int]]:
        whole = websocket.split(client.rest + data)
        same_for_all = not client.rest and not whole[1]
        texts = self._crowd.frames(client, data)
        found = [(int(number), int(sent)) for text in texts for number, sent in STAMP.findall(text)]
        # Nothing else is in it: a ping has to be answered by each client.
        if same_for_all and len(found) >= len(whole[0]):
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[data] = found
        return found


def run(crowd: Crowd, usage: Usage, *, rate: float, seconds: float, burst: int = 1, senders: int = 10) -> Outcome:
    """Post `rate` texts a second for some seconds, `burst` of them at once, each by another of the senders."""
    total = int(rate * seconds) // burst * burst
    outcome = Outcome(total, total * len(crowd.clients))
    counter, sent = Counter(crowd), 0
    usage.start()
    own, began = time.process_time(), time.monotonic()
    due = began
    while counter.got < outcome.wanted:
        now = time.monotonic()
        while sent < total and now >= due:
            for _ in range(burst):
                crowd.clients[sent % senders].send(crowd.dialect.post(stamped(sent)))
                sent += 1
            due += burst / rate
        if sent == total and now - max(counter.last, due) > PATIENCE or now > began + 2 * seconds + PATIENCE:
            break
        crowd.turn(min(0.05, max(0.0, due - now)) if sent < total else 0.05)
    outcome.cpu, outcome.own = usage.stop(), time.process_time() - own
    outcome.got, outcome.delays, outcome.closed = counter.got, counter.delays, crowd.closed
    outcome.seconds = (counter.last or time.monotonic()) - began
    outcome.wrong = sum((client.count, client.sum) != (total, total * (total - 1) // 2) for client in crowd.clients)
    crowd.on_data = crowd.drop
    return outcome
