"""Tables as a given list of migrations defines them, whatever the models of this version are, and their rows as JSON.

Values go through Django's fields, so rows look the same on SQLite and PostgreSQL, and each can be restored from the
other. Tables that migrations do not define are created anew: search indexes and the cache.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from .errors import Broken
from .models import Backup

AT_ONCE = 2_000  # rows from the database
_OWN = {Backup._meta.db_table}
_READ = (
    models.DateField, models.TimeField, models.DecimalField, models.UUIDField, models.BinaryField, models.DurationField
)  # fmt: skip
Table = type[models.Model]


def applied() -> list[tuple[str, str]]:
    """The migrations that this database has, without those of apps that no longer exist."""
    apps = {app for app, _name in MigrationLoader(None).disk_migrations}
    return sorted(each for each in MigrationRecorder(connection).applied_migrations() if each[0] in apps)


def unknown(migrations: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Those of these migrations that this version does not have."""
    return sorted(set(migrations) - set(MigrationLoader(None).disk_migrations))


def of_state(migrations: list[tuple[str, str]]) -> dict[str, Table]:
    """Table → its model, with the columns that these migrations define."""
    state = MigrationLoader(None).project_state(migrations)
    found = state.apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: model
        for model in sorted(found, key=lambda each: each._meta.db_table)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in _OWN
    }


def create(migrations: list[tuple[str, str]]) -> None:
    """Run these migrations in an empty database, without the handlers that follow the migrate command."""
    executor = MigrationExecutor(connection)
    whole = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    wanted = set(migrations)
    plan = [(each, back) for each, back in whole if (each.app_label, each.name) in wanted]
    executor.migrate(migrations, plan=plan)


def columns(model: Table) -> list[str]:
    return [field.attname for field in model._meta.local_concrete_fields]


def sequences() -> dict[str, int]:
    """Table → the last id that it gave to a row. Ids of deleted rows must not be given again."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
        else:
            cursor.execute(
                "SELECT class.relname, coalesce(pg_sequence_last_value(depends.objid::regclass), 0) "
                "FROM pg_depend depends JOIN pg_class class ON class.oid = depends.refobjid "
                "JOIN pg_class sequence ON sequence.oid = depends.objid AND sequence.relkind = 'S' "
                "WHERE depends.deptype IN ('a', 'i') AND depends.refobjsubid > 0 AND pg_table_is_visible(class.oid)"
            )
        return {name: number for name, number in cursor.fetchall() if number}


def set_sequences(found: dict[str, int], tables: dict[str, Table]) -> None:
    """Set the last id of each table to this number, or to the highest id of its rows if that is larger."""
    with connection.cursor() as cursor:
        for name, model in tables.items():
            key, number = model._meta.pk, found.get(name, 0)
            if key is None or not isinstance(key, models.AutoField | models.BigAutoField | models.SmallAutoField):
                continue
            highest = max(number, model._base_manager.aggregate(models.Max("pk"))["pk__max"] or 0)
            if not highest:
                continue
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, highest])
            else:
                quoted = connection.ops.quote_name(name)
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [quoted, key.column, highest])


def lines(model: Table) -> Iterator[bytes]:
    """Its rows, one JSON array each."""
    rows = model._base_manager.order_by("pk").values_list(*columns(model))
    for row in rows.iterator(AT_ONCE):
        yield json.dumps(row, default=_plain, separators=(",", ":")).encode() + b"\n"


class Loader:
    """Puts rows into one table, in the caller's transaction."""

    def __init__(self, model: Table, fixed: dict[str, Any] | None = None):
        """fixed: column → the value that replaces those in the rows."""
        self._fields = model._meta.local_concrete_fields
        self._readers = [partial(_value, field) for field in self._fields]
        for place, field in enumerate(self._fields):
            if field.attname in (fixed or {}):
                self._readers[place] = partial(lambda value, _given: value, (fixed or {})[field.attname])
        quote = connection.ops.quote_name
        names, signs = (
            ", ".join(quote(str(field.column)) for field in self._fields),
            ", ".join(["%s"] * len(self._fields)),
        )
        self._insert = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({signs})"  # noqa: S608

    def load(self, found: list[bytes]) -> int:
        rows = [self._row(line) for line in found]
        with connection.cursor() as cursor:
            cursor.executemany(self._insert, rows)
        return len(rows)

    def _row(self, line: bytes) -> list[Any]:
        try:
            row = json.loads(line)
            if not isinstance(row, list) or len(row) != len(self._readers):
                raise ValueError("it has another number of columns")
            return [read(value) for read, value in zip(self._readers, row, strict=True)]
        except (ValueError, TypeError, OverflowError) as error:
            raise Broken(f"A row of the archive cannot be read: {error}.") from None


def _plain(value: Any) -> Any:
    """Convert a value that JSON has no type for."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value)} cannot be written")


def _value(field: models.Field, given: Any) -> Any:
    """Convert a value from JSON for the database."""
    if isinstance(field, models.JSONField) and given is None and not field.null:
        return connection.ops.adapt_json_value(None, None)  # JSON's null, not SQL's
    found = field.to_python(given) if isinstance(field, _READ) and given is not None else given
    return field.get_db_prep_save(found, connection)
