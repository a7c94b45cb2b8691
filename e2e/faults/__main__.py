"""bin/faults [F1 F3 …] [--postgres]: break things, and see that nothing is lost. Ends non-zero when a line fails."""

import argparse
import asyncio
import contextlib
import os
import resource
import sys
import time

from testing.cluster import Cluster

from . import (  # noqa: F401 - they register themselves
    abuse,
    clocks,
    database,
    lines,
    locks,
    model,
    presence,
    processes,
    readers,
    redis,
    threads,
)
from .registry import FAULTS, Fault
from .report import Report
from .world import World


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")  # which says what an embedded Redis is
    asked = _arguments()
    _allow_many_files()
    failed = []
    for name in asked.faults or sorted(FAULTS, key=lambda name: (len(name), name)):
        found = FAULTS[name]
        for postgres in _databases(found, asked):
            print(f"{name}  {found.title}, on {'PostgreSQL' if postgres else 'SQLite'}", flush=True)
            failed += [f"{name}: {line}" for line in _break(found, postgres, asked.away)]
    print(f"\n{len(failed)} lines failed", *failed, sep="\n  ")
    return 1 if failed else 0


def _break(fault: Fault, postgres: bool, away: float) -> list[str]:
    report, begun = Report(), time.monotonic()
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(Cluster()) if postgres else None
        world = stack.enter_context(World(**fault.options, database_url=cluster.url if cluster else ""))
        world.cluster, world.away = cluster, away
        try:
            asyncio.run(fault.run(world, report))
        except AssertionError as error:
            report.check(str(error), False)
        if report.failed:
            print(f"    the server's last words:\n{world.stack.log[-2000:]}", flush=True)
    print(f"    {time.monotonic() - begun:.0f} s\n", flush=True)
    return report.failed


def _databases(fault: Fault, asked) -> list[bool]:
    sqlite, postgres = fault.on_sqlite and not asked.only_postgres, fault.on_postgres and not asked.only_sqlite
    return [False] * sqlite + [True] * postgres


def _arguments():
    parser = argparse.ArgumentParser(prog="bin/faults", description=__doc__, epilog=_names())
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "faults",
        nargs="*",
        type=str.upper,
        choices=[*FAULTS, []],
        metavar="FAULT",
        help="all of them when none is named",
    )
    parser.add_argument("--only-sqlite", action="store_true")
    parser.add_argument("--only-postgres", action="store_true", help="those that are proven there too")
    parser.add_argument("--away", type=float, default=20, help="seconds that F9 is away (20; the line says 600)")
    return parser.parse_args()


def _names() -> str:
    return "\n".join(f"{name:4} {fault.title}" for name, fault in FAULTS.items())


def _allow_many_files() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else 65536, hard))


if __name__ == "__main__":
    sys.exit(main())
