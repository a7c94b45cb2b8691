"""A pytest plugin for `bin/test mutants`, which gives it to tests in a copy of the project: see mutation_trials.py.

It records which lines each test runs, and how long that takes; or it runs the tests of a list, in the list's order.
"""

import json
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from coverage import Coverage

RECORD = "ROUNDTABLE_RECORD"  # a folder, which gets coverage's data (lines.*) and what we know of tests (tests.*)
FILES = "ROUNDTABLE_RECORDED_FILES"  # whose lines are recorded, with os.pathsep between them
CHOSEN = "ROUNDTABLE_CHOSEN_TESTS"  # a JSON file: the node ids of tests → seconds that each took


class Recorder:
    """What the tests of one process run."""

    def __init__(self, folder: Path, files: list[str]):
        self._folder, self._tests = folder, {}
        self._starts_python = False
        self._coverage = Coverage(data_file=folder / "lines", data_suffix=True, include=files, config_file=False)
        self._coverage.start()
        sys.addaudithook(self._notice)

    def _notice(self, event: str, values: tuple) -> None:
        """The lines that another process runs are not recorded."""
        if event in ("os.fork", "os.forkpty") or (event == "subprocess.Popen" and "python" in str(values[:2])):
            self._starts_python = True

    @contextmanager
    def _lines_of(self, test: str):
        before = self._coverage.switch_context(test)
        try:
            yield
        finally:
            self._coverage.switch_context(before or "")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        known = self._tests[item.nodeid] = {"failed": False}
        self._starts_python, began = False, time.monotonic()
        with self._lines_of(item.nodeid):
            result = yield
        known |= {"seconds": time.monotonic() - began, "starts_python": self._starts_python}
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef):
        """What several tests share is made for the first one, and the others run these lines as well."""
        if fixturedef.scope == "function":
            return (yield)
        with self._lines_of(""):
            return (yield)

    def pytest_runtest_logreport(self, report):
        if report.failed and report.nodeid in self._tests:
            self._tests[report.nodeid]["failed"] = True

    def pytest_sessionfinish(self):
        self._coverage.stop()
        if self._tests:  # not where others run them
            self._coverage.save()
            (self._folder / f"tests.{os.getpid()}").write_text(json.dumps(self._tests))


class Choice:
    def __init__(self, seconds: dict[str, float]):
        self._seconds, self._order = seconds, {test: number for number, test in enumerate(seconds)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        chosen = [item for item in items if item.nodeid in self._order]
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in self._order])
        items[:] = sorted(chosen, key=lambda item: self._order[item.nodeid])
        for item in items:  # what hangs mostly does so in the first test
            item.add_marker(pytest.mark.timeout(20 + 10 * self._seconds[item.nodeid]))


def _plugin() -> Recorder | Choice | None:
    if folder := os.environ.get(RECORD):
        return Recorder(Path(folder), os.environ[FILES].split(os.pathsep))
    if chosen := os.environ.get(CHOSEN):
        return Choice(json.loads(Path(chosen).read_text()))
    return None


_THIS = _plugin()  # it begins before the modules are imported whose lines it records


def pytest_configure(config):
    config.pluginmanager.register(_THIS)
