"""Children that die: when they are started again, and how everything ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mysite.serve import supervisor
from mysite.serve.child import spawn
from mysite.serve.errors import CannotStart
from mysite.serve.supervisor import Child, Supervisor

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)",
]
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def said():
    return []


@pytest.fixture
def restored():
    """The supervisor takes over signals, as it may in a process of its own."""
    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
    before = [signal.getsignal(number) for number in numbers]
    yield
    signal.set_wakeup_fd(-1)
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def end_soon():
    """As from a service manager: SIGTERM to this process."""
    os.kill(os.getpid(), signal.SIGTERM)
    return True


def test_pauses_grow_and_are_short_again_after_a_steady_time():
    child = Child("x", lambda: None)
    pauses = []
    for _death in range(9):
        child.start()
        pauses.append(child.note_death())
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    child.start()
    child.started -= supervisor.STEADY + 1
    assert child.note_death() == 0.5


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
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.2)
    deaf = spawn(DEAF, stdout=subprocess.PIPE)
    deaf.stdout.readline()  # from now on it does not listen
    watcher = Supervisor(lambda: True, end_soon, said.append)
    watcher.add(Child("Bot worker 1", lambda: deaf))
    watcher.run()
    assert deaf.returncode == -signal.SIGKILL
    assert said == ["Ending Bot worker 1 by force."]


def test_a_child_that_never_starts_ends_the_start(said, restored, monkeypatch):
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.01)
    watcher = Supervisor(lambda: False, lambda: None, said.append)
    watcher.add(Child("Web process 1", lambda: spawn([sys.executable, "-c", "raise SystemExit(3)"])))
    with pytest.raises(CannotStart, match=r"Web process 1 ends each time it is started \(exit code 3\)"):
        watcher.run()
    assert len(said) == supervisor.START_TRIES - 1


def test_a_child_dies_with_its_parent():
    script = f"""
from mysite.serve.child import spawn
import os
print(spawn({SLEEP!r}).pid, flush=True)
os.kill(os.getpid(), 9)
"""
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert_gone(int(found.stdout))


def test_the_guard_does_the_same_where_the_kernel_does_not():
    script = """
import os, subprocess, sys
guard = [sys.executable, "mysite/serve/guard.py", str(os.getpid())]
child = subprocess.Popen([*guard, sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(600)"],
    stdout=subprocess.PIPE)
print(child.stdout.readline().decode(), flush=True)
os.kill(os.getpid(), 9)
"""  # noqa: E501
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert_gone(int(found.stdout))


def assert_gone(pid: int):
    deadline = time.monotonic() + 30
    while alive(pid):
        assert time.monotonic() < deadline, f"{pid} still runs"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
