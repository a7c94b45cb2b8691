"""What `bin/test` takes for itself, what it gives to pytest, and how it ends."""

import os
import re

import pytest
from django.conf import settings

from testing import dealing, machine, second_look, suites
from testing.__main__ import _arguments, main
from testing.real_models import packages


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
        ("realmodels -k slot", "realmodels", ["-kslot"]),
        ("--postgres --realmodels", "lint js unit postgres e2e realmodels", []),
        ("--random-order", "lint js unit e2e", []),
        ("--random-order=7 unit -x --postgres", "unit postgres", ["-x"]),
        (
            "bot/tests/real_models bot/tests/test_sse.py",
            "unit realmodels",
            ["bot/tests/real_models", "bot/tests/test_sse.py"],
        ),
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
    monkeypatch.setattr("testing.__main__._ARTIFACTS", tmp_path)
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


@pytest.mark.parametrize(
    ("words", "line", "code"),
    [("unit realmodels", "Failed: realmodels", 1), ("unit --realmodels", "Passed: unit", 0)],
)
def test_real_models_are_left_out_only_where_nobody_named_them(ended, monkeypatch, tmp_path, capsys, words, line, code):
    monkeypatch.setattr(packages, "_ENVIRONMENTS", tmp_path)
    ended({"unit": 0})
    assert main(words.split()) == code
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == line and ("Left out: realmodels" in said) is (code == 0)
    assert sum("llama.cpp's server" in each and "--no-install" in each for each in said) == 1


@pytest.mark.parametrize(
    ("words", "codes", "line"),
    [
        ("unit e2e", {"unit": 0, "e2e": 0}, "Passed: unit, e2e"),
        ("unit e2e", {"unit": 0, "e2e": 1}, "Failed: e2e"),
        ("e2e unit faults", {"unit": 1, "e2e": 0, "faults": 1}, "Failed: unit, faults"),
        ("unit e2e -x", {"unit": 1, "e2e": 1}, "Failed: unit, e2e"),
    ],
)
def test_whole_suites_that_wait_run_beside_the_others(ended, monkeypatch, tmp_path, capsys, words, codes, line):
    """What they print follows when the others are done; where there are options, one suite comes after the other."""
    monkeypatch.setenv("ROUNDTABLE_BROWSER", "any")
    commands = ended(codes)
    main(words.split())
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == line
    beside = "-x" not in words
    assert ("Meanwhile" in said) is beside and len(commands) == len(codes) - beside  # of this process
    assert said.index(suites.TITLES["unit"]) < said.index(suites.TITLES["e2e"])


@pytest.mark.parametrize(
    ("words", "seed"), [("unit --random-order=7", "7"), ("--random-order unit e2e/test_page.py", r"\d+")]
)
def test_a_random_order_is_every_suites_and_is_named_at_both_ends(ended, monkeypatch, capsys, words, seed):
    monkeypatch.setenv(dealing.SEED, "")  # restored afterwards
    ended({"unit": 0})
    assert main(words.split()) == 0
    said = capsys.readouterr().out
    [first, last] = re.findall(r"Random order: --random-order=(\d+) repeats it", said)
    assert first == last == os.environ[dealing.SEED] and re.fullmatch(seed, first)


def test_what_needs_an_order_has_failed_though_it_passes_alone(ended, monkeypatch, capsys):
    monkeypatch.setenv(dealing.SEED, "")
    monkeypatch.setattr(second_look, "look_again", lambda codes, *_: codes.update(unit=0) or {"unit": ["test_a.py::b"]})
    ended({"unit": 1})
    assert main(["unit", "--random-order=7"]) == 1
    assert main(["unit"]) == 0
    assert capsys.readouterr().out.count("passed alone, in unit:\n  test_a.py::b\n") == 2


def test_real_models_are_installed_while_other_tests_run(ended, monkeypatch, tmp_path):
    begun = []
    monkeypatch.setattr(packages, "_ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(packages, "install_meanwhile", lambda: begun.append(True))
    ended({"e2e": 0})
    main(["e2e", "--realmodels"])
    assert begun == [True]


def test_packages_are_made_anew_for_other_versions(monkeypatch, tmp_path):
    """An installation that was interrupted is not taken for one, either."""
    monkeypatch.setattr(packages, "_ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(packages, "_HERE", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(machine.NO_INSTALL, raising=False)  # as it is while bin/test --no-install runs this
    commands = []
    monkeypatch.setattr(packages.PackageSet, "_run", lambda self, command: _install(self, command, commands))
    some = packages.PackageSet("Some packages", "some")
    (tmp_path / "some.txt").write_text("a==1\n")
    first = some.get()
    assert some.get() == first == some.find() and len(commands) == 2
    (first.parents[1] / "complete").unlink()
    assert some.find() is None and some.get() == first and len(commands) == 4
    (tmp_path / "some.txt").write_text("a==2\n")
    assert some.find() is None and some.get() != first and not first.parents[1].exists()


def _install(some, command: list[str], commands: list) -> None:
    commands.append(command)
    some._folder.mkdir(exist_ok=True)


def test_every_package_of_a_model_server_has_its_version():
    """They are installed without what they name themselves."""
    for some in (packages.LLAMA, packages.LITELLM):
        lines = some._requirements.read_text().splitlines()
        assert all(re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line) for line in lines) and len(lines) > 2


def test_what_is_skipped_is_named_with_its_reason(pytestconfig):
    """By pytest's summary alone: the runner reads nothing of what a suite prints."""
    assert "-ra" in pytestconfig.getini("addopts")
