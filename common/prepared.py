"""Django queries that are built once, and run with different values each time.

Building and compiling a query takes Django ten times as long as most databases take to answer it. So the queries of
nearly every request are prepared.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.query import get_related_populators

Row = TypeVar("Row", bound=models.Model)
# Unique values to build a query with, which are then found among the parameters of its statement.
_MARKS: dict[type, Callable[[int], Any]] = {
    int: lambda number: number - 2**40,
    str: lambda number: f"\ue000{number}",
    datetime: lambda number: datetime(1, 2, 3, 4, 5, number, tzinfo=UTC),
}


class Prepared(Generic[Row]):
    """Prepared(lambda room_id, name: Message.objects.filter(room=room_id, …), int, str)(7, "x") → the rows.

    kinds: the types of the values. Conditions must compare with the values unchanged: not with LIKE, which escapes
    characters, nor with None. The SQL must not depend on anything else that changes.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Row, Row]], *kinds: type):
        self._build = build
        self._marks = [_MARKS[kind](number) for number, kind in enumerate(kinds)]
        self._made: dict[str, _Statement] = {}  # by database vendor

    def __call__(self, *values: Any) -> list[Row]:
        made = self._made.get(connection.vendor) or self._made.setdefault(connection.vendor, self._statement())
        with connection.cursor() as cursor:
            cursor.execute(made.sql, made.filled([_stored(value) for value in values]))
            return list(made.read(cursor.fetchall()))

    def first(self, *values: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(self(*values)), None)

    def _statement(self) -> "_Statement":
        compiler: Any = self._build(*self._marks).query.get_compiler(connection=connection)
        sql, values = compiler.as_sql()
        marks = [_stored(mark) for mark in self._marks]
        places = [_Place(marks.index(value)) if value in marks else value for value in values]
        if {each.number for each in places if isinstance(each, _Place)} != set(range(len(marks))):
            raise ValueError(f"A value is not compared with as it is: {sql}")
        return _Statement(sql, places, compiler)


@dataclass(frozen=True, slots=True)
class _Place:
    """The place of a value among the parameters."""

    number: int


class _Statement:
    """The compiled SQL of a query. Reads its rows as Django's ModelIterable does."""

    def __init__(self, sql: str, values: Sequence[Any], compiler: Any):
        self.sql, self._values = sql, values
        self._model: type[models.Model] = compiler.klass_info["model"]
        self._columns = [column for column, _sql, _alias in compiler.select]
        # Columns whose values are converted; the converters depend on the connection.
        self._converted = {at: self._columns[at] for at in compiler.get_converters(self._columns)}
        own = compiler.klass_info["select_fields"]
        self._own = slice(own[0], own[-1] + 1)
        self._names = [column.target.attname for column in self._columns[self._own]]
        self._related = get_related_populators(compiler.klass_info, compiler.select, connection.alias)  # type: ignore[call-arg]
        self._annotations = dict(compiler.annotation_col_map or {})

    def filled(self, values: Sequence[Any]) -> list[Any]:
        return [values[each.number] if isinstance(each, _Place) else each for each in self._values]

    def read(self, rows: Iterable[Sequence[Any]]) -> Iterator[Any]:
        converters = [(at, column, _converters(column)) for at, column in self._converted.items()] if rows else []
        for found in rows:
            row = list(found)
            for at, column, convert in converters:
                for each in convert:
                    row[at] = each(row[at], column, connection)
            made = self._model.from_db(connection.alias, self._names, row[self._own])
            for related in self._related:
                related.populate(row, made)
            for name, at in self._annotations.items():
                setattr(made, name, row[at])
            yield made


def _stored(value: Any) -> Any:
    """As the database takes it."""
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value


def _converters(column: Any) -> list[Callable[[Any, Any, Any], Any]]:
    return [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
