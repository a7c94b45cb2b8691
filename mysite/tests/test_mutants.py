"""`bin/test mutants`: which small changes it makes, and that it tells those that tests notice from the others."""

from pathlib import Path

import pytest

from testing import mutants
from testing.mutation_targets import TESTS
from testing.mutations import mutants_of


def changes(folder: Path, source: str) -> set[str]:
    file = folder / "module.py"
    file.write_text(source)
    return {mutant.after.decode() for mutant in mutants_of(file)}


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("a < b\n", {"a <= b\n", "a >= b\n"}),
        ("a and b\n", {"a or b\n"}),
        ("if not a: b\n", {"if a: b\n"}),
        ("x = 'ü', a - 1\n", {"x = 'ü', a + 1\n", "x = 'ü', a / 1\n"}),
        ("x += 1\n", {"x = 1\n", "x -= 1\n", "x *= 1\n"}),
        ("f(\n    1,\n)\ng = h()\n", {"pass\ng = h()\n"}),
        ("async def f():\n    await g()\n", {"async def f():\n    pass\n"}),
        ("logger.warning('lost')\n", set()),
        ("def f(x: int | None): ...\n", set()),
    ],
)
def test_changes_are_small_ones_that_people_make_too(tmp_path, source, changed):
    assert changes(tmp_path, source) == changed


def test_each_module_has_tests_that_exist():
    names = {name for names in TESTS.values() for name in names}
    assert [name for name in [*TESTS, *names] if not list(Path().glob(name))] == []


CODE = """LIMIT = 2 + 1

def over(people, limit):
    return people > limit

def under(people, limit):
    return people < limit

def nobody_calls(people):
    return people > 1
"""
TEST = """import subprocess
import sys
from presence.limit import LIMIT, over, under

def test_limit():
    assert over({people}, 3)

def test_number():
    assert LIMIT == 3

def test_in_another_process():
    said = "from presence.limit import under; print(under(3, 3))"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True).stdout == b"False\\n"
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """project(people): a small one, with a test that expects so many to be too many; returns its files, path → text."""

    def make(people: int) -> dict[str, str]:
        files = {
            "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = "."\nmarkers = ["timeout"]',
            "presence/limit.py": CODE,
            "presence/tests/test_limit.py": TEST.format(people=people),
        }
        for name, text in files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text)
        return files

    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take longer than these tests
    monkeypatch.setattr("testing.suites.cores", lambda: 1)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return make


def test_it_tells_what_the_tests_notice_from_what_they_do_not(project, capsys):
    files = project(people=4)
    assert mutants.main(["--seed", "1"]) == 0
    said = capsys.readouterr().out
    assert "\n+    return people >= limit\n" in said and "people <= limit\n \n def under" not in said
    assert ": no test runs it\n" in said and "\n+    return people >= 1\n" in said
    assert "caught   presence/limit.py:4 Compare, by presence/tests/test_limit.py::test_" in said
    assert "caught   presence/limit.py:1 BinOp, by presence/tests/test_limit.py::test_number\n" in said
    assert "caught   presence/limit.py:7 Compare, by presence/tests/test_limit.py::test_in_another_process\n" in said
    assert {str(path): path.read_text() for path in Path().rglob("*") if path.is_file()} == files


def test_tests_that_fail_without_a_change_are_named_and_left_out(project, capsys):
    project(people=3)
    assert mutants.main(["--sample", "1", "--seed", "4"]) == 0
    said = capsys.readouterr().out
    assert "left out:\n  presence/tests/test_limit.py::test_limit\n" in said
    assert "survived presence/limit.py:4 Compare: no test runs it" in said


def test_what_runs_a_line_is_known_for_the_whole_statement(tmp_path):
    file = tmp_path / "module.py"
    file.write_text("if (\n    a\n    and b < c\n):\n    d(\n        1 + 2,\n    )\n")
    lines = {(mutant.kind, tuple(mutant.lines)) for mutant in mutants_of(file)}
    assert ("Compare", (1, 2, 3, 4)) in lines
    assert ("BinOp", (5, 6, 7)) in lines
