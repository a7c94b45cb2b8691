"""What is installed outside the project's folder is named before; with --no-install, nothing is installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from testing import machine
from testing.machine import CannotRun

from .waiting import PATIENCE


@pytest.fixture
def project(tmp_path) -> Path:
    """A folder with the real bin/serve, and a manage.py that prints its arguments."""
    shutil.copytree(settings.BASE_DIR / "bin", tmp_path / "bin")
    (tmp_path / "requirements.txt").write_text("# the web\ndjango==5.2\n\n# tests\nno-such-package==1.0\n")
    (tmp_path / "manage.py").write_text("import sys; print(sys.argv[1:])")
    return tmp_path


def run(project: Path, program: str, *words: str) -> subprocess.CompletedProcess:
    command = [project / "bin" / program, *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)


def test_no_environment_is_made(project):
    done = run(project, "serve", "--no-install")
    assert done.returncode == 1
    assert "There is no .venv" in done.stderr and "requirements.txt" in done.stderr
    assert not (project / ".venv").exists()


def test_what_is_in_the_environment_is_used_for_what_it_suffices(project):
    (project / ".venv").symlink_to(sys.prefix)
    done = run(project, "serve", "--only", "a b", "--no-install", "")
    assert done.stdout.splitlines() == ["['serve', '--only', 'a b', '']"], done.stderr
    done = run(project, "test", "--no-install")
    assert done.returncode == 1
    assert "there is no no-such-package, and --no-install" in done.stderr


@pytest.fixture
def installed(monkeypatch, capfd) -> list[tuple[str, list[str]]]:
    """(What was said before, command) of each installation, none of which really happens. apt-get may be used."""
    found = []

    def note(command, **_options):
        found.append((capfd.readouterr().out, command))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(machine.subprocess, "run", note)
    monkeypatch.setattr(machine, "_may_use_apt", lambda: True)
    monkeypatch.delenv(machine.NO_INSTALL, raising=False)
    return found


def program(found: list[str]) -> machine.Program:
    """One that is there when something is in `found`."""
    return machine.Program("a Frobnicator", "frob", lambda: found[0] if found else None)


def test_it_is_named_before_it_is_installed(installed):
    with pytest.raises(CannotRun, match=r"a Frobnicator is needed; .*apt install frob"):
        program([]).get()
    said, first = installed[0]
    assert "apt-get install" in said and "a Frobnicator" in said and "--no-install" in said
    assert [first[1], installed[1][1][1]] == ["update", "install"]


def test_all_that_is_missing_is_named_at_once_and_once(installed, capfd):
    missing, there = program([]), program(["/bin/frob"])
    machine.announce([missing, there])
    assert capfd.readouterr().out.count("a Frobnicator") == 1
    machine.announce([missing])
    assert capfd.readouterr().out == ""
    assert installed == []


def test_without_installing_what_is_there_is_used_and_what_is_missing_is_named(installed, monkeypatch, capfd):
    monkeypatch.setenv(machine.NO_INSTALL, "yes")
    assert program(["/bin/frob"]).get() == "/bin/frob"
    with pytest.raises(CannotRun, match="a Frobnicator is needed, and --no-install keeps it from being installed"):
        program([]).get()
    assert installed == [] and capfd.readouterr().out == ""


def test_the_runner_takes_the_option_too():
    command = [sys.executable, "-m", "testing", "--no-install", "js"]
    environment = {"PATH": "/nowhere", "HOME": os.environ.get("HOME", "/")}
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 1
    assert "Cannot run: Node.js 18.15 or newer is needed, and --no-install" in done.stdout
