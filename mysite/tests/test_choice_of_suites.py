"""What `bin/test` takes for itself, and what it gives to pytest."""

import pytest

from testing.__main__ import _arguments


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
