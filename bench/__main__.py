"""Measures Roundtable, and its peers beside it. See bench/README.md."""

import argparse
import importlib
import os
import resource
import shutil
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from .report import machine
from .servers import BASE_DIR

NAMES = (
    "fanout",
    "posts",
    "connects",
    "catch_up",
    "growth",
    "search",
    "presence",
    "bot",
    "first_words",
    "page",
    "files",
    "notify",
)
_FILES = 65_536


@dataclass
class Options:
    folder: Path  # for everything that is written
    seconds: float = 8.0  # of load, for one figure
    peers: bool = True
    stores: list[str] = field(default_factory=lambda: ["sqlite"])


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")  # which says what an embedded Redis is
    arguments = _arguments()
    _raise_file_limit()
    data = BASE_DIR / (os.environ.get("DATA_DIR") or "var")
    folder = data / "bench"
    names = NAMES if "all" in arguments.names else list(dict.fromkeys(arguments.names))
    options = Options(folder, arguments.seconds, not arguments.no_peers, arguments.database)
    print(f"## {' '.join(names)}\n\n{machine()}\n", flush=True)
    began, took = time.monotonic(), []
    with ExitStack() as stack:
        stack.callback(_clear, folder)
        for name in names:
            started = time.monotonic()
            for table in importlib.import_module(f"bench.{name}").tables(options):
                print(table, flush=True)
            took.append(f"{name} {time.monotonic() - started:.0f} s")
    print(f"Measured in {time.monotonic() - began:.0f} s: {', '.join(took)}.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("names", nargs="*", default=["all"], help=f"what to measure: all, {', '.join(NAMES)}")
    parser.add_argument("--seconds", type=float, default=8.0, help="of load for one figure (8)")
    parser.add_argument("--no-peers", action="store_true", help="fanout: this application alone")
    parser.add_argument(
        "--database",
        action="append",
        choices=["sqlite", "postgresql"],
        help="where messages are kept, for posts, search and notify; may be given twice (both)",
    )
    arguments = parser.parse_args()
    arguments.database = arguments.database or ["sqlite", "postgresql"]
    if unknown := set(arguments.names) - {"all", *NAMES}:
        parser.error(f"there is no {', '.join(sorted(unknown))}; use: all, {', '.join(NAMES)}")
    return arguments


def _raise_file_limit() -> None:
    """A socket is an open file, here and in the servers, which inherit the limit."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(hard, _FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _clear(folder: Path) -> None:
    """Databases and logs of the runs; what Node's packages took long to fetch stays."""
    for path in folder.iterdir() if folder.exists() else ():
        if path.name != "node":
            shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
