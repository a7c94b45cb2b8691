"""What the names in a module stand for, read from its source without running it.

A name is followed through imports (also those inside functions), through modules that merely re-export it, and through
assignments of one name to another. `send = publisher.submit` and `partial(publisher.submit, …)` both mention
"rooms.publishing.publisher.submit". What comes out of a call keeps the name of what was called:
`Message.objects.filter(…).update(…)` mentions "rooms.models.chat.Message.objects.filter.update".
"""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

Read = Callable[[str], tuple[str, bool] | None]


def reader(base: Path, apps: tuple[str, ...]) -> Read:
    """Reads modules below `base`: a name → its source and whether it is a package; None when it is not one of ours."""

    def read(module: str) -> tuple[str, bool] | None:
        path = base.joinpath(*module.split("."))
        for file, is_package in ((path.with_suffix(".py"), False), (path / "__init__.py", True)):
            if module.split(".")[0] in apps and file.exists():
                return file.read_text(), is_package
        return None

    return read


class Names:
    def __init__(self, read: Read):
        self._read = cache(read)
        self._tree = cache(lambda module: ast.parse(self._read(module)[0]))
        self._bound = cache(self._bindings)

    def mentions(self, module: str) -> set[str]:
        """All that a module mentions, in full; names of its own variables begin with the module's name."""
        chains = {chain for node in ast.walk(self._tree(module)) if (chain := _chain(node))}
        return {name for chain in chains for name in self.origins(f"{module}.{chain}")}

    def exists(self, name: str) -> bool:
        """Whether a module of ours defines this at its top level."""
        module, _, own = name.rpartition(".")
        return bool(self._read(module)) and any(
            own in (getattr(node, "name", None), *map(ast.unparse, getattr(node, "targets", [])))
            for node in self._tree(module).body
        )

    def origins(self, name: str, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """Where a dotted name comes from. Several when a variable is assigned several times."""
        parts = name.split(".")
        for length in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:length])
            if self._read(module):
                break
        else:
            yield name
            return
        bound = self._bound(module).get(parts[length], set()) - seen
        if not bound:
            yield name
        for origin in bound:
            yield from self.origins(".".join([origin, *parts[length + 1 :]]), seen | bound)

    def _bindings(self, module: str) -> dict[str, set[str]]:
        found = defaultdict(set)
        for node in ast.walk(self._tree(module)):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name.split(".")[0]
                    found[name].add(alias.name if alias.asname else name)
            elif isinstance(node, ast.ImportFrom):
                base = self._base(module, node)
                for alias in node.names:
                    found[alias.asname or alias.name].add(f"{base}.{alias.name}")
            elif isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and (chain := _chain(node.value)):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        found[target.id].add(f"{module}.{chain}")
        for name, origins in found.items():
            origins.discard(f"{module}.{name}")
        return found

    def _base(self, module: str, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module
        package = module.split(".") if self._read(module)[1] else module.split(".")[:-1]
        return ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])


def _chain(node: ast.AST | None) -> str:
    """`a.b(…)[0].c` → "a.b.c"; empty when it does not begin with a name."""
    match node:
        case ast.Name(id=name):
            return name
        case (
            ast.Attribute(value=value, attr=name)
            | ast.Call(func=ast.Name(id="getattr"), args=[value, ast.Constant(value=str(name)), *_])
        ):
            return f"{start}.{name}" if (start := _chain(value)) else ""
        case ast.Call(func=value) | ast.Subscript(value=value) | ast.Await(value=value):
            return _chain(value)
    return ""
