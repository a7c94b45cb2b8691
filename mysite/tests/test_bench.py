"""`bin/bench` starts: every measurement can be imported, and has its Redis."""

import os
import subprocess
import sys
from pathlib import Path

from .waiting import PATIENCE

ROOT = Path(__file__).resolve().parent.parent.parent
ONE_MORE = """
import importlib, sys, types
from bench import __main__ as bench, servers

def tables(options):
    for name in bench.NAMES[:-1]:
        importlib.import_module(f"bench.{name}")
    with servers.Redis(options.folder) as url:
        yield f"measured with {url}"

bench.NAMES = (*bench.NAMES, "one_more")
sys.modules["bench.one_more"] = types.SimpleNamespace(tables=tables)
sys.argv = ["bench", "one_more"]
sys.exit(bench.main())
"""


def test_it_starts(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment |= {"ROUNDTABLE_NO_DOTENV": "1", "DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-c", ONE_MORE]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert "measured with " in done.stdout
