"""Keeps children running: starts them, starts them again when they die, and stops them in order."""

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
from .liveness_pipe import Pulse

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a child that died is started again
STEADY = 30.0  # seconds after which a child counts as healthy, and its next pause is short again
START_TRIES = 3  # deaths before it was ever ready, after which the start has failed
SILENCE = 30.0  # seconds without a sign of life, after which a child is taken to hang
# Seconds that a child which asks to be replaced must have run, twice as long each time: were that to help nothing,
# people would not lose their connections again and again. After LONGEST_HOLD of running it begins anew.
FIRST_HOLD, LONGEST_HOLD = 60.0, 1800.0
STOP_SECONDS = 25.0  # bots may finish what they are saying
TELL_SECONDS = 2.0  # what takes longer is explained


@dataclass
class Child:
    """One process of a role, and what is known about its past."""

    name: str
    launch: Callable[[], subprocess.Popen]
    process: subprocess.Popen | None = None
    started: float = 0
    deaths: int = 0  # in a row
    due: float = 0  # when to start it (again)
    pulse: Pulse | None = None  # where it gives signs of life, if it does
    heard: float = 0  # when the last one came; 0: it has not begun to
    asked: float = 0
    hold: float = 0  # how long it has to run before it may be replaced at its own wish
    ends_by: float = 0  # when it is killed, if it was asked to end; 0: it was not

    def start(self) -> None:
        if self.pulse:
            self.pulse.heard()  # what the one before it has left
            self.pulse.replace = False
        self.heard = self.ends_by = 0
        self.process, self.started = self.launch(), time.monotonic()

    def signal(self, number: signal.Signals) -> None:
        if self.process:
            signal_group(self.process, number)

    def hangs(self) -> bool:
        """Whether it gave signs of life, and no longer does."""
        now, before = time.monotonic(), self.asked
        self.asked = now
        if self.pulse is None:
            return False
        slept = now - before > SILENCE / 2  # we did, and the child perhaps with us: it gets the time anew
        if self.pulse.heard() or (self.heard and slept):
            self.heard = now
        return self.heard > 0 and now - self.heard > SILENCE

    def may_be_replaced(self) -> bool:
        """Whether it asks to be replaced, and has run for long enough; then it has to run for longer the next time."""
        ran = time.monotonic() - self.started
        if self.pulse is None or not self.pulse.replace or ran < self.hold:
            return False
        self.hold = FIRST_HOLD if ran > LONGEST_HOLD else min(LONGEST_HOLD, max(FIRST_HOLD, self.hold * 2))
        return True

    def note_death(self) -> float:
        """Decide when it is started again. Returns the pause in seconds."""
        now = time.monotonic()
        if now - self.started > STEADY:
            self.deaths = 0
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self.deaths)
        self.deaths += 1
        self.due, self.process = now + pause, None
        return pause


class Supervisor:
    """Runs until SIGTERM or Ctrl-C.

    is_ready: asked now and then until it says yes, on which `greet` is called, once. say: prints a line.
    """

    def __init__(self, is_ready: Callable[[], bool], greet: Callable[[], None], say: Callable[[str], None]):
        self._is_ready, self._greet, self._say = is_ready, greet, say
        self._children: list[Child] = []
        self._last: list[Child] = []  # stopped after the others
        self._stopping = False
        self._hurry = False
        self._asked = 0.0  # when it was asked to stop
        self._ready = False
        self._wake, self._woken = socket.socketpair()

    def add(self, child: Child, last: bool = False) -> None:
        """Watch a child. It is started by `run`, unless it runs already; `last`: the others need it to stop well."""
        (self._last if last else self._children).append(child)

    def run(self) -> None:
        """Start and watch. Returns when everything was stopped on request; raises CannotStart when it cannot start."""
        self._listen_to_signals()
        try:
            while not self._stopping:
                for child in self._last + self._children:
                    self._look_after(child)
                if not self._ready and self._is_ready():
                    self._ready = True
                    self._greet()
                self._sleep(0.1 if not self._ready else 1)
        finally:
            self.stop()

    def stop(self) -> None:
        """End all children, those that the others need at last. What does not end in time is killed."""
        self._end(self._children)
        self._hurry = False
        self._end(self._last)

    def _end(self, children: list[Child]) -> None:
        running = [child for child in children if child.process]
        for child in running:
            child.signal(signal.SIGTERM)
        begun, told = time.monotonic(), False
        while running := [child for child in running if child.process and child.process.poll() is None]:
            waited = time.monotonic() - begun
            if self._hurry or waited > STOP_SECONDS:
                self._kill(running)
            elif waited > TELL_SECONDS and not told:
                told = True
                self._say(f"Waiting for {', '.join(child.name for child in running)}; Ctrl-C again ends at once.")
            self._sleep(0.1)

    def _look_after(self, child: Child) -> None:
        if child.process is None:
            if time.monotonic() >= child.due:
                self._start(child)
            return
        if (code := child.process.poll()) is None:
            self._check(child)
            return
        self._try_again(child, f"ended ({_outcome(code)})", f"ends each time it is started ({_outcome(code)})")

    def _check(self, child: Child) -> None:
        if child.hangs():
            self._say(f"{child.name} has given no sign of life for {SILENCE:g} s.")
            self._kill([child])
        elif child.ends_by:
            if time.monotonic() > child.ends_by:
                self._kill([child])
        elif child.may_be_replaced():
            self._say(f"{child.name} asks to be replaced: its database threads hang.")
            child.ends_by = time.monotonic() + STOP_SECONDS
            child.signal(signal.SIGTERM)

    def _start(self, child: Child) -> None:
        try:
            child.start()
        except OSError as error:  # no process, file or memory is to be had just now
            self._try_again(child, f"could not be started ({error})", f"cannot be started ({error})")

    def _try_again(self, child: Child, what: str, each_time: str) -> None:
        pause = child.note_death()
        if not self._ready and child.deaths >= START_TRIES:
            raise CannotStart(f"{child.name} {each_time}; see the lines above.")
        self._say(f"{child.name} {what}; starting it again in {pause:g} s.")

    def _kill(self, children: list[Child]) -> None:
        self._say(f"Ending {', '.join(child.name for child in children)} by force.")
        for child in children:
            child.signal(signal.SIGKILL)
            if child.process:
                child.process.wait()

    def _listen_to_signals(self) -> None:
        self._woken.setblocking(False)
        self._wake.setblocking(False)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)  # only wakes: a child has ended
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # nohup
                signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number, _frame) -> None:
        now = time.monotonic()
        # Only a person hurries us; a terminal or a wrapper may well send one request twice.
        self._hurry = self._stopping and number == signal.SIGINT and now - self._asked > 0.5
        self._stopping, self._asked = True, self._asked or now

    def _sleep(self, seconds: float) -> None:
        """Until something happens, at most so long."""
        if select.select([self._woken], [], [], seconds)[0]:
            self._woken.recv(4096)


def _outcome(code: int) -> str:
    if code < 0:
        return f"by {signal.Signals(-code).name}"
    return f"exit code {os.waitstatus_to_exitcode(code << 8)}"
