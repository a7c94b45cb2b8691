"""Programs that the tests need beside Python's packages: found, or installed where that can be done."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .outcome import CannotRun

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC = "/Applications/{0}.app/Contents/MacOS/{0}"
_POSTGRES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


def browser() -> str:
    """A Chromium or Chrome: an installed one, Playwright's, or one from the system's packages. Raises CannotRun."""
    return (
        os.environ.get("ROUNDTABLE_BROWSER")
        or _installed_browser()
        or _playwrights()
        or _downloaded()
        or (_apt("chromium") and _installed_browser())
        or _missing("a Chromium or Chrome browser", "chromium")
    )


def node() -> str:
    """Node.js, 18.15 or newer."""
    return _new_enough() or (_apt("nodejs") and _new_enough()) or _missing("Node.js 18.15 or newer", "nodejs")


def postgres() -> Path:
    """The folder of PostgreSQL's server programs, the newest."""
    return _postgres() or (_apt("postgresql") and _postgres()) or _missing("a PostgreSQL server", "postgresql")


def _installed_browser() -> str | None:
    places = [shutil.which(name) for name in _BROWSERS]
    places += [_MAC.format(name) for name in ("Google Chrome", "Chromium")]
    return next((place for place in places if place and os.access(place, os.X_OK)), None)


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if os.access(path, os.X_OK) else None


def _downloaded() -> str | None:
    print("Getting a browser for the tests…", flush=True)
    options = ["--with-deps"] if os.geteuid() == 0 and shutil.which("apt-get") else []
    command = [sys.executable, "-m", "playwright", "install", *options, "chromium"]
    return _playwrights() if subprocess.run(command).returncode == 0 else None


def _new_enough() -> str | None:
    found = shutil.which("node") or shutil.which("nodejs")
    if found is None:
        return None
    version = subprocess.run([found, "--version"], capture_output=True, text=True).stdout
    numbers = tuple(map(int, re.findall(r"\d+", version)[:2]))
    return found if numbers >= (18, 15) else None


def _postgres() -> Path | None:
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    for pattern in _POSTGRES:
        found += sorted(Path("/").glob(pattern[1:]), key=_version, reverse=True)
    return next((folder for folder in found if os.access(folder / "initdb", os.X_OK)), None)


def _version(folder: Path) -> int:
    return int((re.findall(r"\d+", str(folder)) or ["0"])[-1])


def _apt(package: str) -> bool:
    """Install a package of the system, which root may. Whether that worked."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {package}…", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        outcome = subprocess.run(["apt-get", *command], env=environment, capture_output=True, text=True)
        if outcome.returncode:
            print(outcome.stderr[-2000:], flush=True)
            return False
    return True


def _missing(what: str, package: str):
    raise CannotRun(f"{what} is needed; install it (on Debian: apt install {package}).")
