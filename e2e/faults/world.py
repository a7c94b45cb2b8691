"""The real stack on this machine, with people in rooms, and a Redis that a fault can take away."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import psutil
from websockets.asyncio.client import connect

from accounts.tests.smtp_server import USER, SmtpServer
from e2e.model_server import ModelServer
from e2e.push_service import PushService
from e2e.stack import ROOT, Stack
from mysite.supervisor.embedded_redis import EmbeddedRedis

from .client import Client

INSIDE = Path(__file__).resolve().parent / "inside"
_FREELY = {"RATE_MESSAGES": 1_000_000, "MAX_SOCKETS_PER_USER": 1000, "MAX_CONNECTIONS_PER_ADDRESS": 1_000_000}
_FREELY["LOG_LEVEL"] = "warning"


def inside(fault: str) -> dict[str, str]:
    """What loads a module of `inside/` into each web process before anything else."""
    return {"PYTHONPATH": f"{INSIDE}{os.pathsep}{ROOT}", "ROUNDTABLE_FAULT": fault}


class World:
    """with World(people=40, rooms=4) as world: …

    database_url: PostgreSQL's; else SQLite in the world's own folder. fault: a module of `inside/`, loaded into each
    web process before anything else, for what cannot be done from outside. redis: one that a fault can take away;
    shards: so many, which share the rooms. model: a bot, and a model in `model`. push: a job worker, and a push
    service. mail: a job worker, and a mail server.
    """

    def __init__(
        self,
        people=40,
        rooms=4,
        database_url="",
        fault="",
        redis=False,
        shards=1,
        model=False,
        push=False,
        mail=False,
        workers=2,
        **settings,
    ):
        self.folder = Path(tempfile.mkdtemp(prefix="roundtable-fault-"))
        self._counts = (people, rooms)
        names = ["r", *(f"r{number}" for number in range(2, shards + 1))] if redis else []
        self.shards = [EmbeddedRedis(self.folder / f"{name}.sock", self.folder / f"redis-{name}") for name in names]
        self.redis = self.shards[0] if redis else None
        environment = {**_FREELY, "WEB_WORKERS": workers, "BOT_WORKERS": 0, **settings}
        if database_url:
            environment["DATABASE_URL"] = database_url
        if redis:
            environment["REDIS_URL"] = ",".join(f"unix://{shard.socket}" for shard in self.shards)
        self.model = ModelServer().start() if model else None
        if model:
            where = {"OPENAI_BASE_URL": self.model.base_url, "OPENAI_API": "chat", "OPENAI_API_KEY": "key"}
            environment |= {"BOT_WORKERS": 1, **where}
        self.push = PushService() if push else None
        if push:
            environment |= {"JOB_WORKERS": 1, "PUSH_HOSTS": self.push.origin, "PUSH_AFTER": 1}
        self.mail = SmtpServer(self.folder, "no") if mail else None
        if mail:
            server = {"EMAIL_HOST": "localhost", "EMAIL_PORT": self.mail.port, "EMAIL_TLS": "no"}
            environment |= {"JOB_WORKERS": 1, "MAIL_AFTER": 1, "EMAIL_FROM": USER, **server}
        if fault:
            environment |= {**inside(fault), "ROUNDTABLE_FAULT_FOLDER": str(self.folder)}
        self.stack = Stack(self.folder / "stack", **environment)
        self.people: list[dict] = []
        self.clients: list[Client] = []

    def __enter__(self):
        try:
            for shard in self.shards:
                shard.start()
            self.stack.start()
            self._make_people()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc):
        if self.stack.process:
            self.stack.stop()
        for shard in self.shards:
            shard.stop()
        if self.model:
            self.model.stop()
        if self.push:
            self.push.close()
        if self.mail:
            self.mail.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def client(self, person: dict, room: str = "") -> Client:
        return Client(self.stack.base_url, person["token"], room or person["room"])

    def socket(self, person: dict) -> connect:
        """`async with` it: this person's connection to their room, without what a Client does by itself."""
        return connect(
            f"ws://127.0.0.1:{self.stack.port}/ws/chat/{person['room']}/",
            subprotocols=["chat.v1"],
            additional_headers={"Authorization": f"Bearer {person['token']}"},
            compression=None,
            proxy=None,
        )

    async def everyone_in(self, people: list[dict] | None = None) -> list[Client]:
        """A client for each person (of these), in their room and live."""
        self.clients = [self.client(person) for person in (self.people if people is None else people)]
        for client in self.clients:
            client.open()
            await asyncio.sleep(0.005)
        await asyncio.gather(*(client.live() for client in self.clients))
        return self.clients

    async def everyone_out(self) -> None:
        await asyncio.gather(*(client.close() for client in self.clients))

    async def get(self, path: str, person: dict | None = None, seconds: float = 30) -> tuple[int, bytes]:
        """A page as person0's browser gets it, or with `person` the API as that person's script does."""
        header = {"Authorization": f"Bearer {person['token']}"} if person else {"Cookie": self.cookie}
        return await asyncio.to_thread(_get, self.stack.base_url + path, header, seconds)

    async def api(self, path: str, person: dict) -> dict:
        status, body = await self.get(path, person)
        assert status == 200, f"{path}: {status} {body[:200]!r}"
        return json.loads(body)

    def memory(self) -> int:
        """Bytes that the web processes hold."""
        return sum(psutil.Process(pid).memory_info().rss for pid in self.stack.pids("web"))

    # --- what faults do ---

    def kill_redis(self, shard: int = 0) -> None:
        self.shards[shard].process.send_signal(signal.SIGKILL)
        self.shards[shard].process.wait()

    def start_redis_empty(self, shard: int = 0) -> None:
        shutil.rmtree(self.shards[shard].folder)
        self.shards[shard].start()

    def _make_people(self):
        command = [sys.executable, "-m", "e2e.faults.people", *map(str, self._counts)]
        environment = {**self.stack.environment, "ROUNDTABLE_FAULT": ""}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        made = json.loads(done.stdout)
        self.people, self.rooms, self.cookie = made["people"], made["rooms"], made["cookie"]


def _get(url: str, headers: dict, seconds: float) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=seconds) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
