"""Each suite: how it is run, with which exit code. Its own runner says what passed, failed and was skipped, and why."""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

from .machine import CannotRun
from .running import run

TITLES = {
    "lint": "Style",
    "js": "Browser code",
    "unit": "Unit and socket tests",
    "postgres": "Unit and socket tests, on PostgreSQL",
    "e2e": "End to end",
    "faults": "Faults and abuse",
    "realmodels": "Real model servers",
}
# Where the tests are that run only in a suite of their own, and are left out of the others by pyproject.toml.
_FOLDERS = {"faults": "e2e/faults", "realmodels": "bot/tests/real_models"}
_ARTIFACTS = Path("artifacts")
NOTHING_CHOSEN = 5  # pytest's exit code


def lint() -> int:
    """Python: rules, format, imports, types. Browser code (deno.json): rules, format."""
    ruff = [sys.executable, "-m", "ruff"]
    contracts = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    deno = Path(sys.executable).with_name("deno")
    checks = (
        [*ruff, "check"],
        [*ruff, "format", "--check"],
        contracts,
        [sys.executable, "-m", "mypy", "--cache-dir", str(_type_cache())],
        [deno, "lint", "--quiet"],
        [deno, "fmt", "--check"],
        [sys.executable, "-m", "testing.stylesheets"],
        [sys.executable, "-m", "testing.templates"],
    )
    # Without its own folder, deno would keep a cache in the user's home and ask the network for updates.
    folder = {"DENO_DIR": str(_ARTIFACTS / "deno"), "DENO_NO_UPDATE_CHECK": "1"}
    # mypy imports the settings: those of a new clone, whatever this machine's are.
    settings = {"DEBUG": "1", "ROUNDTABLE_NO_DOTENV": "1"}
    codes = [run(check, env=os.environ | folder | settings) for check in checks]  # all, whichever fail
    return 1 if any(codes) else 0


def _type_cache() -> Path:
    """mypy's own, one for each version of the settings: it does not notice when the type of a setting changes."""
    version = hashlib.sha256(b"".join(Path("mysite", name).read_bytes() for name in ("env.py", "settings.py")))
    return _ARTIFACTS / "mypy" / version.hexdigest()[:12]


def javascript(node: str) -> int:
    files = sorted(str(path) for path in Path("static/js/tests").rglob("*test*") if path.suffix in (".js", ".mjs"))
    if not files:
        raise CannotRun("there are no files like static/js/tests/*.test.js.")
    command = [node, "--test", "--test-reporter=spec", "--test-reporter-destination=stdout"]
    command += ["--test-reporter=tap", f"--test-reporter-destination={_ARTIFACTS / 'js.tap'}"]
    return run([*command, *files])


def unit(options: list[str], name: str = "unit", **environment: str) -> int:
    """Everything but e2e. A whole run is shared by several processes, each with its own database and Redis.

    ROUNDTABLE_TESTS=database leaves out the tests that use no database, for a second run on another one: see
    database_fixtures.py.
    One more than there are cores: with browsers beside them, more only wait for each other.
    """
    own = _for_suite("unit", options)
    return _pytest(name, own or _shared_by(min(cores() + 1, 8)), environment)


def end_to_end(options: list[str], browser: str) -> int:
    """In processes of their own: the browser's driver runs an event loop that other tests must not see.

    A whole run is shared by two or more, each with a browser and a stack.
    """
    own = _for_suite("e2e", options)
    own = own or _shared_by(min(max(2, cores()), 4))
    own += [] if any(map(names_a_test, own)) else ["e2e"]
    return _pytest("e2e", own, {"ROUNDTABLE_BROWSER": browser})


def faults(options: list[str]) -> int:
    """One after the other: they measure. Each prints what it finds while it goes on."""
    return _in_folder("faults", options)


def real_models(options: list[str]) -> int:
    """One after the other: each has its processor to think with."""
    return _in_folder("realmodels", options)


def _in_folder(name: str, options: list[str]) -> int:
    own = _for_suite(name, options)
    own += [] if any(map(names_a_test, own)) else [_FOLDERS[name]]
    return _pytest(name, own, {})


def names_a_test(option: str) -> bool:
    return not option.startswith("-") and Path(option.partition("::")[0]).exists()


def suite_of(test: str) -> str:
    """Where a test is run that is named by its file."""
    own = next((name for name, folder in _FOLDERS.items() if test.startswith(folder)), None)
    return own or ("e2e" if test.startswith("e2e") else "unit")


def _for_suite(name: str, options: list[str]) -> list[str]:
    """All options, and the tests of this suite."""
    return [option for option in options if not names_a_test(option) or suite_of(option) == name]


def _shared_by(processes: int) -> list[str]:
    return [f"--numprocesses={processes}", "--dist=worksteal"]


def caches() -> Path:
    """Where pytest notes what failed, for each suite by itself."""
    return _ARTIFACTS / "pytest"


def cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _pytest(name: str, options: list[str], environment: dict[str, str]) -> int:
    again = "-again" if "--last-failed" in options else ""
    report = _ARTIFACTS / f"{name}{again}.xml"
    report.unlink(missing_ok=True)
    files = Path(tempfile.gettempdir(), name)
    command = [sys.executable, "-m", "pytest", f"--junitxml={report}", f"--basetemp={files}"]
    command += ["-o", f"cache_dir={(caches() / name).absolute()}", *options]
    return run(command, env={**os.environ, **environment})
