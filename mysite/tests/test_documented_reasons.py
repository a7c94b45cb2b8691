"""Whoever calls a service reads in its docstring which reasons it refuses with."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from rooms.kernel.reasons import REASONS

BASE = Path(settings.BASE_DIR)
PACKAGES = (
    "accounts", "bot/context", "bot/handlers", "bot/queue", "bot/usage", "notifications", "rooms/kernel",
    "rooms/privacy", "rooms/queries", "rooms/search", "rooms/services",
)  # fmt: skip
BY_FUNCTION = {"not_found": "no_such_room", "archived": "room_archived", "unavailable": "database_away"}  # errors.py
Function = ast.FunctionDef | ast.AsyncFunctionDef


def reasons_of(function: Function, others: dict[str, Function], seen: frozenset = frozenset()) -> set[str]:
    """What it raises itself, or by the private functions of its module."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            found |= _reason(node.exc)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name.startswith("_") and name in others and name not in seen:
                found |= reasons_of(others[name], others, seen | {name})
    return found


def _reason(call: ast.Call) -> set[str]:
    name = getattr(call.func, "id", "")
    if name == "ChatError" and isinstance(call.args[0], ast.Constant):
        return {call.args[0].value}
    return {BY_FUNCTION[name]} if name in BY_FUNCTION else set()


def functions_of(path: Path) -> dict[str, Function]:
    return {node.name: node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, Function)}


def test_reasons_are_found_at_all():
    functions = functions_of(BASE / "rooms/services/people_groups.py")
    found = reasons_of(functions["create"], functions)
    assert found == {"not_staff", "bad_group_name", "too_many_groups", "group_exists"} <= REASONS.keys()


def unnamed_reasons(path: Path) -> dict[str, set[str]]:
    """By public function, the reasons that its docstring leaves out."""
    functions = functions_of(path)
    public = {name: function for name, function in functions.items() if not name.startswith("_")}
    named = {name: set(re.findall(r"\w+", ast.get_docstring(each) or "")) for name, each in public.items()}
    left = {name: reasons_of(each, functions) - named[name] for name, each in public.items()}
    return {f"{path.relative_to(BASE)} {name}": reasons for name, reasons in left.items() if reasons}


@pytest.mark.parametrize("package", PACKAGES)
def test_each_public_function_names_its_reasons(package):
    paths = [path for path in (BASE / package).rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
    assert len(paths) > 3
    missing = {name: reasons for path in paths for name, reasons in unnamed_reasons(path).items()}
    assert missing == {}, "add to the docstring: Raises ChatError: …"
