"""Children that die: when they are started again, and how everything ends."""

import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from mysite.supervisor import supervisor
from mysite.supervisor.child import spawn
from mysite.supervisor.errors import CannotStart
from mysite.supervisor.run import say
from mysite.supervisor.supervisor import Child, Supervisor

from .supervised import DEAF, SLEEP, end_soon


@pytest.fixture
def said():
    return []


def test_pauses_grow_and_are_short_again_after_a_steady_time():
    child = Child("x", lambda: None)
    pauses = []
    for _death in range(9):
        child.start()
        pauses.append(child.schedule_restart())
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    child.start()
    child.started_at -= supervisor.STABLE_AFTER + 1
    assert child.schedule_restart() == 0.5


def test_it_greets_once_when_ready_and_ends_when_asked(said, restored):
    answers = iter([False, False, True])
    watcher = Supervisor(lambda: next(answers), lambda: said.append("ready") or end_soon(), said.append)
    child = Child("worker", lambda: spawn(SLEEP))
    watcher.add(child)
    watcher.run()
    assert said == ["ready"]
    assert child.process.returncode == -signal.SIGTERM


def test_what_others_need_ends_last(said, restored):
    watcher = Supervisor(lambda: True, end_soon, said.append)
    first, last = Child("first", lambda: spawn(DEAF, stdout=subprocess.DEVNULL)), Child("last", lambda: spawn(SLEEP))
    watcher.add(last, last=True)
    watcher.add(first)
    ended = []
    original = supervisor.signal_group

    def note(process, number):
        ended.append((first.process is process, number))
        if first.process is process:
            number = signal.SIGKILL
        original(process, number)

    supervisor.signal_group = note
    try:
        watcher.run()
    finally:
        supervisor.signal_group = original
    assert ended == [(True, signal.SIGTERM), (False, signal.SIGTERM)]


def test_who_does_not_end_in_time_is_killed(said, restored, monkeypatch):
    monkeypatch.setattr(supervisor, "STOP_TIMEOUT", 0.2)
    deaf = spawn(DEAF, stdout=subprocess.PIPE)
    deaf.stdout.readline()  # from now on it does not listen
    watcher = Supervisor(lambda: True, end_soon, said.append)
    watcher.add(Child("Bot worker 1", lambda: deaf))
    watcher.run()
    assert deaf.returncode == -signal.SIGKILL
    assert said == ["Ending Bot worker 1 by force."]


def test_a_child_that_never_starts_ends_the_start(said, restored, monkeypatch):
    monkeypatch.setattr(supervisor, "MIN_RESTART_DELAY", 0.01)
    watcher = Supervisor(lambda: False, lambda: None, said.append)
    watcher.add(Child("Web process 1", lambda: spawn([sys.executable, "-c", "raise SystemExit(3)"])))
    with pytest.raises(CannotStart, match=r"Web process 1 ends each time it is started \(exit code 3\)"):
        watcher.run()
    assert len(said) == supervisor.MAX_START_FAILURES - 1


def test_a_child_that_cannot_be_started_just_now_is_tried_again(said, restored, monkeypatch):
    monkeypatch.setattr(supervisor, "MIN_RESTART_DELAY", 0.01)
    tries = iter([OSError(24, "Too many open files")])

    def launch():
        for error in tries:
            raise error
        return spawn(SLEEP)

    child = Child("Bot worker 1", launch)
    running = Supervisor(lambda: child.process is not None, end_soon, said.append)
    running.add(child)
    running.run()
    told = "Bot worker 1 could not be started ([Errno 24] Too many open files); restarting it in 0.01 s."
    assert said[0] == told


def test_a_terminal_that_goes_ends_nothing_when_told_so(said, restored):
    """As `nohup` does."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    Supervisor(end_soon, lambda: None, said.append).run()
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


@pytest.mark.parametrize("error", [BrokenPipeError(), OSError(5, "Input/output error"), OSError(28, "No space left")])
def test_what_nobody_can_read_ends_nothing(error, monkeypatch):
    def write(_text):
        raise error

    monkeypatch.setattr(sys, "stdout", SimpleNamespace(write=write, flush=lambda: None))
    say("Bot worker 1 ended.")
