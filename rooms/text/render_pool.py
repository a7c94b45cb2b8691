"""A pool of a few child processes that render texts. They are started when needed and killed when they hang.

Called from threads; no call takes longer than TIMEOUT. Children end when this process does, however that happens:
their connection breaks, and the text that they are rendering has a time limit.
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

MAX_PROCESSES = 2  # at most
MAX_WAITING = 32  # texts waiting for a process
MAX_WAIT = 1.5  # seconds that a text waits for a free process
TIMEOUT = 7.0  # seconds in all, less than clients wait; a child's own limits count CPU time
IDLE_TIMEOUT = 60.0  # seconds without work after which a process ends, except the first
RESTART_DELAY = 5.0  # seconds after a failed start
_COMMAND = [sys.executable, "-m", "rooms.text.render_process"]
_ROOT = Path(__file__).resolve().parents[2]
# Variables that Python needs. Settings and secrets are not passed on.
_ENVIRONMENT = ("PATH", "HOME", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LANG")


class Unavailable(Exception):
    """No process is available for this text now."""


class CutOff(Exception):
    """The process did not finish this text. The message is the language or module that it was working on."""


class _ProcessEnded(Exception):
    """The process has ended."""


class RenderPool:
    def __init__(self, size: int = MAX_PROCESSES):
        self._size = size
        self._changed = threading.Condition()
        self._idle: list[_Process] = []
        self._count = 0  # processes, idle or not
        self._waiting = 0
        self._no_start_before = 0.0
        self._closed = False

    def render(self, text: str) -> dict:
        """The response of render_process. Raises Unavailable or CutOff."""
        until = time.monotonic() + TIMEOUT
        for _attempt in range(2):  # try again if somebody has killed the process
            process = self._acquire(until)
            usable = False
            try:
                answer = process.render(text, until)
                usable = True
                return answer
            except TimeoutError:
                break
            except _ProcessEnded:
                if process.exceeded_its_time():
                    break
            finally:
                self._release(process, usable)
        raise CutOff(process.at)

    def close(self) -> None:
        """End idle processes now, and busy ones when they are done.

        Callers that wait for a process go on without one.
        """
        with self._changed:
            self._closed = True
            idle, self._idle = self._idle, []
            self._count -= len(idle)
            self._changed.notify_all()
        for process in idle:
            process.end()

    def _acquire(self, until: float) -> "_Process":
        free_until = min(until, time.monotonic() + MAX_WAIT)
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
            if process.is_alive():
                return process
            self._count -= 1
        return None

    def _may_start(self) -> bool:
        return self._count < self._size and time.monotonic() >= self._no_start_before and not self._closed

    def _start(self, lasts: bool, until: float) -> "_Process":
        try:
            return _Process(lasts, until)
        except (OSError, _ProcessEnded) as error:
            with self._changed:
                self._count -= 1
                self._no_start_before = time.monotonic() + RESTART_DELAY
            logger.error("a process to render texts in cannot be started: %r", error)
            raise Unavailable("none could be started") from error

    def _release(self, process: "_Process", usable: bool) -> None:
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
        """Start it, which takes some tenths of a second. Raises OSError (also TimeoutError) or _ProcessEnded."""
        self.at = ""  # what it is working on, as it said last
        self._connection, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [*_COMMAND, str(0 if lasts else IDLE_TIMEOUT)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd=_ROOT,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            )
        try:
            self._receive(until)
        except BaseException:
            self.end()
            raise

    def render(self, text: str, until: float) -> dict:
        """Raises TimeoutError or _ProcessEnded. Call `end` after either."""
        self._connection.settimeout(max(0.001, until - time.monotonic()))
        self.at = "rooms.text.markup"
        try:
            send(self._connection, {"text": text})
            while "code" in (answer := self._receive(until)):
                self.at = answer["code"]
            return answer
        except ConnectionError as error:
            raise _ProcessEnded from error

    def is_alive(self) -> bool:
        """False when it has ended."""
        return self._process.poll() is None

    def exceeded_its_time(self) -> bool:
        """Whether a process that has ended was killed for exceeding its CPU time."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        return self._process.returncode == -signal.SIGXCPU

    def end(self) -> None:
        self._connection.close()
        self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)

    def _receive(self, until: float) -> dict:
        self._connection.settimeout(max(0.001, until - time.monotonic()))
        answer = receive(self._connection)
        if answer is None:
            raise _ProcessEnded
        return answer
