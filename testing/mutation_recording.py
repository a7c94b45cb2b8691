"""Which lines each test runs, and how long it takes: recorded once, and then asked for each change."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coverage import CoverageData

from .mutations import Mutant

_Lines = dict[int, set[str]]  # the tests that run it; "" is what runs for all, as when a module is imported


@dataclass
class Chosen:
    """The tests that may notice a change, quickest first, each with the seconds that it took."""

    seconds: dict[str, float]
    run_the_line: bool  # or else only programs that they start may do so


class Recording:
    def __init__(self, folder: Path, tree: Path):
        """folder: what mutation_plugin.Recorder has written there, of the tests in `tree`."""
        self._tests: dict[str, dict] = {}
        for part in folder.glob("tests.*"):
            self._tests |= json.loads(part.read_text())
        self._lines: dict[str, _Lines] = {}
        for part in folder.glob("lines.*"):
            self._add(part, tree)

    def _add(self, part: Path, tree: Path) -> None:
        data = CoverageData(str(part))
        data.read()
        for file in data.measured_files():
            lines = self._lines.setdefault(str(Path(file).relative_to(tree)), {})
            for line, tests in data.contexts_by_lineno(file).items():
                lines.setdefault(line, set()).update(tests)

    def failed(self) -> list[str]:
        return sorted(test for test, known in self._tests.items() if known["failed"])

    def seconds(self) -> float:
        return sum(known["seconds"] for known in self._tests.values())

    def chosen(self, mutant: Mutant) -> Chosen:
        """Of the mutant's tests: those that run its lines, and those that start programs, which may run them.

        What all tests run, such as what is done when a module is imported, any of them may notice.
        """
        lines = self._lines.get(str(mutant.file), {})
        run = set().union(*(lines.get(line, ()) for line in mutant.lines))
        mine = [test for test in self._tests if _file(test) in mutant.tests and not self._tests[test]["failed"]]
        if "" not in run:
            mine = [test for test in mine if test in run or self._tests[test]["starts_python"]]
        of_module = set().union(*lines.values())
        mine.sort(key=lambda test: self._seconds(test) * _distance(mutant, test, test in (run | of_module)))
        return Chosen({test: self._seconds(test) for test in mine}, "" in run or not run.isdisjoint(mine))

    def _seconds(self, test: str) -> float:
        return self._tests[test]["seconds"]


def _distance(mutant: Mutant, test: str, runs_module: bool) -> int:
    """How much longer a test may take to come as early as one that is about the module, and runs it."""
    about = re.search(rf"\b{mutant.file.stem}\b", _text(_file(test)))
    return (1 if about else 5) * (1 if runs_module else 25)


def _file(test: str) -> str:
    return test.partition("::")[0]


@cache
def _text(file: str) -> str:
    return Path(file).read_text()
