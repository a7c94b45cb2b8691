"""Each suite: how it is run, and how its numbers are read."""

import os
import re
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from .outcome import CannotRun, Outcome
from .running import run

TITLES = {
    "lint": "Style",
    "js": "Browser code",
    "unit": "Unit and socket tests",
    "postgres": "Unit and socket tests, on PostgreSQL",
    "e2e": "End to end",
    "faults": "Faults and abuse",
}
_ARTIFACTS = Path("artifacts")
_NOTHING_CHOSEN = 5  # pytest's exit code


def lint() -> Outcome:
    """Python: rules, format, imports. Browser code (deno.json): rules, format."""
    ruff = [sys.executable, "-m", "ruff"]
    contracts = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    deno = Path(sys.executable).with_name("deno")
    checks = (
        [*ruff, "check"],
        [*ruff, "format", "--check"],
        contracts,
        [deno, "lint", "--quiet"],
        [deno, "fmt", "--check"],
    )
    # Without its own folder, deno would keep a cache in the user's home and ask the network for updates.
    folder = {"DENO_DIR": str(_ARTIFACTS / "deno"), "DENO_NO_UPDATE_CHECK": "1"}
    codes = [run(check, env=os.environ | folder) for check in checks]
    return Outcome(passed=codes.count(0), failed=len(codes) - codes.count(0))


def javascript(node: str) -> Outcome:
    files = sorted(str(path) for path in Path("static/js/tests").rglob("*test*") if path.suffix in (".js", ".mjs"))
    if not files:
        raise CannotRun("there are no files like static/js/tests/*.test.js.")
    report = _ARTIFACTS / "js.tap"
    command = [node, "--test", "--test-reporter=spec", "--test-reporter-destination=stdout"]
    command += ["--test-reporter=tap", f"--test-reporter-destination={report}"]
    code = run([*command, *files])
    counts = dict(re.findall(r"^# (pass|fail|cancelled|skipped|todo) (\d+)$", report.read_text(), re.MULTILINE))
    failed = int(counts.get("fail", 0)) + int(counts.get("cancelled", 0))
    skipped = int(counts.get("skipped", 0)) + int(counts.get("todo", 0))
    return _checked(Outcome(int(counts.get("pass", 0)), failed, skipped), code)


def unit(options: list[str], name: str = "unit", **environment: str) -> Outcome:
    """Everything but e2e. A whole run is shared by several processes, each with its own database and Redis.

    ROUNDTABLE_TESTS=database leaves out the tests that use no database (conftest.py), for a second run on another.
    Two a core: these tests wait more than they compute.
    """
    own = _for_suite("unit", options)
    return _pytest(name, own or _shared_by(min(2 * _cores(), 8)), environment)


def end_to_end(options: list[str], browser: str) -> Outcome:
    """In processes of their own: the browser's driver runs an event loop that other tests must not see.

    A whole run is shared by three or more, each with a browser and a stack.
    """
    own = _for_suite("e2e", options)
    own = own or _shared_by(min(max(3, _cores()), 4))
    own += [] if any(map(names_a_test, own)) else ["e2e"]
    return _pytest("e2e", own, {"ROUNDTABLE_BROWSER": browser})


def faults(options: list[str]) -> Outcome:
    """One after the other: they measure. Each prints what it finds while it goes on."""
    own = _for_suite("faults", options)
    own += [] if any(map(names_a_test, own)) else ["e2e/faults"]
    return _pytest("faults", own, {})


def names_a_test(option: str) -> bool:
    return not option.startswith("-") and Path(option.partition("::")[0]).exists()


def suite_of(test: str) -> str:
    """Where a test is run that is named by its file."""
    return "faults" if test.startswith("e2e/faults") else "e2e" if test.startswith("e2e") else "unit"


def _for_suite(name: str, options: list[str]) -> list[str]:
    """All options, and the tests of this suite."""
    return [option for option in options if not names_a_test(option) or suite_of(option) == name]


def _shared_by(processes: int) -> list[str]:
    return [f"--numprocesses={processes}", "--dist=worksteal"]


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pytest(name: str, options: list[str], environment: dict[str, str]) -> Outcome:
    report = _ARTIFACTS / f"{name}.xml"
    report.unlink(missing_ok=True)
    files = Path(tempfile.gettempdir(), name)
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", f"--basetemp={files}", *options]
    code = run(command, env={**os.environ, **environment})
    if code == _NOTHING_CHOSEN and any(option.startswith("-") for option in options):
        return Outcome()
    if not report.exists():
        return Outcome(failed=1)
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):  # noqa: S314 (our own file)
        counts = {key: count + int(suite.get(key, 0)) for key, count in counts.items()}
    failed = counts["failures"] + counts["errors"]
    return _checked(Outcome(max(0, counts["tests"] - failed - counts["skipped"]), failed, counts["skipped"]), code)


def _checked(outcome: Outcome, code: int) -> Outcome:
    """A runner that ended badly has failed, whatever it counted."""
    return outcome if outcome.failed or code == 0 else outcome + Outcome(failed=1)
