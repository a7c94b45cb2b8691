"""No regular expression of ours, or of the Markdown library, takes time that grows faster than the text."""

import importlib
import pkgutil
import re
from pathlib import Path
from types import ModuleType

import markdown_it
import pytest

import accounts
import bot
import mysite
import rooms
from rooms.tests.growth import grows_too_fast, seconds

from .hostile_texts import hostile_texts

SIZES = (500, 2000)
CHEAP = 0.0003  # seconds for 2,000 characters: work that grows with the square takes more on any machine
WORK = {
    "match": lambda pattern: pattern.match,
    "fullmatch": lambda pattern: pattern.fullmatch,
    "search": lambda pattern: pattern.search,
    "sub": lambda pattern: lambda text: pattern.sub("", text),
}
ALSO = {"finditer": "sub", "findall": "sub", "split": "sub"}  # these go through all of the text as well


def modules(package: ModuleType) -> list[ModuleType]:
    """All but tests, migrations and programs."""
    names = [each.name for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    left_out = {"tests", "testing", "migrations", "management", "__main__", "port"}
    return [importlib.import_module(name) for name in names if not left_out & set(name.split("."))]


def patterns(found: object) -> list[re.Pattern]:
    """Compiled expressions in a value, or in a collection."""
    if isinstance(found, re.Pattern):
        return [found] if isinstance(found.pattern, str) else []
    if isinstance(found, dict | list | tuple):
        return [each for item in (found.values() if isinstance(found, dict) else found) for each in patterns(item)]
    return []


def used(name: str, source: str) -> set[str]:
    """What is done with the expression of that name: keys of WORK."""
    lines = "\n".join(line for line in source.splitlines() if re.search(rf"\b{name}\b", line))
    found = {ALSO.get(verb, verb) for verb in re.findall(r"\.(\w+)\(", lines)}
    return found & WORK.keys() or {"sub"}


def slow(module: ModuleType, source: str) -> tuple[list[str], int]:
    """Expressions that take too long, and how many texts were tried."""
    found, count = [], 0
    for name, value in vars(module).items():
        for pattern in patterns(value):
            for verb in used(name, source):
                act = WORK[verb](pattern)
                texts = list(hostile_texts(pattern))
                count += len(texts)
                dear = (make for make in texts if seconds(act, make(SIZES[-1])) > CHEAP)
                why = next((why for make in dear if (why := grows_too_fast(act, make, SIZES))), None)
                found += [f"{module.__name__}.{name}.{verb}: {why}"] if why else []
    return found, count


@pytest.mark.parametrize("package", [accounts, bot, mysite, rooms, markdown_it])
def test_no_expression_takes_time_that_grows_faster_than_the_text(package, tried):
    root = Path(package.__file__).parent
    files = (path for path in root.rglob("*.py") if "tests" not in path.relative_to(root).parts)
    source = "\n".join(path.read_text() for path in files)
    results = [slow(module, source) for module in modules(package)]
    assert not [each for found, _count in results for each in found]
    tried(f"texts for the regular expressions of {package.__name__}", sum(count for _found, count in results))


@pytest.mark.parametrize("expression", [r"a+$", r"(a|b)*c\Z", r"[,.]+\Z", r"<[^>]*>"])
def test_one_that_does_is_found(expression):
    act = WORK["sub"](re.compile(expression))
    assert any(grows_too_fast(act, make, (250, 1000)) for make in hostile_texts(re.compile(expression)))
