"""A PostgreSQL of the tests' own: made in a temporary folder, gone afterwards."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from mysite.supervisor.child import signal_group, spawn

from . import machine
from .machine import CannotRun
from .ports import free_port

_SECONDS = 30


class Cluster:
    """with Cluster() as cluster: cluster.url

    durable: as an installation runs it, for measuring; otherwise quick and not safe, for tests.
    """

    def __init__(self, durable: bool = False):
        self._durable = durable

    def __enter__(self) -> "Cluster":
        self._programs = Path(machine.POSTGRES.get())
        self._folder = Path(tempfile.mkdtemp(prefix="roundtable-postgres-"))
        self._process = None
        try:
            self._make()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc):
        if self._process:
            self.stop()
        shutil.rmtree(self._folder)

    def stop(self) -> None:
        signal_group(self._process, signal.SIGINT)  # "fast": it waits for nobody
        self._process.wait()

    def kill(self) -> None:
        """As by `kill -9` of all its programs."""
        for program in self._programs_running():
            program.kill()
        self._process.wait()

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """While the block runs it says nothing, and closes nothing."""
        programs = self._programs_running()
        for program in programs:
            program.suspend()
        try:
            yield
        finally:
            for program in programs:
                program.resume()

    def _programs_running(self) -> list[psutil.Process]:
        """Each has a session of its own."""
        main = psutil.Process(self._process.pid)
        return [main, *main.children(recursive=True)]

    def _make(self):
        password = self._folder / "password"
        password.write_text(secret := secrets.token_hex(16))
        for path in (self._folder, password):
            if account := _account():
                os.chown(path, account.pw_uid, account.pw_gid)
        options = ["--username=tests", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--no-sync"]
        made = subprocess.run(
            [self._programs / "initdb", "-D", self._folder / "data", "--locale=C", *options],
            capture_output=True, text=True, cwd=self._folder, **_as_account(),
        )  # fmt: skip
        if made.returncode:
            raise CannotRun(f"PostgreSQL's initdb failed: {made.stderr.strip()}")
        self._port = free_port()
        self.url = f"postgres://tests:{secret}@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        settings = {"listen_addresses": "127.0.0.1", "port": self._port, "unix_socket_directories": self._folder}
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = self._folder / "log"
        with log.open("wb") as file:
            command = [str(self._programs / "postgres"), "-D", str(self._folder / "data"), *options]
            self._process = spawn(command, stdout=file, stderr=file, cwd=self._folder, **_as_account())
        deadline = time.monotonic() + _SECONDS
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise CannotRun(f"PostgreSQL does not start: {log.read_text().strip()}")
            time.sleep(0.1)

    def _ready(self) -> bool:
        command = [self._programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self._port)]
        return subprocess.run(command).returncode == 0


def _account():
    """Who runs it. PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _as_account() -> dict:
    account = _account()
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
