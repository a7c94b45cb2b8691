"""Keeps child processes running: starts them, restarts those that die or hang, and stops them in order."""

import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from .child import signal_group
from .errors import CannotStart
from .liveness_pipe import LivenessPipe

MIN_RESTART_DELAY, MAX_RESTART_DELAY = 0.5, 30.0  # seconds; doubled with each failure in a row
STABLE_AFTER = 30.0  # a child that has run for so many seconds is restarted after the shortest delay again
MAX_START_FAILURES = 3  # before everything was ready: then the start has failed
HEARTBEAT_TIMEOUT = 30.0  # seconds; a child without a heartbeat for longer is taken to hang
# Seconds that a child must have run before it is replaced at its own request. Doubled each time, so that people do not
# lose their connections again and again where replacing it does not help; reset after LONGEST_MIN_RUNTIME.
FIRST_MIN_RUNTIME, LONGEST_MIN_RUNTIME = 60.0, 1800.0
STOP_TIMEOUT = 25.0  # bots may finish their replies
EXPLAIN_AFTER = 2.0  # seconds of stopping, after which the user is told what is still running


@dataclass
class Child:
    """One child process, with its history. Times are on the monotonic clock."""

    name: str
    launch: Callable[[], subprocess.Popen]
    process: subprocess.Popen | None = None
    started_at: float = 0
    failures: int = 0  # in a row
    start_at: float = 0  # when to start or restart it
    liveness_pipe: LivenessPipe | None = None  # None: it sends no heartbeats
    last_heartbeat: float = 0  # 0: none yet
    last_check: float = 0  # when `is_unresponsive` was last called
    min_runtime: float = 0  # seconds that it must run before it may ask to be replaced
    kill_at: float = 0  # when to kill it, if it was told to stop; 0: it was not

    def start(self) -> None:
        """Launch a new process, and forget what the one before has said."""
        if self.liveness_pipe:
            self.liveness_pipe.poll()  # drop what the previous process has written
            self.liveness_pipe.wants_replacement = False
        self.last_heartbeat = self.kill_at = 0
        self.process, self.started_at = self.launch(), time.monotonic()

    def signal(self, number: signal.Signals) -> None:
        """To the process and its children. Does nothing when it does not run."""
        if self.process:
            signal_group(self.process, number)

    def is_unresponsive(self) -> bool:
        """Whether it has sent heartbeats, but none for HEARTBEAT_TIMEOUT seconds."""
        now, previous_check = time.monotonic(), self.last_check
        self.last_check = now
        if self.liveness_pipe is None:
            return False
        # This process was suspended, and the child perhaps with it: give it the whole time again.
        suspended = now - previous_check > HEARTBEAT_TIMEOUT / 2
        if self.liveness_pipe.poll() or (self.last_heartbeat and suspended):
            self.last_heartbeat = now
        return self.last_heartbeat > 0 and now - self.last_heartbeat > HEARTBEAT_TIMEOUT

    def should_be_replaced(self) -> bool:
        """Whether it asks to be replaced and has run for long enough. If so, it must run for longer the next time."""
        runtime = time.monotonic() - self.started_at
        if self.liveness_pipe is None or not self.liveness_pipe.wants_replacement or runtime < self.min_runtime:
            return False
        doubled = min(LONGEST_MIN_RUNTIME, max(FIRST_MIN_RUNTIME, self.min_runtime * 2))
        self.min_runtime = FIRST_MIN_RUNTIME if runtime > LONGEST_MIN_RUNTIME else doubled
        return True

    def schedule_restart(self) -> float:
        """Decide when to restart it. Returns the delay in seconds."""
        now = time.monotonic()
        if now - self.started_at > STABLE_AFTER:
            self.failures = 0
        delay = min(MAX_RESTART_DELAY, MIN_RESTART_DELAY * 2**self.failures)
        self.failures += 1
        self.start_at, self.process = now + delay, None
        return delay


