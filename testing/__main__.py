"""Runs the suites that bin/test was asked for, and ends with one line that names those that failed."""

import argparse
import os
import random
import sys
from contextlib import suppress
from functools import partial
from itertools import takewhile
from pathlib import Path

from . import machine, mutants, second_look, side_by_side, suites
from .cluster import Cluster
from .dealing import SEED
from .real_models import packages
from .running import own_folder

ROOT = Path(__file__).resolve().parent.parent
_ARTIFACTS = Path("artifacts")


def main(given: list[str]) -> int:
    os.chdir(ROOT)
    if given[:1] == ["mutants"]:
        return mutants.main(given[1:])
    asked = _arguments(given)
    order = None if asked.random_order is None else f"\nRandom order: --random-order={asked.random_order} repeats it"
    if order:
        os.environ[SEED] = str(asked.random_order)
        print(order, flush=True)
    _ARTIFACTS.mkdir(exist_ok=True)
    machine.announce(_NEEDS[name] for name in asked.suites if name in _NEEDS)
    all_codes = _run_all(asked)
    # What passes alone may need an order, which is a fault where the order is what was tried.
    unsteady = {} if asked.pytest else _look_again(dict(all_codes) if order else all_codes)
    codes = {name: code for name, code in all_codes.items() if code is not None}
    failed = _failed(codes, asked.pytest)
    passed = [name for name, code in codes.items() if code == 0]
    if left_out := [name for name in asked.suites if name not in codes]:
        print(f"\nLeft out: {', '.join(left_out)}")
    for suite, tests in unsteady.items():
        print(f"\nFailed at first and passed alone, in {suite}:", *tests, sep="\n  ")
    if order:
        print(order)
    print(f"\nFailed: {', '.join(failed)}" if failed else f"\nPassed: {', '.join(passed)}", flush=True)
    return 1 if failed else 0


def _run_all(asked: argparse.Namespace) -> side_by_side.Codes:
    """The exit code of each suite; None of one that was left out. Whole suites run side by side: see _WAITING."""
    if not asked.pytest:
        second_look.forget(suites.caches())
    beside = [name for name in asked.suites if name in _WAITING]
    first = [name for name in asked.suites if name not in {*beside, "faults"}]
    if asked.pytest or not beside or not first:
        return _run_each(asked.suites, asked)
    for name in asked.suites:  # two at once might not be installed
        with suppress(machine.CannotRun):
            if name in _NEEDS:
                _NEEDS[name].get()
    log = _ARTIFACTS / "beside.log"
    print(f"\nMeanwhile, in {log}: {', '.join(beside)}", flush=True)
    with side_by_side.running(partial(_run_each, beside, asked), log) as result:
        codes = _run_each(first, asked)
        codes |= dict.fromkeys(beside, 1) | result()
    print(log.read_text(errors="replace"), end="", flush=True)
    codes |= _run_each([name for name in asked.suites if name == "faults"], asked)
    return {name: codes[name] for name in asked.suites}


def _look_again(codes: side_by_side.Codes) -> dict[str, list[str]]:
    def run(suite: str, options: list[str]) -> int | None:
        print(f"\n=== {suites.TITLES[suite]}: once more, alone, what failed ===", flush=True)
        return _SUITES[suite](options)

    return second_look.look_again(codes, suites.caches(), run)


def _run_each(names: list[str], asked: argparse.Namespace) -> side_by_side.Codes:
    """One after the other."""
    if names and names[-1] == "realmodels" and len(names) > 1:
        packages.install_meanwhile()
    return {name: _run(name, asked) for name in names}


def _run(suite: str, asked: argparse.Namespace) -> int | None:
    """Its exit code; None where it cannot run and need not."""
    print(f"\n=== {suites.TITLES[suite]} ===", flush=True)
    try:
        return _SUITES[suite](asked.pytest)
    except machine.CannotRun as error:
        left_out = suite in asked.optional
        print(f"{'Left out' if left_out else 'Cannot run'}: {error}", flush=True)
        return None if left_out else 1


def _failed(codes: dict[str, int], options: list[str]) -> list[str]:
    """A suite in which options as -k chose nothing has not failed, if another one ran something."""
    is_elsewhere = any(option.startswith("-") for option in options) and set(codes.values()) != {suites.NOTHING_CHOSEN}
    fine = {0, suites.NOTHING_CHOSEN} if is_elsewhere else {0}
    return [suite for suite, code in codes.items() if code not in fine]


def _on_postgres(options: list[str]) -> int:
    with Cluster() as cluster:
        return suites.unit(options, "postgres", DATABASE_URL=cluster.url, ROUNDTABLE_TESTS="database")


