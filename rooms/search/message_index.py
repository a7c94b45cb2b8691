"""Makes the search index, and makes it anew after a change of what is in it: in portions, beside whatever is written.

How far that has come is in the database (search_index_state), so that whoever is ended in between goes on there.
Also there: how many messages were removed from an index that has to be purged of their words, see search_sqlite.
"""

import logging
from collections.abc import Callable

from django.db import connections, transaction

from ..models import Message
from ..text.search_terms import VERSION
from . import postgresql, sqlite

logger = logging.getLogger(__name__)

BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}
PORTION = 1_000  # messages in a transaction
TAKES_LONG = 50_000  # messages; then somebody may be waiting
_ALL = 2**63 - 1  # the state's next_id when all is done

_STATE_TABLE = """
CREATE TABLE IF NOT EXISTS search_index_state (
    version integer NOT NULL,
    next_id bigint NOT NULL,
    removed bigint NOT NULL,
    purging bigint NOT NULL
)"""


def make_index(using: str) -> None:
    """Make what is missing or made otherwise, and fill it. Done after each migration: one that builds the table of
    messages anew on SQLite loses the triggers on it."""
    if Message._meta.db_table not in connections[using].introspection.table_names():
        return
    if next_id := _prepare(using):
        total = Message.objects.using(using).filter(id__gte=next_id).count()
        if total >= TAKES_LONG:
            logger.warning("the search index is made anew for %s messages, about a minute for a million", f"{total:,}")
        _portions(using, _fill)
    with connections[using].cursor() as cursor:
        BACKENDS[connections[using].vendor].finish(cursor)
    _portions(using, _fold)


def fold_portion(using: str = "default") -> bool:
    """Fold some messages that an older version, or SQL by hand, has written. Whether there were any."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        return _fold(using, cursor)


def is_ready(using: str = "default") -> bool:
    """Whether `make_index` has nothing left to do, but for what others have not folded."""
    database = connections[using]
    backend = BACKENDS[database.vendor]
    if "search_index_state" not in database.introspection.table_names():
        return False
    with database.cursor() as cursor:
        return _state(cursor) == (VERSION, _ALL) and backend.is_made(cursor) and backend.is_finished(cursor)


def purge_portion(using: str = "default") -> bool:
    """Do a part of what it takes until no word of a removed message is in the file. Whether there is more to do."""
    backend = BACKENDS[connections[using].vendor]
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        return backend.purge(cursor)


def _prepare(using: str) -> int | None:
    """The id from which on the index has to be filled; None when it is full."""
    backend = BACKENDS[connections[using].vendor]
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(_STATE_TABLE)
        version, next_id = _state(cursor) or (None, None)
        if version != VERSION or not backend.is_made(cursor):
            backend.make(cursor)
            next_id = 1
            cursor.execute("DELETE FROM search_index_state")
            cursor.execute("INSERT INTO search_index_state VALUES (%s, %s, 0, 0)", [VERSION, next_id])
    return None if next_id == _ALL else next_id


def _state(cursor) -> tuple[int, int] | None:
    """The version of its words, and from which id on it has to be filled; None when it was never made."""
    cursor.execute("SELECT version, next_id FROM search_index_state")
    return cursor.fetchone()


def _portions(using: str, work: Callable[..., bool]) -> None:
    more = True
    while more:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            more = work(using, cursor)


def _fill(using: str, cursor) -> bool:
    """Index the next messages. Whether there may be more."""
    _version, next_id = _state(cursor) or (VERSION, 1)
    rows = _rows(using, cursor, "id >= %s", [next_id])
    if rows:
        BACKENDS[connections[using].vendor].index(cursor, rows)
    cursor.execute("UPDATE search_index_state SET next_id = %s", [rows[-1][0] + 1 if rows else _ALL])
    return bool(rows)


def _fold(using: str, cursor) -> bool:
    backend = BACKENDS[connections[using].vendor]
    rows = _rows(using, cursor, backend.UNFOLDED, [])
    if rows:
        backend.fold(cursor, rows)
    return bool(rows)


def _rows(using: str, cursor, condition: str, values: list) -> list[tuple[int, str]]:
    """(id, text) of the first messages for which that is so, which nobody changes before the transaction ends."""
    lock = " FOR NO KEY UPDATE" if connections[using].vendor == "postgresql" else ""
    cursor.execute(f"SELECT id, text FROM rooms_message WHERE {condition} ORDER BY id LIMIT {PORTION}{lock}", values)
    return cursor.fetchall()
