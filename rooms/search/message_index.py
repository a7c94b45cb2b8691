"""Builds the search index, and rebuilds it after a change of its format, in batches while messages are being written.

The table search_index_state stores how far this has come, so that it continues after an interruption. It also stores
how many removed messages the index must still be purged of (see sqlite.py).
"""

import logging
from collections.abc import Callable

from django.db import connections, transaction

from ..models import Message
from ..services import file_words
from ..text.search_terms import VERSION
from . import postgresql, sqlite

logger = logging.getLogger(__name__)

BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}
BATCH_SIZE = 1_000  # messages in one transaction
WARN_ABOVE = 50_000  # messages; building takes long, and somebody may be waiting
_COMPLETE = 2**63 - 1  # next_id in the state when the index is complete

_STATE_TABLE = """
CREATE TABLE IF NOT EXISTS search_index_state (
    version integer NOT NULL,
    next_id bigint NOT NULL,
    removed bigint NOT NULL,
    purging bigint NOT NULL
)"""


def build_index(using: str) -> None:
    """Create or rebuild what is missing or outdated, and fill it. Called after every migration: one that rebuilds the
    table of messages on SQLite drops its triggers."""
    if Message._meta.db_table not in connections[using].introspection.table_names():
        return
    next_id = _prepare(using)
    file_words.build(using, anew=next_id == 1)
    if next_id:
        total = Message.objects.using(using).filter(id__gte=next_id).count()
        if total >= WARN_ABOVE:
            logger.warning("the search index is made anew for %s messages, about a minute for a million", f"{total:,}")
        _run_batches(using, _fill)
    with connections[using].cursor() as cursor:
        BACKENDS[connections[using].vendor].complete(cursor)
    _run_batches(using, _fold)


def fold_batch(using: str = "default") -> bool:
    """Fold a batch of messages that an older version, or SQL by hand, has written. Returns whether there were any."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        return _fold(using, cursor)


def is_ready(using: str = "default") -> bool:
    """Whether `build_index` has nothing to do except folding messages that others have written."""
    database = connections[using]
    backend = BACKENDS[database.vendor]
    if "search_index_state" not in database.introspection.table_names():
        return False
    with database.cursor() as cursor:
        return (
            _read_state(cursor) == (VERSION, _COMPLETE)
            and backend.is_up_to_date(cursor)
            and backend.is_complete(cursor)
            and file_words.is_built(cursor)
        )


def purge_batch(using: str = "default") -> bool:
    """Purge a part of the index of words of removed messages. Returns whether there is more to do."""
    backend = BACKENDS[connections[using].vendor]
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        return backend.purge(cursor)


def _prepare(using: str) -> int | None:
    """The first id that is not indexed; None when the index is complete."""
    backend = BACKENDS[connections[using].vendor]
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(_STATE_TABLE)
        version, next_id = _read_state(cursor) or (None, None)
        if version != VERSION or not backend.is_up_to_date(cursor):
            backend.create(cursor)
            next_id = 1
            cursor.execute("DELETE FROM search_index_state")
            cursor.execute("INSERT INTO search_index_state VALUES (%s, %s, 0, 0)", [VERSION, next_id])
    return None if next_id == _COMPLETE else next_id


def _read_state(cursor) -> tuple[int, int] | None:
    """(version, first id that is not indexed); None when the index was never built."""
    cursor.execute("SELECT version, next_id FROM search_index_state")
    return cursor.fetchone()


def _run_batches(using: str, work: Callable[..., bool]) -> None:
    more = True
    while more:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            more = work(using, cursor)


def _fill(using: str, cursor) -> bool:
    """Index the next messages. Returns whether there may be more."""
    _version, next_id = _read_state(cursor) or (VERSION, 1)
    rows = _select_for_update(using, cursor, "id >= %s", [next_id])
    if rows:
        BACKENDS[connections[using].vendor].index(cursor, rows)
    cursor.execute("UPDATE search_index_state SET next_id = %s", [rows[-1][0] + 1 if rows else _COMPLETE])
    return bool(rows)


def _fold(using: str, cursor) -> bool:
    backend = BACKENDS[connections[using].vendor]
    rows = _select_for_update(using, cursor, backend.UNFOLDED, [])
    if rows:
        backend.fold(cursor, rows)
    return bool(rows)


def _select_for_update(using: str, cursor, condition: str, values: list) -> list[tuple[int, str]]:
    """(id, text) of the first messages that fulfil the condition, locked until the transaction ends."""
    lock = " FOR NO KEY UPDATE" if connections[using].vendor == "postgresql" else ""
    cursor.execute(f"SELECT id, text FROM rooms_message WHERE {condition} ORDER BY id LIMIT {BATCH_SIZE}{lock}", values)
    return cursor.fetchall()
