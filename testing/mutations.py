"""Small changes of the code: comparisons, and/or/not, signs and other operators, dropped calls."""

import ast
import difflib
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from poodle.data_types import FileMutation, Mutator
from poodle.mutators import AugAssignMutator, BinaryOperationMutator, ComparisonMutator, UnaryOperationMutator

from .mutation_targets import TESTS


class DroppedCall(Mutator):
    """Leaves out a statement that is one call. (Poodle's own puts None there, which fails wherever it is awaited.)"""

    mutator_name = "dropped call"

    def create_mutations(self, parsed_ast: ast.Module, *_, **__) -> list[FileMutation]:
        return [self.create_file_mutation(node, "pass") for node in ast.walk(parsed_ast) if _is_call(node)]


def _is_call(node: ast.AST) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    value = value.value if isinstance(value, ast.Await) else value
    return isinstance(value, ast.Call) and not ast.unparse(value).startswith("logger.")  # the log is not tested


_MUTATORS = (AugAssignMutator, BinaryOperationMutator, ComparisonMutator, UnaryOperationMutator, DroppedCall)


@dataclass(frozen=True)
class Mutant:
    file: Path
    line: int
    kind: str
    lines: range  # of the statement, which is run or not; a block's is its head
    before: bytes
    after: bytes
    tests: tuple[str, ...]

    def diff(self) -> str:
        texts = (text.decode().splitlines(keepends=True) for text in (self.before, self.after))
        return "".join(difflib.unified_diff(*texts, str(self.file), str(self.file), n=2))


def all_mutants() -> list[Mutant]:
    found: dict[Path, list[Mutant]] = {}
    for pattern, names in TESTS.items():
        tests = tuple(str(test) for name in names for test in sorted(Path().glob(name)))
        for file in sorted(Path().glob(pattern)):
            found.setdefault(file, mutants_of(file, tests))
    return [mutant for mutants in found.values() for mutant in mutants]


def mutants_of(file: Path, tests: tuple[str, ...] = ()) -> list[Mutant]:
    """All small changes of a file that can be compiled."""
    before = file.read_bytes()
    options = {"config": SimpleNamespace(mutator_opts={}), "echo": print}
    # Each adds attributes to the tree, so each gets its own.
    made = [change for kind in _MUTATORS for change in kind(**options).create_mutations(ast.parse(before))]
    found = [
        Mutant(file, each.lineno, each.mutator_name, _statement(before, each), before, _changed(before, each), tests)
        for each in made
    ]
    return [mutant for mutant in found if _compiles(mutant.after)]


def _statement(source: bytes, change: FileMutation) -> range:
    """The lines of the innermost statement that holds a change, without those of a block's own statements."""
    around = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt) and _holds(node, change)]
    inner = max(around, key=lambda node: (node.lineno, -node.end_lineno))
    end = inner.body[0].lineno - 1 if getattr(inner, "body", None) else inner.end_lineno
    return range(min(inner.lineno, change.lineno), max(inner.lineno, end, change.end_lineno) + 1)


def _holds(node: ast.stmt, change: FileMutation) -> bool:
    first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    return first <= change.lineno and change.end_lineno <= node.end_lineno


def _changed(source: bytes, change: FileMutation) -> bytes:
    """Columns count bytes, as those of Python's parser do. (Poodle's own takes them for characters.)"""
    lines = source.splitlines(keepends=True)
    first, last = lines[change.lineno - 1], lines[change.end_lineno - 1]
    line = first[: change.col_offset] + change.text.encode() + last[change.end_col_offset :]
    return b"".join([*lines[: change.lineno - 1], line, *lines[change.end_lineno :]])


def _compiles(source: bytes) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True
