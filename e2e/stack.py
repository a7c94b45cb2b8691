"""The real thing on this machine: `manage.py serve` on a free port, with a data folder of its own."""

import atexit
import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

import psutil

from mysite.supervisor.child import spawn
from testing.ports import free_port

ROOT = Path(__file__).resolve().parent.parent
# Limits for a machine that is busy, not times that are expected: a start takes 6 s of a processor, the first one 12 s.
START_SECONDS, FIRST_START_SECONDS, STOP_SECONDS = 240, 240, 240
FIRST_START = "ROUNDTABLE_FIRST_START"
# How the children of `serve` are told apart, by a word of their command line.
_ROLES = {"web": "mysite.web", "bot": "runbot", "jobs": "runjobs", "redis": "-server"}  # of Redis or Valkey


class Stack:
    """Roundtable, run as people run it. Settings are given like in the environment: Stack(folder, WEB_WORKERS=2).

    It begins with the tables and static files that a first start leaves; not prepared: with nothing.
    """

    def __init__(self, folder: Path, prepared: bool = True, **settings):
        self.folder = folder
        self._prepared = prepared and "DATABASE_URL" not in settings
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.environment = _clean_environment() | {
            "ROUNDTABLE_NO_DOTENV": "1",
            "DATA_DIR": str(folder / "data"),
            "PORT": str(self.port),
            "LOG_LEVEL": "info",
            "JOB_WORKERS": "0",  # a process that few tests need
            **{name: str(value) for name, value in settings.items()},
        }
        self._log = folder / "serve.log"
        self.process: subprocess.Popen | None = None
        self._python: subprocess.Popen | None = None

    def start(self, *options: str) -> "Stack":
        """Start it and wait until it says that it is ready (or, without the web, that it is started)."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._prepared and not (data := Path(self.environment["DATA_DIR"])).exists():
            shutil.copytree(first_start(), data)
        begun = len(self.log)
        with self._log.open("ab") as log:
            command = [sys.executable, "manage.py", "serve", *options]
            self.process = spawn(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        ready = re.compile("Roundtable is ready|workers are started")
        self.wait_until(lambda: ready.search(self.log, begun) or self.process.poll() is not None)
        if self.process.poll() is not None:
            raise AssertionError(f"serve ended with {self.process.returncode}:\n{self.log}")
        return self

    def stop(self) -> int:
        """SIGTERM, as from Ctrl-C or a deploy. Returns the exit code."""
        if self._python:
            self._python.stdin.close()
            self._python.wait(STOP_SECONDS)
            self._python = None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    @property
    def log(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    def pids(self, role: str) -> list[int]:
        """The processes of "web", "bot" or "redis" that run now, the oldest first."""
        found = []
        for child in psutil.Process(self.process.pid).children():
            try:
                if child.status() != psutil.STATUS_ZOMBIE and any(_ROLES[role] in word for word in child.cmdline()):
                    found.append(child.pid)
            except psutil.NoSuchProcess:
                continue
        return sorted(found)

    def kill(self, role: str, number: int = signal.SIGKILL, which: int = 0) -> int:
        """Send one process of a role a signal. Returns its pid."""
        pid = self.pids(role)[which]
        os.kill(pid, number)
        return pid

    def wait_for_new(self, role: str, old: int, count: int = 1) -> None:
        """Until so many processes of a role run, and the old one is none of them."""
        self.wait_until(lambda: old not in (now := self.pids(role)) and len(now) >= count)

    def manage(self, *arguments: str) -> str:
        """Run another command of manage.py with the same settings. Returns what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=START_SECONDS
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, code: str) -> str:
        """Run Python code with the same settings. Returns what it printed.

        One process, which starts with the first call, runs the code of all calls; each has its own names.
        """
        if self._python is None:
            environment = self.environment | {"DJANGO_SETTINGS_MODULE": "mysite.settings"}
            command = [sys.executable, "-c", _RUN_EACH_LINE]
            with (self.folder / "run.log").open("ab") as log:
                pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log, "text": True}
                self._python = spawn(command, cwd=ROOT, env=environment, **pipes)
        self._python.stdin.write(json.dumps(code) + "\n")
        self._python.stdin.flush()
        answer = self._python.stdout.readline()
        assert answer, (self.folder / "run.log").read_text()
        printed, error = json.loads(answer)
        assert not error, error
        return printed

    def wait_until(self, holds, seconds: float = START_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds} s in vain; the log:\n{self.log[-4000:]}")
            time.sleep(0.05)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_exc):
        self.stop()


@cache
def first_start() -> Path:
    """A data folder as the first start leaves it: that takes longer than all the rest of a start. It is made once; the
    processes that a run is shared by find it by FIRST_START, which the one sets that has started them (conftest.py)."""
    folder = Path(os.environ.get(FIRST_START) or own_first_start())
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            (folder / "data").mkdir(mode=0o700, exist_ok=True)
            command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", _PREPARE]
            environment = _clean_environment() | {"ROUNDTABLE_NO_DOTENV": "1", "DATA_DIR": str(folder / "data")}
            subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=FIRST_START_SECONDS)
            (folder / "made").touch()
    return folder / "data"


def own_first_start() -> str:
    """A folder for it that is removed when this process ends."""
    folder = tempfile.mkdtemp(prefix="roundtable-first-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


_PREPARE = """
from django.conf import settings
from mysite import prepare
prepare.create_database_file(settings.DATABASES["default"])
prepare.migrate_database(True, str)
prepare.create_first_room(str)
prepare.collect_static_files(str)
"""

# Each line is a JSON string with code; for each comes a line with what it printed and with its traceback, or "".
_RUN_EACH_LINE = """
import contextlib, io, json, sys, traceback
import django
django.setup()
from django.db import connections
for line in sys.stdin:
    error = ""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        try:
            exec(json.loads(line), {"__name__": "__main__"})
        except Exception:
            error = traceback.format_exc()
    connections.close_all()
    print(json.dumps([printed.getvalue(), error]), flush=True)
"""


def _clean_environment() -> dict[str, str]:
    """What a program needs to run, and nothing that would configure Roundtable."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONUNBUFFERED": "1"}
