"""What `bin/test` takes for itself, what it gives to pytest, and how it ends."""

import pytest
from django.conf import settings

from testing import machine, suites
from testing.__main__ import _arguments, main


@pytest.mark.parametrize(
    ("given", "suites", "pytest_options"),
    [
        ("", "lint js unit e2e", []),
        ("--postgres", "lint js unit postgres e2e", []),
        ("unit e2e", "unit e2e", []),
        ("faults", "faults", []),
        ("faults -x -k redis", "faults", ["-x", "-kredis"]),
        ("faults -k bot", "faults", ["-kbot"]),  # a folder, too
        ("e2e -- -k reload", "e2e", ["-kreload"]),
        ("unit -x --postgres", "unit postgres", ["-x"]),
        ("-- -k reload", "unit e2e", ["-kreload"]),
        ("rooms/tests/test_slugs.py", "unit", ["rooms/tests/test_slugs.py"]),
        ("e2e/test_page.py rooms/tests -x", "unit e2e", ["e2e/test_page.py", "rooms/tests", "-x"]),
        ("e2e/faults/test_redis.py", "faults", ["e2e/faults/test_redis.py"]),
    ],
)
def test_words_go_where_they_belong(given, suites, pytest_options):
    asked = _arguments(given.split())
    assert asked.suites == suites.split()
    assert asked.pytest == pytest_options


def test_a_suite_that_does_not_exist_is_refused(capsys):
    with pytest.raises(SystemExit):
        _arguments(["untis"])
    assert "untis" in capsys.readouterr().err


@pytest.fixture
def ended(monkeypatch, tmp_path):
    """ended({"unit": 0, "faults": 1}): pytest will end so in each suite. Returns the commands, as they come."""
    commands = []

    def run_with(codes: dict[str, int]) -> list[list[str]]:
        def run(command, **_options):
            commands.append(command)
            return next(code for suite, code in codes.items() if f"--junitxml={tmp_path / suite}.xml" in command)

        monkeypatch.setattr(suites, "run", run)
        return commands

    monkeypatch.setattr(suites, "_ARTIFACTS", tmp_path)
    monkeypatch.setenv(machine.NO_INSTALL, "yes")
    monkeypatch.chdir(settings.BASE_DIR)
    return run_with


@pytest.mark.parametrize(
    ("options", "codes", "line"),
    [
        ("", (0, 0), "Passed: unit, faults"),
        ("", (1, 0), "Failed: unit"),
        ("-x", (0, 2), "Failed: faults"),
        ("-k redis", (5, 0), "Passed: faults"),  # 5: nothing was chosen
        ("-k redis", (5, 1), "Failed: faults"),
        ("-k nothing", (5, 5), "Failed: unit, faults"),
        ("", (5, 0), "Failed: unit"),
    ],
)
def test_it_ends_with_the_suites_that_failed(ended, capsys, options, codes, line):
    commands = ended(dict(zip(("unit", "faults"), codes, strict=True)))
    code = main(["unit", "faults", *options.split()])
    assert capsys.readouterr().out.splitlines()[-1] == line
    assert code == (1 if line.startswith("Failed") else 0)
    assert len(commands) == 2


def test_what_is_skipped_is_named_with_its_reason(pytestconfig):
    """By pytest's summary alone: the runner reads nothing of what a suite prints."""
    assert "-ra" in pytestconfig.getini("addopts")
