"""Whoever calls a service reads in its docstring which reasons it refuses with."""

import ast
import re

import pytest

from rooms.kernel.reasons import REASONS

from .raised_reasons import Function, functions_of, reasons_of

PACKAGES = (
    "accounts", "bot.context", "bot.handlers", "bot.queue", "bot.usage", "notifications", "rooms.kernel",
    "rooms.privacy", "rooms.queries", "rooms.search", "rooms.services",
)  # fmt: skip
# What they call refuses texts of people, and is given one that always passes.
NEVER = {("rooms.services.lobby", "ensure_first_room")}


def test_reasons_are_found_at_all():
    found = reasons_of(("rooms.services.people_groups", "create"))
    assert found == {"not_staff", "bad_group_name", "too_many_groups", "group_exists"} <= REASONS.keys()


def test_reasons_of_called_functions_are_found():
    found = reasons_of(("rooms.services.people_groups", "remove"))
    assert found == {"not_staff", "no_such_group", "no_such_person"}  # one by a function of another module


def _is_named(function: Function, reason: str) -> bool:
    """Itself, or as one of those of a function that says them."""
    text = ast.get_docstring(function) or ""
    if reason in re.findall(r"\w+", text):
        return True
    others = {name for name in functions_of("rooms") if f"`{name[1]}`" in text}
    return any(reason in reasons_of(name) for name in others)


@pytest.mark.parametrize("package", PACKAGES)
def test_each_public_function_names_its_reasons(package):
    public = {name: each for name, each in functions_of(package).items() if not name[1].startswith("_")}
    assert len({module for module, _name in public}) > 2
    left = {
        ".".join(name): missing
        for name, each in public.items()
        if name not in NEVER
        if (missing := {reason for reason in reasons_of(name) if not _is_named(each, reason)})
    }
    assert left == {}, "add to the docstring: Raises ChatError: …"
