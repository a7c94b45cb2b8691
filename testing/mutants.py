"""`bin/test mutants`: whether the unit tests notice small changes of the code.

Poodle makes the changes. It is used as a library, because it takes no random sample and runs the same tests for every
change; here each change runs the tests that mutation_targets.py names for its module, in a copy of the project.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from .machine import CannotRun
from .mutations import Mutant, all_mutants
from .running import run

_LEFT_OUT = (".git", ".venv", ".env", ".*_cache", ".hypothesis", "__pycache__", "artifacts", "node_modules", "var")

_A_TEST = {"PYTEST_TIMEOUT": "120"}  # seconds for one test: most changes that hang do so in the first


def main(arguments: list[str]) -> int:
    asked = _arguments(arguments)
    found = [mutant for mutant in all_mutants() if str(mutant.file).startswith(tuple(asked.only))]
    sample = random.Random(asked.seed).sample(found, min(asked.sample, len(found)))  # noqa: S311 - no secret
    print(f"{len(sample)} of {len(found)} small changes, with --seed {asked.seed}", flush=True)
    trials, results = Trials(), Counter()
    for number, mutant in enumerate(sorted(sample, key=lambda each: (each.file, each.line)), 1):
        result, why = _result(trials, mutant)
        results[result] += 1
        print(f"{number:4} {result:8} {mutant.file}:{mutant.line} {mutant.kind}{why}", flush=True)
    print(f"{len(sample)} small changes: {', '.join(f'{count} {result}' for result, count in sorted(results.items()))}")
    return 1 if results["untried"] else 0


def _result(trials: "Trials", mutant: Mutant) -> tuple[str, str]:
    """The result, and what to read beside it: the test that noticed, or the change that none noticed."""
    try:
        result = trials.run(mutant)
    except CannotRun as error:
        return "untried", f"\n{error}"
    noticed = f", by {trials.failed_test()}" if result == "caught" else ""
    return result, f"\n{mutant.diff()}" if result == "survived" else noticed


def _arguments(arguments: list[str]):
    parser = argparse.ArgumentParser(
        prog="bin/test mutants",
        description="Change the code at random places, one at a time, and run the unit tests of the changed module. A"
        " change that no test notices is printed: it needs a test, unless it means nothing.",
        epilog="example: bin/test mutants --sample 20 --only presence bot/queue",
    )
    parser.add_argument("--sample", type=int, default=100, metavar="N", help="how many changes (default: 100)")
    parser.add_argument(
        "--seed", type=int, default=random.randrange(10_000), metavar="N", help="of another run, to repeat it"
    )  # noqa: S311
    parser.add_argument(
        "--only", nargs="+", default=[""], metavar="PATH", help="folders or files (see testing/mutation_targets.py)"
    )
    return parser.parse_args(arguments)


class Trials:
    """Runs of tests in a copy of the project, which lies among the temporary files of `bin/test`."""

    def __init__(self):
        folder = Path(tempfile.mkdtemp())
        self._tree, self._output = folder / "tree", folder / "output"
        self._seconds: dict[tuple[str, ...], float] = {}  # without a change
        self._count = 0
        shutil.copytree(".", self._tree, ignore=shutil.ignore_patterns(*_LEFT_OUT))

    def run(self, mutant: Mutant) -> str:
        """ "caught", "survived", or "hung", which is caught as well."""
        limit = 3 * self._without_a_change(mutant.tests) + 60
        file = self._tree / mutant.file
        file.write_bytes(mutant.after)
        self._count += 1
        os.utime(file, (self._count, self._count))  # no other one's, so that Python compiles it anew
        try:
            return "survived" if all(self._pass(tests, limit) for tests in mutant.steps()) else "caught"
        except subprocess.TimeoutExpired:
            return "hung"
        finally:
            file.write_bytes(mutant.before)

    def failed_test(self) -> str:
        """Of the last run. Where it has nothing to do with the change, the machine was too busy for it."""
        found = re.search(r"^(?:FAILED|ERROR) (\S+)", self._output.read_text(errors="replace"), re.MULTILINE)
        return found[1] if found else "an error before the first test"

    def _without_a_change(self, tests: tuple[str, ...]) -> float:
        if tests not in self._seconds:
            began = time.monotonic()
            if not self._pass(tests) and not self._pass(tests):  # a busy machine fails a test now and then
                said = self._output.read_text(errors="replace")[-2000:]
                raise CannotRun(f"these fail without a change: {' '.join(tests)}\n{said}")
            self._seconds[tests] = time.monotonic() - began
        return self._seconds[tests]

    def _pass(self, tests: tuple[str, ...], limit: float | None = None) -> bool:
        command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", *tests]
        with self._output.open("wb") as output:
            return run(command, limit, cwd=self._tree, env=os.environ | _A_TEST, stdout=output, stderr=output) == 0
