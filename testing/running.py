"""Programs that are let end in order, and a place for their files that is gone afterwards."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

_SECONDS = 30  # for an end in order


def run(command: list[str], timeout: float | None = None, **options) -> int:
    """Run a program; returns its exit code. Who interrupts us waits until it, and what it started, has ended.

    timeout: seconds, after which it is ended in the same way, and subprocess.TimeoutExpired raised.
    """
    process = subprocess.Popen(command, **options)
    try:
        return process.wait(timeout)
    except BaseException as reason:
        _end(process, told=isinstance(reason, KeyboardInterrupt))  # the terminal tells all that run in it
        raise


@contextmanager
def own_folder() -> Iterator[None]:
    """All temporary files of this process and its children lie in one folder, and are removed at the end. A SIGTERM
    ends the block like a Ctrl-C does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    folder = tempfile.mkdtemp(prefix="roundtable-")
    os.chmod(folder, 0o711)  # PostgreSQL runs as somebody else, and has to get to its own folder in there
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _end(process: subprocess.Popen, told: bool) -> None:
    """pytest cleans up on SIGTERM too, see mysite/testing.py."""
    started = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    for number in ((0,) if told else ()) + (signal.SIGTERM, signal.SIGKILL):
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_SECONDS)
    for seconds, end in ((2, psutil.Process.terminate), (_SECONDS, psutil.Process.kill)):
        _gone, started = psutil.wait_procs(started, seconds)
        for one in started:
            end(one)
