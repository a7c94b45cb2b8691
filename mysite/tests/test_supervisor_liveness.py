"""Children that hang, or ask to be replaced: when they are ended and started again."""

import asyncio
import os
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from mysite.supervisor import heartbeat, supervisor
from mysite.supervisor.child import spawn
from mysite.supervisor.liveness_pipe import LivenessPipe
from mysite.supervisor.supervisor import Child, Supervisor

from .supervised import assert_gone, end_soon
from .waiting import until

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def said():
    return []


BEATING = """
import os, sys, time
while True:
    os.write(int(sys.argv[1]), b".")
    time.sleep(0.05)
"""


def test_a_child_that_hangs_is_killed_and_started_again(said, restored, monkeypatch):
    monkeypatch.setattr(supervisor, "HEARTBEAT_TIMEOUT", 3.0)
    monkeypatch.setattr(supervisor, "MIN_RESTART_DELAY", 0.01)
    pipe, pids, stopped = LivenessPipe(), [], []

    def launch():
        process = spawn([sys.executable, "-c", BEATING, str(pipe.write_end)], pass_fds=[pipe.write_end])
        pids.append(process.pid)
        return process

    def stop_the_first():
        if child.last_heartbeat and not stopped:
            stopped.append(os.kill(pids[0], signal.SIGSTOP))
        return len(pids) > 1 and child.last_heartbeat > 0

    child = Child("Web process 1", launch, liveness_pipe=pipe)
    watcher = Supervisor(stop_the_first, end_soon, said.append)
    watcher.add(child)
    watcher.run()
    assert said[:3] == [
        "Web process 1 has sent no heartbeat for 3 s.",
        "Ending Web process 1 by force.",
        "Web process 1 ended (by SIGKILL); restarting it in 0.01 s.",
    ]
    assert_gone(pids[0])


def test_a_child_counts_as_hanging_only_after_it_has_begun_to_beat(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: clock[0])
    pipe = LivenessPipe()
    child = Child("x", lambda: None, liveness_pipe=pipe)

    def after(seconds, step=1):
        """Asked each second meanwhile; whether it hangs at the end."""
        for _ in range(seconds // step):
            clock[0] += step
            answer = child.is_unresponsive()
        return answer

    child.start()
    assert not after(300)  # it starts slowly
    os.write(pipe.write_end, b".")
    assert not after(30)
    assert after(2)
    os.write(pipe.write_end, b"..")
    assert not after(1)
    assert not after(600, step=600)  # the parent itself did not run
    assert after(31)
    child.start()  # the next one begins anew
    assert not after(300)


class Stuck:
    """A child with a clock of its own that asks to be replaced, or does not."""

    def __init__(self, monkeypatch):
        self.now = 100.0
        monkeypatch.setattr(supervisor.time, "monotonic", lambda: self.now)
        self.child = Child("x", lambda: None, liveness_pipe=LivenessPipe())

    def asks_after(self, seconds: float, said: bytes = b"!") -> bool:
        self.child.start()
        self.now += seconds
        os.write(self.child.liveness_pipe.write_end, said)
        return not self.child.is_unresponsive() and self.child.should_be_replaced()


def test_who_asks_to_be_replaced_again_and_again_has_to_wait_longer_each_time(monkeypatch):
    stuck = Stuck(monkeypatch)
    assert not stuck.asks_after(50, b"!.")  # it is well again
    assert stuck.asks_after(30)
    for hold in (60, 120, 240, 480, 960, 1800, 1800):
        assert not stuck.asks_after(hold - 1)
        assert stuck.asks_after(hold)
    assert stuck.asks_after(1801)  # it has been well for long: this is another time
    assert not stuck.asks_after(59)
    assert stuck.asks_after(60)


ASKING = """
import os, signal, sys, time
if sys.argv[2] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    os.write(int(sys.argv[1]), b"!")
    time.sleep(0.05)
"""


@pytest.mark.parametrize("kind", ["obedient", "deaf"])
def test_a_child_that_asks_for_it_is_ended_in_order_and_started_again(kind, said, restored, monkeypatch):
    monkeypatch.setattr(supervisor, "STOP_TIMEOUT", 0.5)
    monkeypatch.setattr(supervisor, "MIN_RESTART_DELAY", 0.01)
    pipe, pids = LivenessPipe(), []

    def launch():
        command = [sys.executable, "-c", ASKING, str(pipe.write_end), kind]
        process = spawn(command, pass_fds=[pipe.write_end])
        pids.append(process.pid)
        return process

    watcher = Supervisor(lambda: len(pids) > 1, end_soon, said.append)
    watcher.add(Child("Web process 1", launch, liveness_pipe=pipe))
    watcher.run()
    assert said[0] == "Web process 1 asks to be replaced: its database threads hang."
    by = "SIGTERM" if kind == "obedient" else "SIGKILL"
    assert f"Web process 1 ended (by {by}); restarting it in 0.01 s." in said
    assert_gone(pids[0])


async def test_a_beat_says_that_it_wants_to_be_replaced(monkeypatch):
    pipe, stuck = LivenessPipe(), [False, True, False]
    monkeypatch.setenv(heartbeat.PIPE_VARIABLE, str(pipe.write_end))
    monkeypatch.setattr(heartbeat, "INTERVAL", 0)
    for expected in stuck:
        beating = asyncio.create_task(heartbeat.send_heartbeats(lambda asked=expected: asked))
        await until(pipe.poll)
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        pipe.poll()
        assert pipe.wants_replacement is expected


async def test_a_beat_goes_on_when_nobody_reads_and_is_none_when_nobody_listens(monkeypatch):
    await heartbeat.send_heartbeats(lambda: False)  # started without a parent
    pipe = LivenessPipe()
    monkeypatch.setenv(heartbeat.PIPE_VARIABLE, str(pipe.write_end))
    beating = asyncio.create_task(heartbeat.send_heartbeats(lambda: False))
    await until(pipe.poll)
    beating.cancel()
    while not _full(pipe.write_end):
        pass
    beating = asyncio.create_task(heartbeat.send_heartbeats(lambda: False))
    await asyncio.sleep(0)
    assert not beating.done()
    beating.cancel()


def test_a_web_process_beats(tmp_path):
    pipe, (ready, told) = LivenessPipe(), os.pipe()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        given = [told, listening.fileno(), pipe.write_end]
        process = spawn(
            [sys.executable, "-m", "mysite.web", *map(str, given[:2])],
            cwd=ROOT,
            env=os.environ | {heartbeat.PIPE_VARIABLE: str(pipe.write_end), "DATA_DIR": str(tmp_path)},
            pass_fds=given,
        )
        try:
            deadline = time.monotonic() + 60
            while not pipe.poll():
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
        finally:
            process.kill()
            process.wait()
            os.close(ready), os.close(told)


def _full(end: int) -> bool:
    try:
        return not os.write(end, b"." * 4096)
    except BlockingIOError:
        return True
