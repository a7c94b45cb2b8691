"""Runs the suites that bin/test was asked for, and ends with one line: "N passed, N failed"."""

import argparse
import os
import sys
from pathlib import Path

from . import machine, suites
from .cluster import Cluster
from .outcome import CannotRun, Outcome
from .running import own_folder

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    asked = _arguments()
    os.chdir(ROOT)
    (ROOT / "artifacts").mkdir(exist_ok=True)
    total = Outcome()
    for name in asked.suites:
        print(f"\n=== {suites.TITLES[name]} ===", flush=True)
        try:
            outcome = _RUN[name](asked.pytest)
        except CannotRun as error:
            print(f"Cannot run: {error}", flush=True)
            outcome = Outcome(failed=1)
        total += outcome
    if asked.pytest and total.passed + total.failed == 0:
        print("No test was chosen.")
        total += Outcome(failed=1)
    if total.skipped:
        print(f"\n{total.skipped} skipped; each is named with its reason above.")
    print(f"\n{total.passed} passed, {total.failed} failed", flush=True)
    return 1 if total.failed else 0


def _on_postgres(options: list[str]) -> Outcome:
    with Cluster() as cluster:
        return suites.unit(options, "postgres", DATABASE_URL=cluster.url, ROUNDTABLE_TESTS="database")


def _end_to_end(options: list[str]) -> Outcome:
    return suites.end_to_end(options, machine.browser())


_RUN = {
    "lint": lambda _options: suites.lint(),
    "js": lambda _options: suites.javascript(machine.node()),
    "unit": suites.unit,
    "postgres": _on_postgres,
    "e2e": _end_to_end,
}


def _arguments():
    own, pytest = _split(sys.argv[1:])
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description="Run the tests: all suites, or those that are named. What follows -- is given to pytest.",
        epilog="examples: bin/test unit; bin/test e2e -- -k reload; bin/test -- rooms/tests/test_slugs.py",
    )
    parser.add_argument("suites", nargs="*", choices=[*_RUN, []], metavar="|".join(_RUN))
    parser.add_argument("--postgres", action="store_true", help="run the unit tests on PostgreSQL too")
    asked = parser.parse_args(own)
    chosen = set(asked.suites or _fitting(pytest)) | ({"postgres"} if asked.postgres else set())
    asked.suites = [name for name in _RUN if name in chosen]
    asked.pytest = pytest
    return asked


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """What is for us, and what for pytest."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at], arguments[at + 1 :]


def _fitting(options: list[str]) -> list[str]:
    """The suites that can hold what was chosen by pytest's options."""
    named = [option.startswith("e2e") for option in options if suites.names_a_test(option)]
    if named:
        return ["e2e"] * any(named) + ["unit"] * (not all(named))
    return ["unit", "e2e"] if options else ["lint", "js", "unit", "e2e"]


if __name__ == "__main__":
    with own_folder():
        try:
            sys.exit(main())
        except KeyboardInterrupt:
            sys.exit(130)
