"""Rules of styles, checked by the first step of `bin/test`: what can be read here, and is used.

What a browser makes of each declaration is in e2e/test_styles.py.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import tinycss2
from pygments.token import STANDARD_TYPES
from tinycss2.ast import AtRule, Declaration, FunctionBlock, Node, ParseError, QualifiedRule

FOLDER = Path("static/css")
_USERS = ("templates/**/*.html", "static/js/**/*.js", "accounts/**/*.py", "rooms/**/*.py")
# Not ours: the class of a help text in Django's forms, and those of highlighted code.
_FOREIGN = {"helptext", *STANDARD_TYPES.values()}


def problems() -> Iterator[str]:
    """Each as "file:line: what is wrong"."""
    sheets = {path: path.read_text() for path in sorted(FOLDER.glob("*.css"))}
    users = [file.read_text() for users in _USERS for file in Path().glob(users) if "tests" not in file.parts]
    words = {word for text in users for word in re.findall(r"[\w-]+", text)} | _FOREIGN
    for path, text in sheets.items():
        yield from (f"{path}:{line}: {problem}" for line, problem in problems_of(text, words))
    yield from _custom_properties("\n".join(sheets.values()), words)


def problems_of(text: str, words: set[str]) -> Iterator[tuple[int, str]]:
    """(line, what is wrong) of one stylesheet. words: every name that pages, scripts and Python may give an element."""
    for block in _blocks(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)):
        yield from ((error.source_line, error.message) for error in block if isinstance(error, ParseError))
        rules = [rule for rule in block if isinstance(rule, QualifiedRule)]
        yield from _repeated((tinycss2.serialize(rule.prelude).strip(), rule.source_line) for rule in rules)
        for rule in rules:
            yield from _without_use(rule, words)
            body = _body(rule)
            yield from ((error.source_line, error.message) for error in body if isinstance(error, ParseError))
            yield from _repeated((each.name, each.source_line) for each in body if isinstance(each, Declaration))


def declarations(text: str) -> list[Declaration]:
    """All of a stylesheet, also those within @media."""
    blocks = _blocks(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True))
    rules = [rule for block in blocks for rule in block if isinstance(rule, QualifiedRule)]
    return [each for rule in rules for each in _body(rule) if isinstance(each, Declaration)]


def _blocks(nodes: list[Node]) -> Iterator[list[Node]]:
    """These nodes, and those within each @media and its like."""
    yield nodes
    for node in nodes:
        if isinstance(node, AtRule) and node.content is not None:
            yield from _blocks(tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True))


def _body(rule: QualifiedRule) -> list[Node]:
    return tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)


def _repeated(names: Iterable[tuple[str, int]]) -> Iterator[tuple[int, str]]:
    first: dict[str, int] = {}
    for name, line in names:
        if first.setdefault(name, line) != line:
            yield line, f"{name} again, as in line {first[name]}"


def _without_use(rule: QualifiedRule, words: set[str]) -> Iterator[tuple[int, str]]:
    for before, token in pairwise([None, *_tokens(rule.prelude)]):
        is_class = token.type == "ident" and before is not None and before == "."
        if (is_class or token.type == "hash") and not _is_used(token.value, words):
            yield token.source_line, f"nothing is called {token.value}"


def _is_used(name: str, words: set[str]) -> bool:
    """Also by code that makes the name from its beginning and a number, as f"hue-{number}"."""
    return name in words or name[: name.rfind("-") + 1] in words


def _custom_properties(text: str, words: set[str]) -> Iterator[str]:
    found = declarations(text)
    declared = {each.name for each in found if each.name.startswith("--")} | words
    calls = [token for each in found for token in _tokens(each.value) if token.type == "function"]
    used = {_first_name(call) for call in calls if call.lower_name == "var"}
    yield from (f"{FOLDER}: {name} is used, and set nowhere" for name in sorted(used - declared))
    yield from (f"{FOLDER}: {name} is set, and used nowhere" for name in sorted(declared - words - used))


def _first_name(call: FunctionBlock) -> str:
    return next(token.value for token in call.arguments if token.type == "ident")


def _tokens(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _tokens(getattr(node, "content", None) or getattr(node, "arguments", None) or ())


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found) or "Styles are fine")
    sys.exit(1 if found else 0)
