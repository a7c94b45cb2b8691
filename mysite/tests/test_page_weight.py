"""What our scripts and styles weigh, as they are sent: minified, each file compressed by itself.

What a room's page loads by itself is measured in a browser (e2e/test_quality.py); this counts what comes by import()
as well, so that nothing grows where no test looks.
"""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from rcssmin import cssmin
from rjsmin import jsmin

from common.stylesheets import BUNDLES

STATIC = Path(settings.BASE_DIR) / "static"
FROM = r'^(?:import|export)\s(?:[^;]*?from\s+)?"(\.[^"]+)"'
LATER = r'import\(\s*"(\.[^"]+)"'
DATA = "emoji"  # a folder of tables, which the picker alone asks for

# In bytes. They may fall; whoever raises one says in the commit what for.
FIRST, ALL = 68_000, 115_000


def weight(path: Path) -> int:
    minify = jsmin if path.suffix == ".js" else cssmin
    return len(brotli.compress(minify(path.read_text()).encode()))


def reached(start: Path, later: bool) -> set[Path]:
    """The modules that one loads, and those they load; later: also by import()."""
    seen: set[Path] = set()
    ahead = [start]
    while ahead:
        path = ahead.pop()
        if path in seen or path.parent.name == DATA:
            continue
        seen.add(path)
        text = path.read_text()
        found = re.findall(FROM, text, re.MULTILINE) + (re.findall(LATER, text) if later else [])
        ahead += [(path.parent / each).resolve() for each in found]
    return seen


@pytest.mark.parametrize(("later", "most"), [(False, FIRST), (True, ALL)], ids=["at once", "in all"])
def test_scripts_of_a_room_stay_light(later, most):
    weights = {path.name: weight(path) for path in reached(STATIC / "js" / "main.js", later)}
    heaviest = sorted(weights.items(), key=lambda each: -each[1])[:10]
    assert sum(weights.values()) < most, heaviest


def test_no_module_is_left_that_nothing_loads():
    pages = {STATIC / "js" / name for name in re.findall(r"js/([\w/]+\.js)", _templates())}
    used = set().union(*(reached(page, later=True) for page in pages))
    ours = {path for path in (STATIC / "js").rglob("*.js") if path.parent.name not in ("tests", DATA)}
    assert ours - used == set()


def test_no_style_is_left_that_no_page_names():
    named = set(re.findall(r"css/([\w/]+\.css)", _templates() + _scripts()))
    named |= {f"{sheet}.css" for sheets in BUNDLES.values() for sheet in sheets}
    assert {path.name for path in (STATIC / "css").glob("*.css")} - named == set()


def _templates() -> str:
    return "".join(path.read_text() for path in Path(settings.BASE_DIR).joinpath("templates").rglob("*.html"))


def _scripts() -> str:
    return "".join(path.read_text() for path in STATIC.joinpath("js").rglob("*.js"))
