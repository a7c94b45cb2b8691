"""bin/test leaves nothing behind, also when somebody ends it; and each test reaches the database or does not."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from mysite import env

from .waiting import PATIENCE

RUN = """
import signal, sys
from testing.running import own_folder, run
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in what a shell runs in the background
with own_folder():
    run([sys.executable, "-c", sys.argv[1]])
"""
RUN_BESIDE = """
import pathlib, signal, sys
from testing import side_by_side
from testing.running import own_folder, run
signal.signal(signal.SIGINT, signal.default_int_handler)
program = [sys.executable, "-c", sys.argv[1]]
with own_folder(), side_by_side.running(lambda: {"e2e": run([*program, "b", "a"])}, pathlib.Path("log")) as result:
    run([*program, "a", "b"])
    print(result())
"""
# It ends when another one has begun.
WAIT_FOR_OTHER = """
import pathlib, sys, time
own, other = map(pathlib.Path, sys.argv[1:])
print("this is", own, flush=True)
own.touch()
while not other.exists():
    time.sleep(0.01)
sys.exit(3 if own.name == "b" else 0)
"""
# As pytest's processes: one that another has started, and files of both.
PROGRAM = """
import pathlib, subprocess, sys, tempfile, time
folder = tempfile.mkdtemp()
pathlib.Path(folder, "file").touch()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, folder, flush=True)
try:
    time.sleep(600)
finally:
    child.kill()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_is_ended_takes_its_programs_and_files_along(number, tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, PROGRAM],
        stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR, env=environment, process_group=0,
    )  # fmt: skip
    pid, folder = run.stdout.readline().split()
    assert Path(folder, "file").exists() and tmp_path in Path(folder).parents
    if number == signal.SIGINT:
        os.killpg(run.pid, number)  # as from a terminal
    else:
        run.send_signal(number)
    assert run.wait(2 * PATIENCE) != 0
    assert not psutil.pid_exists(int(pid)) or psutil.Process(int(pid)).status() == psutil.STATUS_ZOMBIE
    assert list(tmp_path.iterdir()) == []


def test_work_is_done_beside_other_work(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR)}
    done = subprocess.run(
        [sys.executable, "-c", RUN_BESIDE, WAIT_FOR_OTHER],
        capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=2 * PATIENCE,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["this is a", "{'e2e': 3}"], done.stderr
    assert Path(tmp_path, "log").read_text() == "this is b\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_is_ended_ends_the_work_beside(number, tmp_path):
    folders = tmp_path / "files"
    folders.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(settings.BASE_DIR), "TMPDIR": str(folders)}
    run = subprocess.Popen(
        [sys.executable, "-c", RUN_BESIDE, PROGRAM],
        stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment, process_group=0,
    )  # fmt: skip
    here = int(run.stdout.readline().split()[0])
    log = tmp_path / "log"
    while not (log.exists() and log.read_text().endswith("\n")):
        time.sleep(0.05)
    beside = int(log.read_text().split()[0])
    (os.killpg if number == signal.SIGINT else os.kill)(run.pid, number)
    assert run.wait(2 * PATIENCE) != 0
    for pid in (here, beside):
        assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert list(folders.iterdir()) == []


def test_programs_of_a_test_that_names_no_database_find_none():
    assert not Path(env.database("DATABASE_URL", settings.BASE_DIR)["NAME"]).parent.exists()


@pytest.mark.django_db
def test_programs_of_a_test_that_names_a_database_find_one():
    assert "nowhere" not in os.environ.get("DATABASE_URL", "")
