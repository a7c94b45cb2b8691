"""A good client, as static/js is one: keeps what is not acked, says it again with the same id, comes back by itself."""

import asyncio
import contextlib
import json
import random
import time
import uuid
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from .view import View

PATIENCE = 10.0  # seconds for an ack; then the line is taken for dead
SILENCE = 45.0  # seconds without a word: the same
RETRIED = {"rate_limited", "overloaded", "unavailable"}


@dataclass
class Said:
    """A message on its way, and what came of it."""

    text: str
    begun: float
    files: list[str] = field(default_factory=list)
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    acked: float | None = None
    seen: float | None = None  # on the author's own screen
    ack: dict | None = None
    refusals: list[str] = field(default_factory=list)


class Client:
    """One person in one room. `drops` and `welcomes`: when the line was lost and found, with the close code."""

    def __init__(self, address: str, token: str, room: str):
        self.room = room
        self.view = View()
        self.said: dict[str, Said] = {}
        self.drops: list[tuple[float, int]] = []
        self.welcomes: list[float] = []
        self.tries: list[float] = []
        self.repairs = 0
        self.online: set[str] = set()
        self.told: list[tuple[str, str]] = []  # ("joined" | "left", name), as they came
        self.frames: list[list[str]] = []  # the types of the events in each
        self.errors: list[dict] = []  # that no client should get
        self.caught_up: list[int] = []  # how many changes each catch-up of an opening brought
        self._opening: int | None = None  # changes so far, while one goes on
        self._url = f"{address.replace('http', 'ws', 1)}/ws/chat/{room}/"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._socket: ClientConnection | None = None
        self._live = asyncio.Event()
        self._pending: list[Said] = []
        self._under_way: Said | None = None
        self._patience: asyncio.TimerHandle | None = None
        self._attempt = 0
        self._task: asyncio.Task | None = None

    # --- what a person does ---

    def open(self) -> None:
        self._task = asyncio.create_task(self._run())

    def say(self, text: str, files: list[str] | None = None) -> Said:
        said = Said(text, time.monotonic(), files or [])
        self.said[said.id] = said
        self._pending.append(said)
        self._pump()
        return said

    async def read(self) -> None:
        """Everything that is shown was read."""
        await self._send("read", str(uuid.uuid4()), seq=self.view.seq)

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def abort(self) -> None:
        """The line is cut, without a word."""
        if self._socket:
            self._socket.transport.abort()

    async def live(self, seconds: float = 30) -> None:
        async with asyncio.timeout(seconds):
            await self._live.wait()

    @property
    def port(self) -> int:
        """This end of the line."""
        return self._socket.local_address[1]

    @property
    def quiet(self) -> bool:
        """Nothing is on its way."""
        return not self._pending and self._live.is_set() and not self.view.catching_up

    # --- the line ---

    async def _run(self):
        while True:
            code = 1006
            self.tries.append(time.monotonic())
            try:
                async with self._connect() as self._socket:
                    code = await self._listen()
            except (OSError, InvalidHandshake, InvalidMessage, TimeoutError, EOFError):
                code = 1006
            finally:
                self._socket = None
                self._lost(code)
            await asyncio.sleep(self._wait(code))
            self._attempt += 1

    def _connect(self):
        return connect(
            f"{self._url}?since={self.view.opened()}",
            subprotocols=["chat.v1"],
            additional_headers=self._headers,
            compression=None,
            max_size=None,
            ping_interval=None,
            open_timeout=15,
            close_timeout=1,
            proxy=None,
        )

    async def _listen(self) -> int:
        try:
            while True:
                async with asyncio.timeout(SILENCE):
                    frame = json.loads(await self._socket.recv())
                events = frame if isinstance(frame, list) else [frame]
                self.frames.append([event["type"] for event in events])
                for event in events:
                    await self._received(event)
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else 1006
        except TimeoutError:
            return 1006

    def _lost(self, code: int):
        if self._live.is_set():
            self.drops.append((time.monotonic(), code))
        self._live.clear()
        self._under_way = None

    def _wait(self, code: int) -> float:
        """As static/js/core/protocol.js has it."""
        if code == 4008:
            return 0.05 + 0.2 * random.random()
        if code == 1012 and self._attempt == 0:
            return 0.2 + 2.3 * random.random()
        return min(30.0, 0.6 * 2**self._attempt) * (0.5 + random.random() / 2)

    # --- what comes ---

    async def _received(self, event: dict):
        kind = event["type"]
        if kind == "welcome":
            self._attempt = 0
            self.welcomes.append(time.monotonic())
            self.online = {person["name"] for person in event["online"]}
            self._opening = 0
            self._live.set()
            self._pump()
        elif kind == "resumed" and self._opening is not None:
            self.caught_up.append(self._opening)
            self._opening = None
        elif kind == "ack":
            self._acked(event)
        elif kind == "error":
            self._refused(event)
        elif kind == "message":
            said = self.said.get(event["client_id"])
            if said and said.seen is None:
                said.seen = time.monotonic()
            self._opening = None if self._opening is None else self._opening + 1
        elif kind == "online" and "online" in event:
            self.online = {person["name"] for person in event["online"]}
        elif kind in ("joined", "left"):
            self.told.append((kind, event["user"]["name"]))
            (self.online.add if kind == "joined" else self.online.discard)(event["user"]["name"])
        if self.view.apply(event):
            self.repairs += 1
            await self._send("resume", self.view.asked, since=self.view.seq)

    def _acked(self, event: dict):
        said = self.said.get(event["id"])
        if said is None:
            return
        said.acked, said.ack = said.acked or time.monotonic(), event
        self._done(said)

    def _refused(self, event: dict):
        said = self.said.get(event.get("id"))
        if said is None or event["code"] not in RETRIED:
            self.errors.append(event)
        if said is None:
            return
        said.refusals.append(event["code"])
        if event["code"] in RETRIED:
            self._under_way = None
            asyncio.get_running_loop().call_later(event.get("retry_after", 2) + 0.05, self._pump)
        else:
            self._done(said)

    def _done(self, said: Said):
        if said in self._pending:
            self._pending.remove(said)
        if self._under_way is said:
            self._under_way = None
        self._pump()

    # --- what goes ---

    def _pump(self):
        """One at a time, in order, with the same id until it is there."""
        if self._pending and self._under_way is None and self._live.is_set():
            said = self._under_way = self._pending[0]
            loop = asyncio.get_running_loop()
            files = {"files": said.files} if said.files else {}
            loop.create_task(self._send("send", said.id, message=said.text, **files))
            if self._patience:
                self._patience.cancel()
            self._patience = loop.call_later(PATIENCE, self._impatient, said, self._socket)

    def _impatient(self, said: Said, socket):
        if self._under_way is said and self._socket is socket:
            self.abort()

    async def _send(self, type: str, id: str, **fields):
        with contextlib.suppress(ConnectionClosed, AttributeError):
            await self._socket.send(json.dumps({"type": type, "id": id, **fields}))
