"""Programs that the tests need beside Python's packages: found, or installed where that can and may be done.

They are installed outside the project's folder, so each is named before, with the way to do without.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

NO_INSTALL = "ROUNDTABLE_NO_INSTALL"  # set by --no-install, also for the processes of a suite

# The first has no windows, menus and profiles: it takes two thirds of the processor time that a whole browser takes.
_BROWSERS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
_MAC = "/Applications/{0}.app/Contents/MacOS/{0}"
_POSTGRES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
_announced: set["Program"] = set()


class CannotRun(Exception):
    """Something is missing that a suite needs. The text says what, and how to get it."""


@dataclass(frozen=True)
class Program:
    what: str
    package: str  # Debian's
    find: Callable[[], str | None]
    own_installer: Callable[[], list[str]] | None = None  # its command, tried before the system's

    def get(self) -> str:
        """Where it is: installed first if it is missing. Raises CannotRun."""
        if found := self.find():
            return found
        announce([self])
        for command in self.commands():
            if _run(command) and (found := self.find()):
                return found
        kept = ", and --no-install keeps it from being installed" if os.environ.get(NO_INSTALL) else ""
        raise CannotRun(f"{self.what} is needed{kept}; install it (on Debian: apt install {self.package}).")

    def commands(self) -> list[list[str]]:
        """What would install it, the first choice first. None where that cannot or may not be done."""
        if os.environ.get(NO_INSTALL):
            return []
        found = [self.own_installer()] if self.own_installer else []
        if _may_use_apt():
            found.append(["apt-get", "install", "-y", "-qq", "--no-install-recommends", self.package])
        return found


def announce(programs: Iterable[Program]) -> None:
    """Say, once, which of these will be installed when they are needed, by which commands, and how to do without."""
    missing = [each for each in programs if each not in _announced and each.commands() and not each.find()]
    if missing:
        _announced.update(missing)
        print("Missing; to be installed on this machine, outside the project's folder:")
        for each in missing:
            print(f"  {each.what}, by: {', or '.join(' '.join(command) for command in each.commands())}")
        print("With --no-install nothing is installed: what is there is used, and what needs more fails.", flush=True)


def _find_browser() -> str | None:
    return os.environ.get("ROUNDTABLE_BROWSER") or _installed_browser() or _playwrights()


def _installed_browser() -> str | None:
    places = [shutil.which(name) for name in _BROWSERS]
    places += [_MAC.format(name) for name in ("Google Chrome", "Chromium")]
    return next((place for place in places if place and os.access(place, os.X_OK)), None)


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.access(path, os.X_OK) else None


def _playwright_install() -> list[str]:
    """Into the cache of its own in the user's home; where it may, with the system's libraries that a browser needs."""
    options = ["--with-deps"] if _may_use_apt() else []
    return [sys.executable, "-m", "playwright", "install", *options, "chromium"]


def _find_node() -> str | None:
    found = shutil.which("node") or shutil.which("nodejs")
    if found is None:
        return None
    version = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
    numbers = tuple(map(int, re.findall(r"\d+", version)[:2]))
    return found if numbers >= (18, 15) else None


def _find_postgres() -> str | None:
    """The folder of its programs, the newest."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    for pattern in _POSTGRES:
        found += sorted(Path("/").glob(pattern[1:]), key=_version, reverse=True)
    return next((str(folder) for folder in found if os.access(folder / "initdb", os.X_OK)), None)


def _version(folder: Path) -> int:
    return int((re.findall(r"\d+", str(folder)) or ["0"])[-1])


def _may_use_apt() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _run(command: list[str]) -> bool:
    """Whether it worked. apt-get says much, and is heard only when it fails."""
    print(f"{' '.join(command)} …", flush=True)
    if command[0] != "apt-get":
        return subprocess.run(command).returncode == 0
    for each in (["apt-get", "update", "-qq"], command):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        outcome = subprocess.run(each, env=environment, capture_output=True, text=True)
        if outcome.returncode:
            print(outcome.stderr[-2000:], flush=True)
            return False
    return True


BROWSER = Program("a Chromium or Chrome browser", "chromium-headless-shell", _find_browser, _playwright_install)
NODE = Program("Node.js 18.15 or newer", "nodejs", _find_node)
POSTGRES = Program("a PostgreSQL server", "postgresql", _find_postgres)
