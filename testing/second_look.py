"""A few tests that failed in a whole run are run once more, one after the other, with nothing beside them.

A whole run keeps every core busy for its whole time, with browsers, servers and databases side by side. What fails in
there and passes alone is told apart from what is broken. It is named at the end of the run, with what it said in
`artifacts/<suite>.xml`: such a test, or what it tests, depends on time, and has to be mended as well.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

MOST = 10  # of one suite: more are no accident
SUITES = {"unit", "postgres", "e2e", "realmodels"}  # faults measure, and are alone already
FAILED_TESTS = 1  # pytest's exit code
_OPTIONS = ["--last-failed", "--last-failed-no-failures=none"]


def forget(folder: Path) -> None:
    """What earlier runs kept: a test may be gone meanwhile."""
    shutil.rmtree(folder, ignore_errors=True)


def failed_tests(folder: Path) -> list[str]:
    """Their node ids. folder: pytest's cache of one suite."""
    kept = folder / "v" / "cache" / "lastfailed"
    return sorted(json.loads(kept.read_text())) if kept.exists() else []


def look_again(
    codes: dict[str, int | None], caches: Path, run: Callable[[str, list[str]], int | None]
) -> dict[str, list[str]]:
    """Run the failed tests of each suite with run(suite, options), and write the new exit code into `codes`.

    Returns the tests that passed now, by suite.
    """
    unsteady = {}
    for suite in [name for name, code in codes.items() if name in SUITES and code == FAILED_TESTS]:
        failed = failed_tests(caches / suite)
        if not 0 < len(failed) <= MOST:
            continue
        codes[suite] = run(suite, _OPTIONS)
        still = set(failed_tests(caches / suite))
        unsteady[suite] = [test for test in failed if test not in still]
    return unsteady
