"""Checks a whole archive without changing anything: is it undamaged, and can this version restore it?"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from . import tables
from .archive import HEAD, Member, parse, read
from .errors import Broken, Refused
from .making import FORMAT

_NAME = re.compile(r"[A-Za-z0-9_]{1,100}")


@dataclass
class Contents:
    """What the archive says about itself, and what was found in it."""

    head: dict[str, Any] = field(default_factory=dict)
    end: dict[str, Any] = field(default_factory=dict)
    rows: int = 0
    files: int = 0  # including previews
    bytes: int = 0  # of these files
    damaged: list[str] = field(default_factory=list)  # digests of files that were damaged before the backup

    @property
    def migrations(self) -> list[tuple[str, str]]:
        return [(app, name) for app, name in self.head["migrations"]]

    @property
    def has_files(self) -> bool:
        return bool(self.head.get("files"))


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise Refused(f"{path} cannot be read: {error.strerror}.") from None
    with file:
        if not file.seekable():
            raise Refused(f"{path} must be a file: it is read twice.")
        yield file


def check(path: Path) -> Contents:
    """Raises Refused, Broken."""
    found = Contents()
    with opened(path) as file:
        for member in read(file):
            _look_at(member, found)
    if found.end.get("rows") != found.rows:
        raise Broken("The archive is damaged: rows are missing.")
    return found


def _look_at(member: Member, found: Contents) -> None:
    kind = member.name.partition("/")[0]
    if member.name == HEAD:
        found.head = parse(member.read())
        _check_head(found.head)
    elif kind == "rows":
        if member.name.split("/")[1] not in found.head["tables"]:
            raise Broken(f"{member.name} is of a table that the archive does not name.")
        found.rows += len(member.lines())
    elif kind == "files":
        digest, place = member.finish(), member.name.removeprefix("files/")
        found.files, found.bytes = found.files + 1, found.bytes + member.size
        if not place.endswith(".webp") and not place.split("/")[2].startswith(digest):
            found.damaged.append(digest)
    elif member.name == "end.json":
        found.end = parse(member.read())


def _check_head(head: dict[str, Any]) -> None:
    if head.get("format") != FORMAT:
        raise Refused(f"The archive has the format {head.get('format')!r}, and this version knows {FORMAT}: update it.")
    try:
        migrations = {(_name(app), _name(name)) for app, name in head["migrations"]}
        columns = {_name(table): [_name(each) for each in names] for table, names in head["tables"].items()}
        {_name(table): int(number) for table, number in head["sequences"].items()}
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        raise Broken("The archive is damaged: what it says of itself cannot be read.") from None
    if newer := tables.unknown(migrations):
        raise Refused(
            f"The backup is of a newer version, which has {'.'.join(newer[0])}: install that version, or a newer one."
        )
    known = {name: tables.columns(model) for name, model in tables.of_state(sorted(migrations)).items()}
    if columns != known:
        other = sorted(set(columns) ^ set(known)) or [name for name in known if columns[name] != known[name]]
        raise Refused(f"The backup does not fit this version: its table {other[0]} is another.")


def _name(given: Any) -> str:
    if not isinstance(given, str) or not _NAME.fullmatch(given):
        raise ValueError
    return given
