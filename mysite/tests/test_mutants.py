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


CODE = "def over(people, limit):\n    return people > limit\n"
TEST = "from presence.limit import over\n\ndef test_limit():\n    assert over({people}, 3)\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """project(people): a small one, with a test that expects so many to be too many; returns its files, path → text."""

    def make(people: int) -> dict[str, str]:
        files = {
            "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = "."',
            "presence/limit.py": CODE,
            "presence/tests/test_limit.py": TEST.format(people=people),
        }
        for name, text in files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text)
        return files

    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return make


def test_it_tells_what_the_tests_notice_from_what_they_do_not(project, capsys):
    files = project(people=4)
    assert mutants.main(["--seed", "1"]) == 0
    said = capsys.readouterr().out
    assert "\n+    return people >= limit\n" in said and "people <= limit" not in said
    assert "2 small changes: 1 caught, 1 survived" in said
    assert "caught   presence/limit.py:2 Compare, by presence/tests/test_limit.py::test_limit\n" in said
    assert {str(path): path.read_text() for path in Path().rglob("*") if path.is_file()} == files


def test_tests_that_fail_without_a_change_are_shown_instead(project, capsys):
    project(people=3)
    assert mutants.main([]) == 1
    said = capsys.readouterr().out
    assert "these fail without a change: presence/tests/test_limit.py" in said and "assert over(3, 3)" in said