class Supervisor:
    """Runs until SIGTERM or Ctrl-C.

    is_ready: called repeatedly until it returns true; then on_ready is called once. say: prints a line.
    """

    def __init__(self, is_ready: Callable[[], bool], on_ready: Callable[[], None], say: Callable[[str], None]):
        self._is_ready, self._on_ready, self._say = is_ready, on_ready, say
        self._children: list[Child] = []
        self._stopped_last: list[Child] = []
        self._stopping = False
        self._kill_at_once = False
        self._stop_requested_at = 0.0  # 0: it was not
        self._ready = False
        self._wake_writer, self._wake_reader = socket.socketpair()

    def add(self, child: Child, last: bool = False) -> None:
        """Watch a child. `run` starts it unless it is running. last: stop it after the others, which still need it."""
        (self._stopped_last if last else self._children).append(child)

    def run(self) -> None:
        """Start and watch all children until a stop is requested. Raises CannotStart if one of them cannot start."""
        self._install_signal_handlers()
        try:
            while not self._stopping:
                for child in self._stopped_last + self._children:
                    self._supervise(child)
                if not self._ready and self._is_ready():
                    self._ready = True
                    self._on_ready()
                self._sleep(0.1 if not self._ready else 1)
        finally:
            self.stop()

    def stop(self) -> None:
        """Stop all children, kill those that do not end within STOP_TIMEOUT."""
        self._end(self._children)
        self._kill_at_once = False
        self._end(self._stopped_last)

    def _end(self, children: list[Child]) -> None:
        running = [child for child in children if child.process]
        for child in running:
            child.signal(signal.SIGTERM)
        begun, explained = time.monotonic(), False
        while running := [child for child in running if child.process and child.process.poll() is None]:
            waited = time.monotonic() - begun
            if self._kill_at_once or waited > STOP_TIMEOUT:
                self._kill(running)
            elif waited > EXPLAIN_AFTER and not explained:
                explained = True
                self._say(f"Waiting for {', '.join(child.name for child in running)}; Ctrl-C again ends at once.")
            self._sleep(0.1)

    def _supervise(self, child: Child) -> None:
        if child.process is None:
            if time.monotonic() >= child.start_at:
                self._start(child)
            return
        if (code := child.process.poll()) is None:
            self._check(child)
            return
        self._restart_later(
            child, f"ended ({_describe_exit(code)})", f"ends each time it is started ({_describe_exit(code)})"
        )

    def _check(self, child: Child) -> None:
        if child.is_unresponsive():
            self._say(f"{child.name} has sent no heartbeat for {HEARTBEAT_TIMEOUT:g} s.")
            self._kill([child])
        elif child.kill_at:
            if time.monotonic() > child.kill_at:
                self._kill([child])
        elif child.should_be_replaced():
            self._say(f"{child.name} asks to be replaced: its database threads hang.")
            child.kill_at = time.monotonic() + STOP_TIMEOUT
            child.signal(signal.SIGTERM)

    def _start(self, child: Child) -> None:
        try:
            child.start()
        except OSError as error:  # no more processes, files or memory are available
            self._restart_later(child, f"could not be started ({error})", f"cannot be started ({error})")

    def _restart_later(self, child: Child, what: str, every_time: str) -> None:
        delay = child.schedule_restart()
        if not self._ready and child.failures >= MAX_START_FAILURES:
            raise CannotStart(f"{child.name} {every_time}; see the lines above.")
        self._say(f"{child.name} {what}; restarting it in {delay:g} s.")

    def _kill(self, children: list[Child]) -> None:
        self._say(f"Ending {', '.join(child.name for child in children)} by force.")
        for child in children:
            child.signal(signal.SIGKILL)
            if child.process:
                child.process.wait()

    def _install_signal_handlers(self) -> None:
        self._wake_reader.setblocking(False)
        self._wake_writer.setblocking(False)
        signal.set_wakeup_fd(self._wake_writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)  # only to wake `_sleep` when a child has ended
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                signal.signal(number, self._handle_stop_signal)

    def _handle_stop_signal(self, number, _frame) -> None:
        now = time.monotonic()
        # Only a second Ctrl-C kills at once. A terminal or a wrapper may send the same signal twice.
        self._kill_at_once = self._stopping and number == signal.SIGINT and now - self._stop_requested_at > 0.5
        self._stopping, self._stop_requested_at = True, self._stop_requested_at or now

    def _sleep(self, seconds: float) -> None:
        """Sleep until a signal arrives, for so many seconds at most."""
        if select.select([self._wake_reader], [], [], seconds)[0]:
            self._wake_reader.recv(4096)


def _describe_exit(code: int) -> str:
    if code < 0:
        return f"by {signal.Signals(-code).name}"
    return f"exit code {os.waitstatus_to_exitcode(code << 8)}"
