"""Servers to measure, each started for real in a folder and on a port of its own, and stopped at the end."""

import getpass
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

from mysite.supervisor.child import signal_group, spawn
from mysite.supervisor.embedded_redis import EmbeddedRedis
from testing.ports import free_port

from .measure import Usage

BASE_DIR = Path(__file__).parent.parent
START_SECONDS = 60
# What would otherwise be measured instead: limits for people, notices about load.
UNLIMITED = dict.fromkeys(
    ("RATE_MESSAGES", "OVERLOAD_ROOM_USERS", "OVERLOAD_SERVER_USERS", "MAX_CONNECTIONS_PER_ADDRESS"), 1_000_000
) | dict.fromkeys(("BOT_DAILY_TOKENS", "BOT_MONTHLY_TOKENS", "BOT_NEWCOMER_TOKENS"), 0)


class Server:
    """A process and what it started. with Server(...) as server: server.port, server.usage"""

    _end = signal.SIGKILL  # one that is far behind would first send all that waits

    def __init__(self, folder: Path, command: list, environment: dict | None = None, measured: str = ""):
        """measured: a part of the command line of the processes to be measured; by default the one that is started."""
        self.folder = folder
        self.port = free_port()
        self._command = [str(part).replace("PORT", str(self.port)) for part in command]
        self._measured = measured
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self.environment = kept | {name: str(value) for name, value in (environment or {}).items()}
        self._process: subprocess.Popen | None = None

    def __enter__(self):
        self._prepare()
        self.environment["PORT"] = str(self.port)
        with self._log.open("wb") as log:
            self._process = spawn(self._command, env=self.environment, cwd=BASE_DIR, stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.__exit__(RuntimeError)
                raise RuntimeError(f"{self._command[1:]} does not start")
            time.sleep(0.1)
        self.usage = Usage(self._pids())
        return self

    def __exit__(self, kind=None, *_exc):
        if kind:
            print(f"{self._command} said last: {self._log.read_text(errors='replace')[-1500:]}", file=sys.stderr)
        signal_group(self._process, self._end)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            signal_group(self._process, signal.SIGKILL)
            self._process.wait()

    def _prepare(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def _pids(self) -> list[int]:
        started = psutil.Process(self._process.pid)
        if not self._measured:
            return [started.pid]
        children = started.children(recursive=True)
        return [child.pid for child in children if self._measured in " ".join(child.cmdline())]

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Roundtable(Server):
    """`manage.py serve` with one web process and its own database and Redis."""

    _end = signal.SIGTERM

    def __init__(self, folder: Path, database: str | None = None, **environment):
        settings = {"ROUNDTABLE_NO_DOTENV": "1", "DATA_DIR": folder, "WEB_WORKERS": 1}
        settings |= {"BOT_WORKERS": 0, "JOB_WORKERS": 0}
        if database:
            settings["DATABASE_URL"] = database
        super().__init__(
            folder,
            [sys.executable, "manage.py", "serve"],
            settings | UNLIMITED | environment,
            measured="mysite.web",
        )

    def inside(self, task: str, **wanted):
        """Do one of bench/setup_data.py's tasks in a process of its own; returns what it returns."""
        command = [sys.executable, "-m", "bench.setup_data", task, json.dumps(wanted)]
        done = subprocess.run(command, env=self.environment, cwd=BASE_DIR, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{task} failed: {done.stderr[-2000:]}")
        return json.loads(done.stdout)

    def poster(self, **wanted) -> subprocess.Popen:
        """Another process of the installation, which posts as `setup_data.post_on` says until its input is closed."""
        command = [sys.executable, "-m", "bench.setup_data", "post_on", json.dumps(wanted)]
        return spawn(command, env=self.environment, cwd=BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def _prepare(self) -> None:
        """A fresh installation, made once by starting one and then copied: making it takes seconds."""
        super()._prepare()
        first = self.folder.parent / "fresh"
        if self.folder == first:
            return
        if not first.exists():
            with Roundtable(first):
                pass
        shutil.copytree(first, self.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("redis*", "*.lock"))

    def _answers(self) -> bool:
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            client.request("GET", "/healthz")
            return client.getresponse().status == http.HTTPStatus.OK
        except OSError:
            return False
        finally:
            client.close()


class Nginx(Server):
    """With one process, which takes files by PUT and sends them from the same folder. The one of the machine."""

    def __init__(self, folder: Path):
        command = ["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "errors"]
        super().__init__(folder, command, measured="worker process")

    def _prepare(self) -> None:
        super()._prepare()
        (self.folder / "media").mkdir()
        places = "".join(f"{kind}_temp_path {self.folder}/{kind};\n" for kind in _NGINX_KINDS)
        text = _NGINX.format(folder=self.folder, port=self.port, user=getpass.getuser(), places=places)
        (self.folder / "nginx.conf").write_text(text)


_NGINX_KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
_NGINX = """
user {user}; daemon off; worker_processes 1; pid {folder}/pid;
events {{}}
http {{
{places}
access_log off; sendfile on; client_max_body_size 60m;
server {{ listen 127.0.0.1:{port}; location / {{ root {folder}/media; dav_methods PUT; }} }}
}}
"""


class Redis(EmbeddedRedis):
    """One for the peers, with the same options as the application's own."""

    def __init__(self, folder: Path):
        super().__init__(folder / "redis.sock", folder)

    def __enter__(self) -> str:
        self.start()
        return str(self.socket)

    def __exit__(self, *_exc):
        self.stop()
