"""The file .env: what its lines mean, and what is said about those that are wrong."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from mysite import env

ROOT = Path(__file__).parent.parent.parent


def test_the_example_as_it_stands_says_the_defaults(tmp_path):
    """With every line of it in force, all settings are what they are without it."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    taken = [line[2:] for line in lines if re.match(r"# (?!DATA_DIR|SECRET_KEY)[A-Z_]+=", line)]
    assert len(taken) > 20
    example = tmp_path / ".env"
    example.write_text("\n".join(taken))
    script = f"""
from pathlib import Path
from mysite import env
env.load_file(Path({str(example)!r}))
import django
from django.conf import settings
django.setup()
names = {{name for name in dir(settings) if name.isupper()}} - {{"SET_IN_ENVIRONMENT"}}  # which says what was given
values = {{name: repr(getattr(settings, name)) for name in sorted(names)}}
print({{name: value for name, value in values.items() if " at 0x" not in value}})
"""

    def values() -> str:
        environment = {
            "ROUNDTABLE_NO_DOTENV": "1",
            "DJANGO_SETTINGS_MODULE": "mysite.settings",
            "DATA_DIR": str(tmp_path),
        }
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    with_it = values()
    example.write_text("")
    assert with_it == values()


@pytest.fixture
def dotenv(tmp_path, monkeypatch):
    """dotenv(content): take it as the file of settings."""

    def take(content: str | bytes) -> None:
        path = tmp_path / "dotenv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        monkeypatch.setattr(os, "environ", {"GIVEN": "before"})
        env.load_file(path)

    return take


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("NAME=plain", "plain"),
        ("NAME = spaces around", "spaces around"),
        ("export NAME=exported", "exported"),
        ('NAME="a#b, thirty more"', "a#b, thirty more"),
        ("NAME=postgres://u:p#w@host/name", "postgres://u:p#w@host/name"),
        ('NAME="chat.example.org" # ours', "chat.example.org"),
        ("NAME='$HOME ${HOME}'", "$HOME ${HOME}"),
        ("NAME=", ""),
        ("\ufeffNAME=after a mark", "after a mark"),
    ],
)
def test_a_line_of_the_file(dotenv, line, value):
    dotenv(f"{line}\nGIVEN=in the file\n# NAME=comment\n\n")
    assert os.environ == {"GIVEN": "before", "NAME": value}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("PORT=1\nOPENAI_API_KEY sk-very-secret\n", "line 2 is not like NAME=value."),
        ("'sk-very-secret\n", "line 1 is not like NAME=value."),
        ("NAME=sk-very-secret-é\n".encode("latin-1"), "is not written in UTF-8."),
    ],
)
def test_what_is_wrong_in_the_file_is_told_without_what_stands_there(dotenv, content, sentence):
    with pytest.raises(ImproperlyConfigured) as raised:
        dotenv(content)
    assert str(raised.value).endswith(sentence)
    assert "secret" not in str(raised.value)


def test_a_file_that_cannot_be_read_is_not_passed_over(tmp_path):
    env.load_file(tmp_path / "none")
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        env.load_file(tmp_path)
