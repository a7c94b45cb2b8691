"""Every fault that docs/security.md says is survived has a test, and only `bin/test faults` runs these tests."""

import re
import subprocess
import sys
from pathlib import Path

from .waiting import PATIENCE

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_fault_that_is_written_down_is_tried():
    promises = (ROOT / "docs" / "security.md").read_text().split("\n## Handshake")[0]
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "e2e/faults"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    tried = set(re.findall(r"::test_\w+\[(\w+)-(?:sqlite|postgresql)\]$", done.stdout, re.MULTILINE))
    assert done.returncode == 0, done.stdout + done.stderr
    assert tried == {*re.findall(r"^\| (F\d+) \|", promises, re.MULTILINE), "ABUSE"}
    assert "F1" in tried


def test_they_are_left_out_where_they_are_not_named(pytestconfig):
    """They take minutes each."""

    def is_left_out(folder: str) -> bool:
        return bool(pytestconfig.hook.pytest_ignore_collect(collection_path=ROOT / folder, config=pytestconfig))

    assert is_left_out("e2e/faults") and not is_left_out("e2e")
    assert is_left_out("bot/tests/real_models") and not is_left_out("bot/tests")