def _end_to_end(options: list[str]) -> int:
    return suites.end_to_end(options, machine.BROWSER.get())


def _with_real_models(options: list[str]) -> int:
    """Where only the proxy is missing, its tests are skipped, and pytest names them."""
    packages.LLAMA.get()
    try:
        packages.LITELLM.get()
    except machine.CannotRun as error:
        print(f"Left out: the tests with LiteLLM. {error}", flush=True)
    return suites.real_models(options)


_SUITES = {
    "lint": lambda _options: suites.lint(),
    "js": lambda _options: suites.javascript(machine.NODE.get()),
    "unit": suites.unit,
    "postgres": _on_postgres,
    "e2e": _end_to_end,
    "faults": suites.faults,
    "realmodels": _with_real_models,
}
_NEEDS = {"js": machine.NODE, "postgres": machine.POSTGRES, "e2e": machine.BROWSER, "faults": machine.POSTGRES}
# They wait for pages and models more than they compute. (Faults are alone: they measure.)
_WAITING = {"e2e", "realmodels"}
_FLAGS = {"--postgres", "--realmodels", "--no-install", "--random-order", "-h", "--help"}


def _arguments(given: list[str]):
    own, pytest = _split(given)
    parser = argparse.ArgumentParser(
        prog="bin/test",
        usage="bin/test [--postgres] [--realmodels] [--no-install] [--random-order[=SEED]] [SUITE ...] "
        "[PYTEST'S OPTIONS AND TESTS]",
        description="Run the tests: all suites but faults and realmodels, or those that are named. Other options "
        "are for pytest.",
        epilog="examples: bin/test unit; bin/test e2e -k reload; bin/test faults -x -k redis; "
        "bin/test rooms/tests/test_slugs.py. Whether the unit tests notice small changes: bin/test mutants --help",
    )
    parser.add_argument("suites", nargs="*", choices=[*_SUITES, []], metavar="SUITE", help=", ".join(_SUITES))
    parser.add_argument("--postgres", action="store_true", help="run the unit tests on PostgreSQL too")
    parser.add_argument(
        "--realmodels",
        action="store_true",
        help="ask real model servers, too, where their packages can be had (500 MB, into artifacts/)",
    )
    parser.add_argument(
        "--no-install",
        action="store_true",
        help="use what is there, and fail where something is missing; otherwise Python's packages are installed into "
        ".venv, and a browser, Node.js or PostgreSQL on this machine, each named before",
    )
    parser.add_argument(
        "--random-order",
        nargs="?",
        type=int,
        const=random.randrange(10**6),  # noqa: S311
        metavar="SEED",
        help="run the tests of each suite of pytest in a random order, which is printed and can be repeated",
    )
    asked = parser.parse_args(own)
    if asked.no_install:  # bin/test takes it away itself, and sets the same
        os.environ[machine.NO_INSTALL] = "yes"
    named = set(asked.suites or _fitting(pytest))
    asked.optional = {"realmodels"} - named if asked.realmodels else set()
    chosen = named | asked.optional | ({"postgres"} if asked.postgres else set())
    asked.suites = [name for name in _SUITES if name in chosen]
    asked.pytest = pytest
    return asked


def _split(given: list[str]) -> tuple[list[str], list[str]]:
    """What is for us: flags, and the suites before anything else. What is for pytest: the rest, and all after --."""
    at = given.index("--") if "--" in given else len(given)
    flags = [word for word in given[:at] if _is_ours(word)]
    words = [word for word in given[:at] if not _is_ours(word)]
    named = list(takewhile(lambda word: word in _SUITES or not _is_pytests(word), words))
    return named + flags, _with_values(words[len(named) :] + given[at + 1 :])


def _is_ours(word: str) -> bool:
    return word.partition("=")[0] in _FLAGS


def _is_pytests(word: str) -> bool:
    return word.startswith("-") or suites.names_a_test(word)


def _with_values(options: list[str]) -> list[str]:
    """Each -k and -m in one word with its value, which may be the name of a folder and still chooses no tests there."""
    words = iter(options)
    return [word + next(words, "") if word in ("-k", "-m") else word for word in words]


def _fitting(options: list[str]) -> set[str]:
    """The suites that can hold what was chosen by pytest's options."""
    named = {suites.suite_of(option) for option in options if suites.names_a_test(option)}
    return named or ({"unit", "e2e"} if options else {"lint", "js", "unit", "e2e"})


if __name__ == "__main__":
    with own_folder():
        try:
            sys.exit(main(sys.argv[1:]))
        except KeyboardInterrupt:
            sys.exit(130)
