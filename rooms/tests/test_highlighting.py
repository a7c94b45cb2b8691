"""Code is coloured in languages of a list, and no lexer of the list hangs on anything."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rooms.text import highlighting, markup
from rooms.text.highlighting import LANGUAGES, find_language, highlight_code

from .hostile_code import HANGS


@pytest.fixture(scope="module")
def attack():
    """attack(language): try hostile code in a process that the operating system ends when it hangs; → its exit code,
    what it has tried, and what is wrong."""
    command, root = [sys.executable, "-m", "rooms.tests.hostile_code"], Path(__file__).parents[2]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=root, **pipes) as process:

        def ask(language: str, seconds: float = HANGS) -> list:
            process.stdin.write(json.dumps([language, seconds]) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask
        process.stdin.close()


@pytest.fixture(scope="module")
def tried():
    """What was tried, language by language; printed at the end."""
    tried: dict[str, dict[str, int]] = {}
    yield tried
    short, long, cut = (sum(each[name] for each in tried.values()) for name in ("short", "long", "cut"))
    print(f"\n{len(tried)} languages: {short} short and {long} long texts of hostile code, {cut} of these cut off")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_lexer_hangs(language, attack, tried):
    code, found, wrong = attack(language)
    assert code == 0, f"{language}: {wrong or code}"
    tried[language] = json.loads(found)


def test_a_lexer_that_hangs_is_found(attack):
    code, _found, wrong = attack("mcschema", 1)
    assert code == 1 and "hangs" in wrong


def test_a_lexer_that_asks_for_others_is_found(attack):
    code, _found, wrong = attack("postgresql")
    assert code == 1 and "asks for the lexer" in wrong


def test_a_process_that_is_ended_is_told_apart(attack):
    """Such as one that the operating system ends; and the next language is tried all the same."""
    code, _found, wrong = attack("there is none")
    assert code == 1 and "there is none" in wrong
    assert attack("json")[0] == 0


def test_there_are_as_many_languages_as_people_paste():
    assert 40 <= len(LANGUAGES) <= 60
    assert len(set(LANGUAGES)) == len(LANGUAGES) and set(map(find_language, LANGUAGES)) == set(LANGUAGES)
    assert set(highlighting._ALIASES.values()) <= set(LANGUAGES)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("js", "javascript"), ("ts", "typescript"), ("sh", "bash"), ("zsh", "bash"), ("yml", "yaml"), ("c++", "cpp"),
        ("c#", "csharp"), ("golang", "go"), ("rs", "rust"), ("py", "python"), ("py3", "python"), ("Python", "python"),
        ("HTML", "html"), ("rb", "ruby"),
        ("ps1", "powershell"), ("dockerfile", "docker"), ("makefile", "make"), ("tf", None), ("md", "markdown"),
        ("postgres", "sql"), ("sqlite", "sql"), ("vue", "html"), ("svg", "xml"), ("kt", "kotlin"), ("patch", "diff"),
        ("jsonc", "json"), ("objc", "objective-c"), ("shell-session", "console"), ("hs", "haskell"), ("F#", None),
        ("mcschema", None), ("text", None), ("", None), ("klingon", None),
    ],
)  # fmt: skip
def test_names_of_languages(name, language):
    assert find_language(name) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_coloured(language):
    code = {
        "diff": "- a\n+ b",
        "markdown": "# a\n",
        "http": "GET / HTTP/1.1\nHost: example.org",
        "pycon": ">>> 1",
        "console": "$ ls",
    }
    assert "<span" in highlight_code(code.get(language, 'a = "b" { 1 } <b> # x\n\\c [1] // y\n'), language)


def test_an_unknown_language_is_plain_and_named():
    shown = markup.render("```mcschema\n<!--\n```", highlight_code).html()
    assert shown == '<pre class="code" data-language="mcschema"><code>&lt;!--\n</code></pre>\n'


@pytest.mark.parametrize(
    "text",
    ["```http\nPOST / HTTP/1.1\nContent-Type: application/json\n\n{}\n```", "````markdown\n```python\nx\n```\n````"],
)
def test_code_within_code_is_plain(text):
    assert (
        "<span" in markup.render(text, highlight_code).marked
        and '<span class="p">' not in markup.render(text, highlight_code).marked
    )
