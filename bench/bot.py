"""The bot: from a mention to the model, from the model's token to every screen, and many replies at once."""

import json
import random
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from .crowd import Client, Crowd
from .dialects import Chat
from .measure import Usage, quantile
from .report import Table
from .servers import BASE_DIR, Roundtable

MENTIONS = 60
BROWSERS = 100
REPLIES = 200
SLOW = 100  # replies of a slow model at once
PATIENCE = 5.0  # seconds without a sign after which the rest counts as lost
# Only in deltas: the final event holds all of it again.
_DELTA = re.compile(rb'"type":"delta"[^{}]*?"text":"([^"]*)"')
_LEFT, _CAME = re.compile(rb"T(\d{9,})"), re.compile(rb"A(\d{9,})")
_FINISHED = re.compile(rb'"type":"message"[^\n]*?"kind":"bot"[^\n]*?"state":"(complete|failed)"')


def tables(options):
    with _model() as base_url:
        settings = {"BOT_WORKERS": 1, "OPENAI_BASE_URL": base_url, "OPENAI_API": "chat", "OPENAI_MODEL": "measured-1"}
        with Roundtable(options.folder / "bot", **settings) as server:
            rooms = [f"room-{number}" for number in range(REPLIES)]
            sessions = server.inside("people", count=REPLIES, rooms=rooms)
            worker = Usage(_workers(server))
            yield _delays(server, rooms, sessions, options.seconds)
            yield _many(server, rooms, sessions, worker, base_url, options)


@dataclass
class Heard:
    """What all clients of a crowd were told of replies."""

    crowd: Crowd
    came: set[int] = field(default_factory=set)  # when the model was asked, ns
    delays: list[float] = field(default_factory=list)  # of each token at each client, seconds
    finished: int = 0  # replies, counted at every client
    failed: int = 0
    last: float = field(default_factory=time.monotonic)
    patience: float = PATIENCE + 12  # seconds without a sign

    def __post_init__(self):
        self.crowd.on_data = self._take

    def until(self, finished: int) -> None:
        """Read until so many ends were told. Raises when nothing comes any more."""
        self.last = time.monotonic()
        while self.finished < finished:
            self.crowd.turn(0.05)
            if time.monotonic() - self.last > self.patience:
                raise RuntimeError(f"{self.finished} of {finished} replies ended")

    def _take(self, client: Client, data: bytes) -> None:
        now = time.monotonic_ns()
        for text in self.crowd.frames(client, data):
            self.came |= {int(stamp) for stamp in _CAME.findall(text)}
            for piece in _DELTA.findall(text):
                self.delays += [(now - int(stamp)) / 1e9 for stamp in _LEFT.findall(piece)]
                self.last = now / 1e9
            for state in _FINISHED.findall(text):
                self.finished += 1
                self.failed += state == b"failed"


def _delays(server: Roundtable, rooms: list[str], sessions: list[str], seconds: float) -> Table:
    table = Table(f"One reply, {BROWSERS} browsers", ["", "p50 ms", "p95 ms", "aim p95 ms"])
    with Crowd(Chat(), server.port) as crowd:
        crowd.open([crowd.dialect.place(rooms[0], session) for session in sessions[:BROWSERS]])
        crowd.settle(1)
        asked = [_ask_alone(crowd) for _ in range(MENTIONS + 5)][5:]
        table.add("mention → request at the model", quantile(asked, 0.5) * 1000, quantile(asked, 0.95) * 1000, 25)
        for pace in (50, 15):
            heard = Heard(crowd)
            crowd.clients[0].send(crowd.dialect.post(f"@bot PACE 0 {int(seconds * pace)} {1000 // pace}"))
            heard.until(BROWSERS)
            name = f"token → each browser, {pace} tokens/s"
            table.add(name, quantile(heard.delays, 0.5) * 1000, quantile(heard.delays, 0.95) * 1000, 50)
    table.notes.append("tokens are gathered for up to 50 ms, so that there are at most 20 events a second")
    return table


def _ask_alone(crowd: Crowd) -> float:
    heard, sent = Heard(crowd), time.monotonic_ns()
    crowd.clients[0].send(crowd.dialect.post("@bot PACE 0 2 1"))
    heard.until(BROWSERS)
    return (min(heard.came) - sent) / 1e9


def _many(server, rooms, sessions, worker: Usage, base_url: str, options) -> Table:
    table = Table(
        "Many replies at once, one worker, a browser in each room",
        ["", "replies", "tokens/s", "cores of the worker", "µs a token", "token → browser p95 ms", "failed"],
    )
    pace = f"PACE 0 {int(options.seconds * 50)} 20"
    table.add(f"{REPLIES} replies, 50 tokens/s each", *_at_once(server, rooms, sessions, worker, [pace] * REPLIES))
    dice = random.Random(1)
    slow = [f"PACE {dice.randint(3000, 12000)} {dice.randint(150, 400)} {dice.randint(30, 80)}" for _ in range(SLOW)]
    table.add(f"{SLOW} replies of a slow model", *_at_once(server, rooms, sessions, worker, slow))
    if options.peers:
        table.add("the same streams, read with the openai package, nothing done with them", *_peer(base_url, pace))
    return table


def _at_once(server, rooms, sessions, worker: Usage, paces: list[str]) -> list:
    with Crowd(Chat(), server.port) as crowd:
        crowd.open([crowd.dialect.place(rooms[n], sessions[n]) for n in range(len(paces))])
        crowd.settle(1)
        heard = Heard(crowd)
        worker.start()
        began = time.monotonic()
        for client, pace in zip(crowd.clients, paces, strict=True):
            client.send(crowd.dialect.post(f"@bot {pace}"))
        heard.until(len(paces))
        seconds, cpu = time.monotonic() - began, worker.stop()
    tokens = len(heard.delays) + len(heard.came)
    p95 = quantile(heard.delays, 0.95) * 1000
    return [len(paces), tokens / seconds, cpu / seconds, cpu / tokens * 1e6, p95, heard.failed]


def _peer(base_url: str, pace: str) -> list:
    command = [sys.executable, "-m", "bench.peers.openai_stream", base_url, str(REPLIES), pace]
    began = time.monotonic()
    done = json.loads(subprocess.run(command, cwd=BASE_DIR, check=True, capture_output=True, text=True).stdout)
    seconds = time.monotonic() - began
    cores, micros = done["cpu"] / seconds, done["cpu"] / done["tokens"] * 1e6
    return [REPLIES, done["tokens"] / seconds, cores, micros, "–", "–"]


@contextmanager
def _model():
    command = [sys.executable, "-m", "bench.model"]
    process = subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True)
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
    finally:
        process.terminate()
        process.wait()


def _workers(server: Roundtable) -> list[int]:
    started = psutil.Process(server._process.pid).children(recursive=True)
    return [process.pid for process in started if "runbot" in process.cmdline()]
