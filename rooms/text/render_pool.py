"""Processes that render texts for this one: a few, started when they are needed, ended when one does not come back.

Called from threads; no call takes longer than PATIENCE. Processes end when this one does, in whatever way: their
connection breaks, and what they are doing just then has little time.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from .render_process import receive, send

logger = logging.getLogger(__name__)

SIZE = 2  # processes at most
MAX_WAITING = 32  # texts that wait for one
WAIT = 1.5  # seconds that a text waits for one that is free
PATIENCE = 7.0  # seconds for all: less than clients wait. A process' own limits count what it really works
IDLE = 60.0  # seconds without work after which a process ends; the first stays
PAUSE = 5.0  # seconds after one that could not be started
_COMMAND = [sys.executable, "-m", "rooms.text.render_process"]
_ROOT = Path(__file__).resolve().parents[2]
# What Python needs; the settings, with their secrets, stay here.
_ENVIRONMENT = ("PATH", "HOME", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LANG")


class Unavailable(Exception):
    """No process is there for this text now."""


class CutOff(Exception):
    """The process did not come back from this text. Says what it was at."""


class _Gone(Exception):
    """The process has ended."""


class RenderPool:
    def __init__(self, size: int = SIZE):
        self._size = size
        self._changed = threading.Condition()
        self._idle: list[_Process] = []
        self._count = 0  # of processes, idle or not
        self._waiting = 0
        self._no_start_before = 0.0
        self._closed = False

    def render(self, text: str) -> dict:
        """What render_process answers. Raises Unavailable or CutOff."""
        until = time.monotonic() + PATIENCE
        for _attempt in range(2):  # one that somebody ended says nothing about the text
            process = self._take(until)
            usable = False
            try:
                answer = process.render(text, until)
                usable = True
                return answer
            except TimeoutError:
                break
            except _Gone:
                if process.exceeded_its_time():
                    break
            finally:
                self._give_back(process, usable)
        raise CutOff(process.at)

    def close(self) -> None:
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            self._count -= len(idle)
            self._changed.notify_all()
        for process in idle:
            process.end()

    def _take(self, until: float) -> "_Process":
        free_until = min(until, time.monotonic() + WAIT)
        with self._changed:
            if self._waiting >= MAX_WAITING:
                raise Unavailable("too many texts wait")
            self._waiting += 1
            try:
                while True:
                    if process := self._take_idle():
                        return process
                    if self._may_start():
                        self._count += 1
                        lasts = self._count == 1
                        break
                    if self._closed or not self._changed.wait(free_until - time.monotonic()):
                        raise Unavailable("no process had time")
            finally:
                self._waiting -= 1
        return self._start(lasts, until)

    def _take_idle(self) -> "_Process | None":
        while self._idle:
            process = self._idle.pop()
            if process.lives():
                return process
            self._count -= 1
        return None

    def _may_start(self) -> bool:
        return self._count < self._size and time.monotonic() >= self._no_start_before and not self._closed

    def _start(self, lasts: bool, until: float) -> "_Process":
        try:
            return _Process(lasts, until)
        except (OSError, _Gone) as error:
            with self._changed:
                self._count -= 1
                self._no_start_before = time.monotonic() + PAUSE
            logger.error("a process to render texts in cannot be started: %r", error)
            raise Unavailable("none could be started") from error

    def _give_back(self, process: "_Process", usable: bool) -> None:
        with self._changed:
            usable = usable and not self._closed
            if usable:
                self._idle.append(process)
            else:
                self._count -= 1
            self._changed.notify()
        if not usable:
            process.end()


class _Process:
    def __init__(self, lasts: bool, until: float):
        """Start it, which takes some tenths of a second. Raises OSError (TimeoutError is one) or _Gone."""
        self.at = ""  # what it said last
        self._connection, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [*_COMMAND, str(0 if lasts else IDLE)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd=_ROOT,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            )
        try:
            self._next(until)
        except BaseException:
            self.end()
            raise

    def render(self, text: str, until: float) -> dict:
        """Raises TimeoutError, or _Gone. After either it is to be ended."""
        self._connection.settimeout(max(0.001, until - time.monotonic()))
        self.at = "rooms.text.markup"
        try:
            send(self._connection, {"text": text})
            while "code" in (answer := self._next(until)):
                self.at = answer["code"]
            return answer
        except ConnectionError as error:
            raise _Gone from error

    def lives(self) -> bool:
        """False when it has ended by itself, or by somebody else's hand."""
        return self._process.poll() is None

    def exceeded_its_time(self) -> bool:
        """Whether that is why a process that is gone has ended."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        return self._process.returncode == -signal.SIGXCPU

    def end(self) -> None:
        self._connection.close()
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)

    def _next(self, until: float) -> dict:
        self._connection.settimeout(max(0.001, until - time.monotonic()))
        answer = receive(self._connection)
        if answer is None:
            raise _Gone
        return answer
