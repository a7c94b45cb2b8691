"""What failed in a whole run of the suites is run once more, alone."""

import os
import subprocess
import sys

import pytest

from testing import second_look

UNSTEADY = """
from pathlib import Path

def test_passes_the_second_time():
    marks = Path(__file__).with_name("marks")
    tried = marks.exists()
    marks.touch()
    assert tried

def test_is_broken():
    assert {holds}

def test_passes():
    with Path(__file__).with_name("runs").open("a") as runs:
        runs.write("x")
"""


@pytest.fixture
def suite(tmp_path):
    """suite(holds): a suite of three tests that was run; returns what look_again wants."""

    def make(holds: bool):
        (tmp_path / "test_it.py").write_text(UNSTEADY.format(holds=holds))
        caches = tmp_path / "caches"

        def run(name: str, options: list[str]) -> int:
            command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "-o", f"cache_dir={caches / name}"]
            command += ["--rootdir", str(tmp_path), str(tmp_path / "test_it.py"), *options]
            alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # they take twice as long to load as pytest
            return subprocess.run(command, capture_output=True, cwd=tmp_path, env=alone).returncode

        return {"unit": run("unit", []), "lint": 1}, caches, run

    return make


@pytest.mark.parametrize("holds", [True, False])
def test_what_passes_alone_is_named_and_what_is_broken_stays_so(suite, tmp_path, holds):
    codes, caches, run = suite(holds)
    assert codes["unit"] == 1
    assert second_look.look_again(codes, caches, run) == {"unit": ["test_it.py::test_passes_the_second_time"]}
    assert codes == {"unit": 0 if holds else 1, "lint": 1}
    assert (tmp_path / "runs").read_text() == "x"  # what passed is not run again


@pytest.mark.parametrize(("code", "failed"), [(1, 11), (2, 1), (3, 1), (5, 1), (0, 0)])
def test_many_failures_or_another_end_are_left_as_they_are(tmp_path, code, failed):
    (tmp_path / "e2e/v/cache").mkdir(parents=True)
    names = ", ".join(f'"test_{number}": true' for number in range(failed))
    (tmp_path / "e2e/v/cache/lastfailed").write_text(f"{{{names}}}")
    codes = {"e2e": code}
    assert second_look.look_again(codes, tmp_path, lambda *_: pytest.fail("run again")) == {}
    assert codes == {"e2e": code}


def test_faults_are_not_run_again(tmp_path):
    (tmp_path / "faults/v/cache").mkdir(parents=True)
    (tmp_path / "faults/v/cache/lastfailed").write_text('{"test_it": true}')
    codes = {"faults": 1}
    assert second_look.look_again(codes, tmp_path, lambda *_: pytest.fail("run again")) == {}


def test_what_earlier_runs_kept_is_forgotten(tmp_path):
    (tmp_path / "unit/v/cache").mkdir(parents=True)
    (tmp_path / "unit/v/cache/lastfailed").write_text('{"test_gone": true}')
    assert second_look.failed_tests(tmp_path / "unit") == ["test_gone"]
    second_look.forget(tmp_path)
    assert second_look.failed_tests(tmp_path / "unit") == []
