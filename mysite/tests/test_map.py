"""docs/architecture.md is complete: it names each package and module once, and its diagrams name modules that exist.
And what it leads to can be read: no file is long."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
TEXT = (BASE / "docs" / "architecture.md").read_text()
APPS = (
    "accounts",
    "audit",
    "backups",
    "bot",
    "common",
    "files",
    "jobs",
    "mysite",
    "notifications",
    "presence",
    "rooms",
    "site_settings",
    "staff",
)
MOST_MODULES, MOST_LINES = 12, 1500  # on the way of a message, from frame to frame
LONGEST = 250  # lines of a file, but for tables:
TABLES = {"mysite/settings.py", "rooms/kernel/wire.py", "rooms/tests/operations.py", "rooms/tests/rights_table.py"}
TABLES |= {"mysite/tests/test_route_rights.py", "rooms/kernel/reasons.py"}
TABLES |= {"static/js/emoji/data.js", "static/js/emoji/words_de.js"}


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def named() -> Counter:
    """(folder, module) as often as the map has it: `name` in the item that begins with the folder."""
    found = Counter()
    for folder, words in re.findall(r"^- \*\*`([a-z_/]+)/`\*\*(.*?)(?=^- |^#|\Z)", section("Map"), re.M | re.S):
        found[folder, ""] += 1
        found.update((folder, name) for name in re.findall(r"`(\w+)`", words))
    return found


def there() -> set[tuple[str, str]]:
    files = [path.relative_to(BASE) for app in APPS for path in (BASE / app).rglob("*.py")]
    files = [path for path in files if not {"tests", "migrations"} & set(path.parts) and path.name != "__init__.py"]
    modules = {(str(path.parent), path.stem) for path in files}
    return modules | {(folder, "") for folder, _module in modules}


def test_the_map_names_each_package_and_module_once():
    found = named()
    assert set(found) - there() == set(), "named, but not there"
    assert there() - set(found) == set(), "there, but not named"
    assert {name: count for name, count in found.items() if count > 1} == {}


def participants(title: str) -> list[str]:
    return re.findall(r"^ +participant \w+ as ([\w.]+)$", section(title), re.M)


def path_of(module: str) -> Path:
    return BASE.joinpath(*module.split(".")).with_suffix(".py")


@pytest.mark.parametrize("title", ["How a message travels", "How an @mention is answered"])
def test_diagrams_name_modules_that_exist_and_take_part(title):
    modules = participants(title)
    assert len(modules) >= 10
    assert [module for module in modules if not path_of(module).exists()] == []
    declared = dict(re.findall(r"^ +(?:participant|actor) (\w+) as (.+)$", section(title), re.M))
    assert len(declared) == len(set(declared.values()))
    arrows = re.findall(r"^ +(\w+)-{1,2}>>(\w+):", section(title), re.M)
    assert {name for arrow in arrows for name in arrow} == set(declared)


def lines_of_code(path: Path) -> int:
    """Lines that hold code: no comments, docstrings and empty lines."""
    text = path.read_text()
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, documented) and ast.get_docstring(node)]
    docstrings = {number for node in nodes for number in range(node.body[0].lineno, node.body[0].end_lineno + 1)}
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") and number not in docstrings
        for number, line in enumerate(text.splitlines(), 1)
    )


def test_a_message_can_be_followed_from_frame_to_frame():
    modules = participants("How a message travels")
    assert len(modules) <= MOST_MODULES
    assert sum(lines_of_code(path_of(module)) for module in modules) <= MOST_LINES


def test_the_folders_of_the_browser_code_are_named():
    tools = section("Map").split("### The browser")[1]
    folders = {path.name for path in (BASE / "static" / "js").iterdir() if path.is_dir()} - {"tests"}
    assert folders <= set(re.findall(r"`(\w+)`", tools))


def test_files_named_in_prose_exist():
    """In every document, and in the README files beside the code."""
    documents = [*BASE.glob("*.md"), *(BASE / "docs").glob("*.md")]
    documents += [path for app in APPS for path in (BASE / app).rglob("*.md")]
    for path in documents:
        files = re.findall(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.(?:py|js|lua|css|html|md))`", path.read_text())
        assert [name for name in files if not (BASE / name).exists()] == [], path


def test_no_file_is_long():
    folders = [BASE / name for name in (*APPS, "bench", "e2e", "static", "templates", "testing")]
    files = [
        path for folder in folders for end in ("py", "js", "css", "html", "lua") for path in folder.rglob(f"*.{end}")
    ]
    long = {str(path.relative_to(BASE)) for path in files if path.read_text().count("\n") > LONGEST}
    assert long <= TABLES, "divide it by what it is about"
