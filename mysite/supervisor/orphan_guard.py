"""Runs a command and stops it when a given process has ended, on systems whose kernel cannot do that.

orphan_guard.py PARENT_PID COMMAND…
"""

import os
import signal
import subprocess
import sys

_INTERVAL = 0.5  # seconds between checks of the parent


def main(parent: int, command: list[str]) -> int:
    """Returns the exit code of the command."""
    process = subprocess.Popen(command, close_fds=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: process.send_signal(number))
    while True:
        try:
            return process.wait(_INTERVAL)
        except subprocess.TimeoutExpired:
            if os.getppid() != parent:
                process.terminate()
                return process.wait()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
