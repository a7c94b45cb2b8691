"""A child does not outlive its parent."""

import subprocess
import sys
from pathlib import Path

from .supervised import SLEEP, assert_gone

ROOT = Path(__file__).parent.parent.parent


def test_a_child_dies_with_its_parent():
    script = f"""
from mysite.supervisor.child import spawn
import os
print(spawn({SLEEP!r}).pid, flush=True)
os.kill(os.getpid(), 9)
"""
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert_gone(int(found.stdout))


def test_the_guard_does_the_same_where_the_kernel_does_not():
    script = """
import os, subprocess, sys
guard = [sys.executable, "mysite/supervisor/orphan_guard.py", str(os.getpid())]
child = subprocess.Popen([*guard, sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(600)"],
    stdout=subprocess.PIPE)
print(child.stdout.readline().decode(), flush=True)
os.kill(os.getpid(), 9)
"""  # noqa: E501
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert_gone(int(found.stdout))
