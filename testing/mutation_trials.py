"""Runs of tests in copies of the project: once to record which lines each test runs, then once for each change."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import mutation_plugin, shared_run
from .machine import CannotRun
from .mutation_recording import Recording
from .mutations import Mutant
from .running import run

_LEFT_OUT = (".git", ".venv", ".env", ".*_cache", ".hypothesis", "__pycache__", "artifacts", "node_modules", "var")


class Copy:
    """The project in a folder among the temporary files of `bin/test`, in which one run of tests at a time goes on."""

    def __init__(self, shared: Path):
        """shared: a folder of all copies, in which the plugin and a database with its tables are kept."""
        self._folder, self._shared = Path(tempfile.mkdtemp()), shared
        self.tree, self._output = self._folder / "tree", self._folder / "output"
        self._count = 0
        shutil.copytree(".", self.tree, ignore=shutil.ignore_patterns(*_LEFT_OUT))

    def try_out(self, mutant: Mutant, seconds: dict[str, float]) -> str:
        """ "caught", "survived", or "hung", which is caught as well. seconds: the tests to run, in this order."""
        chosen = self._folder / "chosen"
        chosen.write_text(json.dumps(seconds))
        file = self.tree / mutant.file
        file.write_bytes(mutant.after)
        self._count += 1
        os.utime(file, (self._count, self._count))  # no other one's, so that Python compiles it anew
        try:
            limit = 3 * sum(seconds.values()) + 60
            return "survived" if self._run(_files(seconds), limit, CHOSEN=str(chosen)) == 0 else "caught"
        except subprocess.TimeoutExpired:
            return "hung"
        finally:
            file.write_bytes(mutant.before)

    def record(self, files: list[str], tests: list[str], processes: int) -> Recording:
        """files: whose lines. Raises CannotRun with what pytest said when it could not run all tests."""
        folder = self._folder / "recorded"
        folder.mkdir()
        paths = os.pathsep.join(str(self.tree / file) for file in files)
        split = [f"--numprocesses={processes}", "--dist=worksteal"] if processes > 1 else []
        code = self._run([*split, *tests], None, RECORD=str(folder), FILES=paths)
        if code not in (0, 1):  # 1: some tests failed
            raise CannotRun(f"pytest could not run the tests without a change:\n{self.said()[-2000:]}")
        return Recording(folder, self.tree)

    def failed_test(self) -> str:
        """Of the last run. Where it has nothing to do with the change, the machine was too busy for it."""
        found = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - |$)", self.said(), re.MULTILINE)
        return found[1] if found else "an error before the first test"

    def said(self) -> str:
        return self._output.read_text(errors="replace")

    def _run(self, arguments: list[str], limit: float | None, **plugin: str) -> int:
        once = [] if "RECORD" in plugin else ["-x"]
        command = [sys.executable, "-m", "pytest", *once, "-p", "no:cacheprovider", "-p", "mutation_plugin", *arguments]
        environment = {getattr(mutation_plugin, name): value for name, value in plugin.items()}
        environment |= {"PYTHONPATH": str(self._shared), shared_run.FOLDER: str(self._shared)}
        environment |= {"PYTHONDONTWRITEBYTECODE": ""}  # or else each run would compile everything
        with self._output.open("wb") as output:
            return run(command, limit, cwd=self.tree, env=os.environ | environment, stdout=output, stderr=output)


@contextmanager
def copies(count: int) -> Iterator[list[Copy]]:
    shared = Path(tempfile.mkdtemp())
    shutil.copy(mutation_plugin.__file__, shared)
    yield [Copy(shared) for _ in range(count)]


def _files(tests: dict[str, float]) -> list[str]:
    return list(dict.fromkeys(test.partition("::")[0] for test in tests))
