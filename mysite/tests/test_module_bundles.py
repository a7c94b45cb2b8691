"""Our modules, joined: each once, in files that name each other rightly and wait for none that waits for them."""

import re
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest
from django.conf import settings

from mysite.web.module_bundles import MOVED_TO, PAGES, join_modules

STATIC = Path(settings.BASE_DIR) / "static"
IMPORT = re.compile(r'^import \{ ([^}]+) \} from "(.+)";$', re.MULTILINE)
LATER = re.compile(r'import\("(.+?)"\)\.then\(\(all\) => all\.(\$m\d+)\)')


def sources() -> dict[str, str]:
    paths = (path for path in (STATIC / "js").rglob("*.js") if path.parent.name != "tests")
    return {path.relative_to(STATIC).as_posix(): path.read_text() for path in paths}


@pytest.fixture(scope="module")
def joined():
    return join_modules(sources())


def named(joined, path: str, pattern: re.Pattern) -> list[tuple[str, str]]:
    """What a file names by a pattern whose groups are two, in their order: (the other file, the rest)."""
    found = (match.groups() for match in pattern.finditer(joined.files[path]))
    pairs = (pair if pattern is LATER else pair[::-1] for pair in found)
    return [(normpath(join(dirname(path), file)).replace(f".{joined.version}", ""), what) for file, what in pairs]


def test_each_module_is_there_once_and_each_name_leads_to_it(joined):
    made = [name for text in joined.files.values() for name in re.findall(r"^const (\$m\d+) =", text, re.MULTILINE)]
    assert len(made) == len(set(made)) == len(sources())
    for path, text in joined.files.items():
        for pattern in (IMPORT, LATER):
            for other, names in named(joined, path, pattern):
                [exported] = re.findall(r"^export \{ (.+) \};$", joined.files[other], re.MULTILINE)
                assert set(names.split(", ")) <= set(exported.split(", ")), f"{path} → {other}"
        assert text.count("import(") == len(LATER.findall(text)), path


def test_no_file_waits_for_itself_and_none_of_the_first_is_large_for_nothing(joined):
    def needs(path: str, above: tuple[str, ...] = ()) -> set[str]:
        assert path not in above
        return {path}.union(*(needs(other, (*above, path)) for other, _ in named(joined, path, IMPORT)))

    needed = {path: needs(path) for path in joined.files}
    room, page = (f"js/joined/{Path(path).name}" for path in MOVED_TO)
    assert room in needed["js/main.js"] and page in needed["js/list.js"]
    assert room not in needed["js/list.js"] and page not in needed["js/main.js"]
    assert "js/joined/every_page.js" not in needed["js/gone.js"] | needed["js/copy_field.js"]
    assert not any("emoji" in path for start in PAGES for path in needed[start])
    assert len(needed["js/main.js"]) < 10


def test_what_waits_for_a_table_is_in_no_file_that_others_need(joined):
    assert "words_de" in joined.files["js/joined/lib_emoji.js"]
    assert "words_de" not in joined.files["js/joined/shared.js"] + joined.files["js/joined/lib.js"]


def test_what_pages_name_keeps_its_path(joined):
    templates = "".join(path.read_text() for path in Path(settings.BASE_DIR).joinpath("templates").rglob("*.html"))
    assert set(re.findall(r"static '(js/[\w/]+\.js)'", templates)) <= joined.files.keys()


PLAIN = dict.fromkeys((*PAGES, *MOVED_TO), "")


def test_a_module_becomes_a_function_that_returns_what_it_exports():
    made = join_modules(
        PLAIN
        | {
            "js/main.js": 'import { a, b as c } from "./lib/a.js";\nimport d from "./lib/d.js";\n\na(c, d);\n',
            "js/lib/a.js": 'export const a = async () => await import("./later.js");\nexport async function b() {}\n',
            "js/lib/d.js": "export default `\nexport const x = 1;`;\n".replace("\nexport", "\n export"),
            "js/lib/later.js": "const x = await 1;\nexport { x };\n".replace("export { x };", "export const y = x;"),
        }
    )
    main, later = made.files["js/main.js"], made.files["js/joined/lib.js"]
    assert re.search(r"const \{ \$0: a, \$1: c \} = \$m\d;\nconst \{ \$0: d \} = \$m\d;\n\na\(c, d\);", main)
    assert re.search(r"const \$m\d = \(\(\) => \{\nconst a = async \(\) => await import\(", main)
    assert f'import("./joined/lib.{made.version}.js").then((all) => all.$m' in main
    assert "return { $0: a, $1: b };" in main and "return { $0: $default };" in main
    assert re.search(
        r"const \$m\d = await \(async \(\) => \{\nconst x = await 1;\nconst y = x;\n\nreturn \{ y: y \};", later
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('export * from "./list.js";', "cannot be joined"),
        ("export let a = 1;", "cannot be joined"),  # what others see of it may change
        ('import * as all from "./list.js";', "cannot be joined"),
        ('import { a } from "./a.js";', "import each other: js/a.js → js/b.js → js/a.js"),
    ],
)
def test_what_cannot_be_joined_is_refused(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        join_modules(PLAIN | {"js/b.js": text, "js/a.js": 'import { b } from "./b.js";\nexport const a = b;\n'})
