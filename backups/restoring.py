"""Restores an archive beside the current data, and swaps the two when the restored data is complete.

The tables are created as they were at the time of the backup; then the rows are loaded, and newer migrations are run.
An error before the swap leaves everything as it was.
"""

import os
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import Error as DatabaseError
from django.db import connection, transaction

from files.models import Blob

from . import tables
from .archive import Member, read
from .beside import beside, is_in_use
from .checking import Contents, check, opened
from .errors import Broken, Refused
from .extracting import Extracting
from .making import fingerprint

Say = Callable[[str], None]


def restore(path: Path, overwrite: bool, say: Say) -> Contents:
    """Nothing else may use the data folder or the database meanwhile. Raises Refused, OSError."""
    say("Checking the archive…")
    found = check(path)
    if is_in_use() and not overwrite:
        raise Refused("There is a database in use. Restore into an empty one, or put this one aside with --overwrite.")
    aside = settings.DATA_DIR / datetime.now(UTC).strftime("before-restore-%Y%m%d-%H%M%S")
    keys: dict[str, bytes] = {}
    with closing(_Files(found)) as files, beside() as database:
        say("Restoring the rows…")
        with opened(path) as file:
            _read_all(file, found, files, keys, say)
        say("Bringing the tables up to date…")
        call_command("migrate", interactive=False, verbosity=0)  # and makes the search index
        call_command("createcachetable", verbosity=0)
        files.take_its_place(aside)
        _put_keys(keys, aside)
        database.take_its_place(aside)
    _say_what_remains(found, aside, say)
    return found


class _Files:
    """The files of the archive, if it has any."""

    def __init__(self, found: Contents):
        self._extracting = Extracting() if found.has_files else None
        if self._extracting:
            self._extracting.begin(found.bytes)

    @property
    def fixed(self) -> dict[str, str]:
        """Values that replace those in the rows of files: the store that they are in now."""
        return {"store": self._extracting.store} if self._extracting else {}

    def add(self, member: Member) -> None:
        if not self._extracting:
            raise Broken("The archive has files, and says that it has none.")
        self._extracting.add(member)

    def take_its_place(self, aside: Path) -> None:
        if self._extracting:
            self._extracting.take_its_place(aside)

    def close(self) -> None:
        if self._extracting:
            self._extracting.clean_up()


def _read_all(file, found: Contents, files: _Files, keys: dict[str, bytes], say: Say) -> None:
    models = tables.of_state(found.migrations)
    tables.create(found.migrations)
    members = read(file)
    try:
        first = _load_rows(members, models, found, files.fixed)
    except DatabaseError as error:
        raise Broken(f"The rows of the archive do not fit together: {str(error).strip()}.") from None
    say("Restoring the files…")
    while first is not None:
        kind, _slash, name = first.name.partition("/")
        if kind == "files":
            files.add(first)
        elif kind == "keys":
            keys[name] = first.read()
        first = next(members, None)


def _load_rows(members, models: dict[str, tables.Table], found: Contents, fixed: dict[str, str]) -> Member | None:
    """Load all rows in one transaction, since some refer to later ones. Returns the first member after the rows."""
    table, loader = "", None
    with transaction.atomic():
        with connection.cursor() as cursor:
            for name in models:  # rows that migrations have inserted
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")  # noqa: S608
        for member in members:
            kind, _slash, rest = member.name.partition("/")
            if kind in ("files", "keys", "end.json"):
                break
            if kind == "rows":
                if rest.partition("/")[0] != table or loader is None:
                    table = rest.partition("/")[0]
                    loader = tables.Loader(models[table], fixed if table == Blob._meta.db_table else {})
                loader.load(member.lines())
        tables.set_sequences({name: int(number) for name, number in found.head["sequences"].items()}, models)
    return member


def _put_keys(keys: dict[str, bytes], aside: Path) -> None:
    """Write the keys of the archive. Existing keys that differ are put aside, like the old data."""
    for name, content in keys.items():
        path = settings.DATA_DIR / name
        if path.exists():
            if path.read_bytes() == content:
                continue
            aside.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.replace(path, aside / name)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            os.fsync(file.fileno())


def _say_what_remains(found: Contents, aside: Path, say: Say) -> None:
    if found.head.get("key") != fingerprint() and os.environ.get("SECRET_KEY"):
        say("SECRET_KEY is not that of the backup: everyone has to sign in again. Set the old one to avoid that.")
    if not found.has_files:
        say("The archive has no files: those that its rows name must be where they were.")
    if missing := found.end.get("missing"):
        say(f"{missing} files were missing when the backup was made.")
    if aside.exists():
        say(f"What was there before is in {aside}.")
