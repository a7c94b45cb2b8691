"""Creates a database beside the one in use, and swaps the two in one step when the new one is complete.

SQLite: another file. PostgreSQL: another schema, whose tables are moved. The old data is put aside under a name that
contains the time, and never deleted.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection

from .errors import Refused

SCHEMA = "roundtable_restored"
_SUFFIXES = ("", "-wal", "-shm")  # of the files of an SQLite database


def is_in_use() -> bool:
    """Whether the database has accounts or messages other than those that the program creates at its first start."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table, condition in (("accounts_user", "NOT is_bot"), ("rooms_message", "id > 0")):
            if table in tables:
                cursor.execute(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1")  # noqa: S608 - both from here
                if cursor.fetchone():
                    return True
    return False


@contextmanager
def beside() -> Iterator["Sqlite | Postgresql"]:
    """Inside this block the connection uses the new database. Call `take_its_place` at its end to swap the two."""
    made = Sqlite() if connection.vendor == "sqlite" else Postgresql()
    before: dict[str, Any] = {name: connection.settings_dict[name] for name in ("NAME", "OPTIONS")}
    try:
        made.begin()
        yield made
    finally:
        _close()
        connection.settings_dict.update(before)
        made.clean_up()


class Sqlite:
    def __init__(self):
        self._path = Path(connection.settings_dict["NAME"])
        self._new = self._path.with_name(f"{self._path.name}.restored")

    def begin(self) -> None:
        _close()
        self.clean_up()
        self._new.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self._new, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
        connection.settings_dict["NAME"] = str(self._new)

    def take_its_place(self, aside: Path) -> None:
        _close()  # SQLite also writes its log into the file then
        with self._new.open("rb") as file:
            os.fsync(file.fileno())
        for suffix in reversed(_SUFFIXES):
            old = self._path.with_name(self._path.name + suffix)
            if old.exists():
                aside.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.replace(old, aside / old.name)
        os.replace(self._new, self._path)

    def clean_up(self) -> None:
        for suffix in _SUFFIXES:
            self._new.with_name(self._new.name + suffix).unlink(missing_ok=True)


class Postgresql:
    def begin(self) -> None:
        _close()
        # A single connection that sees only this schema, without time limits, as for migrations.
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        options = " ".join(f"-c {name}=0" for name in names) + f" -c search_path={SCHEMA}"
        given = connection.settings_dict["OPTIONS"]
        connection.settings_dict["OPTIONS"] = {
            **{name: value for name, value in given.items() if name != "pool"},
            "options": f"{given.get('options', '')} {options}",
        }
        self._check_nobody_is_there()
        self._execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")  # left by an interrupted restore
        try:
            self._execute(f"CREATE SCHEMA {SCHEMA}")
        except DatabaseError as error:
            raise Refused(f"The account may not make a schema in this database ({str(error).strip()}).") from None

    def take_its_place(self, aside: Path) -> None:
        """Swap the tables in one transaction. aside: its name is also that of the schema for the old tables."""
        before = aside.name.replace("-", "_")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = %s::regnamespace", [SCHEMA]
            )
            moves = [("TABLE", name, "") for (name,) in cursor.fetchall()]
            cursor.execute("SELECT proname FROM pg_proc WHERE pronamespace = %s::regnamespace", [SCHEMA])
            moves += [("FUNCTION", name, "()") for (name,) in cursor.fetchall()]  # those of triggers
            old = {kind: self._names(cursor, kind) for kind in ("TABLE", "FUNCTION")}
            quote = connection.ops.quote_name
            steps = [f"CREATE SCHEMA {before}"] if any(name in old[kind] for kind, name, _sign in moves) else []
            for kind, name, sign in moves:
                if name in old[kind]:
                    steps.append(f"ALTER {kind} public.{quote(name)}{sign} SET SCHEMA {before}")
                steps.append(f"ALTER {kind} {SCHEMA}.{quote(name)}{sign} SET SCHEMA public")
            cursor.execute("BEGIN; " + "; ".join(steps) + "; COMMIT")

    def clean_up(self) -> None:
        with suppress(DatabaseError):  # the next attempt removes it
            self._execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        _close()

    def _check_nobody_is_there(self) -> None:
        """Refuse while other processes are connected. (For SQLite, the lock on the data folder excludes them.)"""
        for _attempt in range(20):  # PostgreSQL needs a moment to end the connections that we have just closed
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
                )
                (others,) = cursor.fetchone()
            if not others:
                return
            time.sleep(0.25)
        raise Refused(f"{others} other connections use the database: stop Roundtable on all hosts first.")

    def _names(self, cursor, kind: str) -> set[str]:
        column, table, space = {
            "TABLE": ("relname", "pg_class", "relnamespace"), "FUNCTION": ("proname", "pg_proc", "pronamespace")
        }[kind]  # fmt: skip
        cursor.execute(f"SELECT {column} FROM {table} WHERE {space} = 'public'::regnamespace")  # noqa: S608
        return {name for (name,) in cursor.fetchall()}

    def _execute(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def _close() -> None:
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
