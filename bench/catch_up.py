"""Catching up must cost what was missed, not what exists: 100 missed of a short and of a very long history."""

import json
import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass, field

from . import websocket
from .crowd import Crowd
from .dialects import Chat
from .measure import median, quantile
from .report import Table, ratio
from .servers import Roundtable

HISTORIES = (1_000, 1_000_000)
MISSED = 100
PEOPLE = 20
PATIENCE = 10  # seconds
ROUNDS, EACH = 4, 25  # alternating, so that what else goes on meets both


@dataclass
class Reader:
    """People in a room with a history, who ask one after the other, again and again."""

    server: Roundtable
    crowd: Crowd
    head: int
    delays: list[float] = field(default_factory=list)
    cpu: float = 0.0

    def resume(self, times: int) -> None:
        self.server.usage.start()
        for number in range(times):
            client = self.crowd.clients[number % PEOPLE]  # one alone would soon be told to wait
            began = time.monotonic()
            command = {"type": "resume", "id": str(uuid.uuid4()), "since": self.head - MISSED}
            client.send(websocket.frame(json.dumps(command)))
            events = self._until_resumed()
            self.delays.append(time.monotonic() - began)
            if events != MISSED:
                raise RuntimeError(f"{events} messages came instead of {MISSED}")
        self.cpu += self.server.usage.stop()

    def _until_resumed(self) -> int:
        texts: list[bytes] = []
        self.crowd.on_data = lambda client, data: texts.extend(self.crowd.frames(client, data))
        until = time.monotonic() + PATIENCE
        while not any(b'"type":"resumed"' in text for text in texts):
            self.crowd.turn(1)
            if time.monotonic() > until:
                raise RuntimeError(f"the catch-up did not end; last came {texts[-1:]}")
        return sum(text.count(b'"type":"message"') for text in texts)


def tables(options):
    table = Table(
        f"Catching up: {MISSED} messages missed",
        ["of a history of", "p50 ms", "p99 ms", "ms CPU", "p50 against the first"],
    )
    with ExitStack() as stack:
        readers = [_reader(stack, options.folder, length) for length in HISTORIES]
        for reader in readers:
            reader.resume(5)  # warm
            reader.delays, reader.cpu = [], 0.0
        for _ in range(ROUNDS):
            for reader in readers:
                reader.resume(EACH)
    first = median(readers[0].delays)
    for length, reader in zip(HISTORIES, readers, strict=True):
        middle, worst = median(reader.delays), quantile(reader.delays, 0.99)
        cpu = reader.cpu / len(reader.delays)
        table.add(f"{length:,}", middle * 1000, worst * 1000, cpu * 1000, ratio(middle, first))
    yield table


def _reader(stack: ExitStack, folder, length: int) -> Reader:
    server = stack.enter_context(Roundtable(folder / f"catch-up-{length}"))
    sessions = server.inside("people", count=PEOPLE, rooms=["bench"])
    head = server.inside("history", room="bench", count=length)
    crowd = stack.enter_context(Crowd(Chat(), server.port))
    crowd.open([crowd.dialect.place("bench", session) for session in sessions])
    crowd.settle(1)
    return Reader(server, crowd, head)
