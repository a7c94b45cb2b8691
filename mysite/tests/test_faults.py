"""`bin/faults` knows every fault that is written down in e2e/faults."""

import os
import re
import subprocess
import sys
from pathlib import Path

from .waiting import PATIENCE

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_fault_can_be_asked_for():
    sources = [path.read_text() for path in (ROOT / "e2e" / "faults").glob("*.py")]
    written = {name for source in sources for name in re.findall(r'^@fault\(\s*"(\w+)"', source, re.MULTILINE)}
    command = [sys.executable, "-m", "e2e.faults", "--help"]
    environment = os.environ | {"ROUNDTABLE_NO_DOTENV": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    listed = set(re.findall(r"^(F\d+|ABUSE) ", done.stdout, re.MULTILINE))
    assert listed == written and "F1" in written, done.stderr
