"""Texts that take a process a while, and the processes that render them."""

import sys
import time
from contextlib import suppress

import psutil

from mysite.tests.waiting import PATIENCE

CODE = "so **it** is, @bob:\n```python\nif x:\n    pass\n```"
LONG = "some *words* " * 60
# Takes seconds, and grows with the square of its length.
SLOW = "so **it** is, @bob:\n```c#\n" + "a\n" * 3950 + "```"
STUBBORN = [sys.executable, "-m", "rooms.tests.stubborn_process"]
NAMES = {"rooms.text.render_process", STUBBORN[2]}


def processes_of(pid: int) -> list[psutil.Process]:
    """Its children that render and have not ended."""
    found = []
    for child in psutil.Process(pid).children():
        with suppress(psutil.NoSuchProcess):  # ZombieProcess is one
            found += [child] if {*child.cmdline()} & NAMES else []
    return found


def until(holds) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def is_coloured(html: str) -> bool:
    return '<span class="k">if</span>' in html


def words(caplog) -> str:
    return " ".join(record.getMessage() for record in caplog.records)
