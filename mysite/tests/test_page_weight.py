"""What our scripts and styles weigh, as they are sent: joined, minified and compressed.

What a room's page loads by itself is measured in a browser (e2e/test_quality.py); this counts what comes by import()
as well, so that nothing grows where no test looks.
"""

import re
from pathlib import Path, PurePath

import brotli
import pytest
from django.conf import settings

from common.stylesheets import BUNDLES
from mysite.web.minified_scripts import minify_scripts
from mysite.web.module_bundles import join_modules

STATIC = Path(settings.BASE_DIR) / "static"
FROM = r'^(?:import|export)\s(?:[^;]*?from\s+)?"(\.[^"]+)"'
WORKER = STATIC / "js" / "worker.js"  # named by a view
LATER = r'import\(\s*"(\.[^"]+)"'
DATA = "emoji"  # a folder of tables, which the picker alone asks for

# In bytes. They may fall; whoever raises one says in the commit what for.
FIRST, ALL = 42_200, 85_000


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
    """As they are joined. Tables of emoji are left out: the picker alone asks for them."""
    paths = (path for path in (STATIC / "js").rglob("*.js") if path.parent.name != "tests")
    texts = {path.relative_to(STATIC).as_posix(): path.read_text() for path in paths}
    texts |= {name: "export default ``;\n" for name in texts if f"/{DATA}/" in name}
    joined = join_modules(texts).files
    files, sent = (
        {PurePath(name).name: text for name, text in all.items()} for all in (joined, minify_scripts(joined))
    )
    seen, ahead = {}, ["main.js"]
    while ahead:
        if (name := ahead.pop()) not in seen:
            seen[name] = len(brotli.compress(sent[name].encode()))
            named = re.findall(r'import\("\S+/(\S+)\.\w+\.js"\)' if later else "^$", files[name])
            ahead += [f"{each}.js" for each in named + re.findall(r' from "\S+/(\S+)\.\w+\.js";\n', files[name])]
    heaviest = sorted(seen.items(), key=lambda each: -each[1])[:10]
    assert sum(seen.values()) < most, heaviest


def test_no_module_is_left_that_nothing_loads():
    pages = {STATIC / "js" / name for name in re.findall(r"js/([\w/]+\.js)", _templates())}
    pages.add(WORKER)
    used = set().union(*(reached(page, later=True) for page in pages))
    ours = {path for path in (STATIC / "js").rglob("*.js") if path.parent.name not in ("tests", DATA)}
    assert ours - used == set()


def test_no_part_of_the_page_imports_another():
    """They talk by events and by the store; what several need is in core, state or lib."""
    parts = {path for path in (STATIC / "js").iterdir() if path.is_dir()}
    shared = {STATIC / "js" / name for name in ("core", "emoji", "lib", "state", "tests", "worker")}
    found = []
    for path in (path for part in parts - shared for path in part.glob("*.js")):
        text = path.read_text()
        named = re.findall(FROM, text, re.MULTILINE) + re.findall(LATER, text)
        others = {(path.parent / each).resolve().parent for each in named} & (parts - shared - {path.parent})
        found += [f"{path.name} → {other.name}" for other in others]
    assert found == []


def test_no_style_is_left_that_no_page_names():
    named = set(re.findall(r"css/([\w/]+\.css)", _templates() + _scripts()))
    named |= {f"{sheet}.css" for sheets in BUNDLES.values() for sheet in sheets}
    assert {path.name for path in (STATIC / "css").glob("*.css")} - named == set()


def _templates() -> str:
    return "".join(path.read_text() for path in Path(settings.BASE_DIR).joinpath("templates").rglob("*.html"))


def _scripts() -> str:
    return "".join(path.read_text() for path in STATIC.joinpath("js").rglob("*.js"))
