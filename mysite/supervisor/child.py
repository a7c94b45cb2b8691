"""Child processes that never outlive this one, even when it is killed."""

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_GUARD = [sys.executable, str(Path(__file__).with_name("orphan_guard.py"))]


def spawn(command: list[str], **options) -> subprocess.Popen:
    """Start a command in its own process group, so that Ctrl-C reaches only this process, which stops it in order.

    It gets SIGTERM when this process dies, however that happens. Call this from the main thread: Linux sends the
    signal when the *thread* that created the child ends.
    """
    if sys.platform != "linux":
        return subprocess.Popen([*_GUARD, str(os.getpid()), *command], process_group=0, **options)
    return subprocess.Popen(command, process_group=0, preexec_fn=_die_with_parent(), **options)  # noqa: PLW1509


def signal_group(process: subprocess.Popen, number: int) -> None:
    """Send a signal to a child and to all processes that it has started."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return


def _die_with_parent():
    libc = ctypes.CDLL(None, use_errno=True)  # loaded before the fork: few calls are safe after it
    parent = os.getpid()

    def in_child():
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return in_child
