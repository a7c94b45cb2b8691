"""Which reasons a function refuses with, itself or by the functions that it calls: read from the source."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

from rooms.kernel.rights import RIGHTS, Action

BASE = Path(settings.BASE_DIR)
APPS = ("accounts", "bot", "files", "notifications", "rooms", "staff")
Function = ast.FunctionDef | ast.AsyncFunctionDef
Name = tuple[str, str]  # module, function


def functions_of(package: str) -> dict[Name, Function]:
    """The functions at the first level of a package's modules."""
    return {name: each for name, each in _project()[0].items() if f"{name[0]}.".startswith(f"{package}.")}


def reasons_of(name: Name) -> set[str]:
    """Nothing is followed into a function that catches ChatError, nor into methods."""
    return _reasons(name, frozenset())


def _reasons(name: Name, callers: frozenset[Name]) -> set[str]:
    functions, imported = _project()
    calls = [node for node in _called_here(functions[name]) if isinstance(node, ast.Call)]
    found = {reason for node in _raised(functions[name]) for reason in _made_by(name[0], node)}
    found |= {reason for call in calls for reason in _of_table(name[0], call)}
    if any(isinstance(node, ast.ExceptHandler) and _catches(node) for node in ast.walk(functions[name])):
        return found
    for called in {_resolve(name[0], call.func) for call in calls} - callers - {name, None}:
        if called in functions:
            found |= _reasons(called, callers | {name})
    return found


def _raised(function: Function) -> list[ast.Call]:
    raised = [node.exc for node in ast.walk(function) if isinstance(node, ast.Raise) and node.exc]
    return [node for each in raised for node in ast.walk(each) if isinstance(node, ast.Call)]


def _made_by(module: str, call: ast.Call) -> set[str]:
    """`ChatError("reason")`, or a function that returns such errors."""
    if getattr(call.func, "id", "") == "ChatError":
        return {call.args[0].value} if isinstance(call.args[0], ast.Constant) else set()
    functions, _imported = _project()
    function = functions.get(name) if (name := _resolve(module, call.func)) else None
    if function is None or not isinstance(function.returns, ast.Name) or function.returns.id != "ChatError":
        return set()
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
    return {reason for each in returned if isinstance(each, ast.Call) for reason in _made_by(name[0], each)}


def _of_table(module: str, call: ast.Call) -> set[str]:
    """Of `check(Action.NAME, …)`: what the table of rights says. A choice of two actions may be refused as either."""
    if _resolve(module, call.func) != ("rooms.services.rights", "check"):
        return set()
    named = [Action[node.attr] for node in ast.walk(call.args[0]) if isinstance(node, ast.Attribute)]
    assert named, f"{module}: an action that is not written out: {ast.unparse(call)}"
    return {reason for each in named for reason in (RIGHTS[each].refusal, RIGHTS[each].elsewhere)} - {""}


def _called_here(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.Lambda):
            yield child
            yield from _called_here(child)


def _catches(handler: ast.ExceptHandler) -> bool:
    return handler.type is not None and "ChatError" in ast.unparse(handler.type)


def _resolve(module: str, function: ast.expr) -> Name | None:
    functions, imported = _project()
    if isinstance(function, ast.Name):
        return (module, function.id) if (module, function.id) in functions else imported[module].get(function.id)
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        where = imported[module].get(function.value.id)
        return (".".join(where), function.attr) if where else None
    return None


@cache
def _project() -> tuple[dict[Name, Function], dict[str, dict[str, Name]]]:
    """All functions by module and name; and for each module, what its imported names are."""
    functions: dict[Name, Function] = {}
    imported: dict[str, dict[str, Name]] = {}
    for path in (path for app in APPS for path in (BASE / app).rglob("*.py")):
        parts = path.relative_to(BASE).with_suffix("").parts
        if {"tests", "migrations"} & set(parts):
            continue
        module, tree = ".".join(parts), ast.parse(path.read_text())
        functions |= {(module, node.name): node for node in tree.body if isinstance(node, Function)}
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        imported[module] = {
            name.asname or name.name: (_absolute(parts, each), name.name) for each in imports for name in each.names
        }
    return functions, imported


def _absolute(parts: tuple[str, ...], node: ast.ImportFrom) -> str:
    package = parts[: len(parts) - node.level] if node.level else ()
    return ".".join([*package, *([node.module] if node.module else [])])
