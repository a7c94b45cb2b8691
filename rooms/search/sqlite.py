"""Search on SQLite: an FTS5 index of rooms_message, updated by triggers, so that no write can bypass it.

It stores only words, not the text (content=''), and not the lengths for ranking (columnsize=0). Room and sender are
words of the index, too, so that searching one room costs in proportion to that room. Unfinished replies of bots are not
indexed: their text is saved once a second and would be indexed each time.

The words are those of Message.search_text, or of the text itself if it is ASCII. With triggers, unlike with a separate
indexer, messages are found immediately.
"""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import contextmanager

from django.db import OperationalError, connection

from common.fts5 import merge_step

from ..models import UNFINISHED
from ..text.search_terms import index_text
from .query import SearchRequest

_STEPS_BETWEEN_CHECKS = 20_000  # instructions of SQLite's virtual machine, about 1 ms

_FINISHED = "state NOT IN (" + ", ".join(f"'{state.value}'" for state in UNFINISHED) + ")"
# Written without folding: by an older version, or SQL by hand.
UNFOLDED = f"search_text IS NULL AND length(text) <> length(CAST(text AS BLOB)) AND {_FINISHED}"
# An older version has changed the text, but not its folded words.
_OUTDATED = "old.text <> new.text AND new.search_text IS NOT NULL AND new.search_text = old.search_text"


def _entry(row: str, words: str) -> str:
    return f"{row}.id, {words}, 'r' || {row}.room_id || ' u' || {row}.sender_id"


def _indexed(row: str) -> str:
    """Below the state's next_id: while the index is being filled, newer messages are not in it yet."""
    return f"{row}.text <> '' AND {row}.{_FINISHED} AND {row}.id < (SELECT next_id FROM search_index_state)"


_OLD, _NEW = "coalesce(old.search_text, old.text)", "coalesce(new.search_text, new.text)"
_REMOVE = (
    "INSERT INTO message_words (message_words, rowid, text, tags) "
    f"SELECT 'delete', {_entry('old', _OLD)} WHERE {_indexed('old')}; "
    f"UPDATE search_index_state SET removed = removed + 1 WHERE {_indexed('old')};"
)
_ADD = "INSERT INTO message_words (rowid, text, tags) SELECT {} WHERE " + _indexed("new") + ";"
_ADD_CHANGED = _ADD.format(_entry("new", f"CASE WHEN {_OUTDATED} THEN new.text ELSE {_NEW} END"))
_CLEAR_OUTDATED = f"UPDATE rooms_message SET search_text = NULL WHERE id = new.id AND {_OUTDATED};"
_PARTS = {
    "message_words": "CREATE VIRTUAL TABLE message_words USING fts5"
    "(text, tags, content='', columnsize=0, tokenize='ascii')",
    "message_words_new": "CREATE TRIGGER message_words_new AFTER INSERT ON rooms_message "
    f"BEGIN {_ADD.format(_entry('new', _NEW))} END",
    "message_words_gone": f"CREATE TRIGGER message_words_gone AFTER DELETE ON rooms_message BEGIN {_REMOVE} END",
    # One trigger, since the order of several is undefined. It does not fire itself.
    "message_words_changed": "CREATE TRIGGER message_words_changed AFTER UPDATE OF text, state, search_text ON "
    "rooms_message WHEN old.text <> new.text OR old.state <> new.state OR old.search_text IS NOT new.search_text "
    f"BEGIN {_REMOVE} {_ADD_CHANGED} {_CLEAR_OUTDATED} END",
    "message_unfolded": f"CREATE INDEX message_unfolded ON rooms_message (id) WHERE {UNFOLDED}",
}


def is_up_to_date(cursor) -> bool:
    """Whether table, triggers and index exist exactly as defined here."""
    return {name: sql for name, _type, sql in _existing_parts(cursor)} == _PARTS


def create(cursor) -> None:
    """Create an empty index and drop the existing one."""
    for name, type, _sql in _existing_parts(cursor):
        cursor.execute(f"DROP {type} {name}")
    for statement in _PARTS.values():
        cursor.execute(statement)


def _existing_parts(cursor) -> list[tuple[str, str, str]]:
    """(name, type, SQL) of the existing parts."""
    cursor.execute(
        f"SELECT name, type, sql FROM sqlite_master WHERE name IN ({', '.join(['%s'] * len(_PARTS))})", list(_PARTS)
    )
    return cursor.fetchall()


def index(cursor, rows: Sequence[tuple[int, str]]) -> None:
    """Fold these (id, text), and index all messages from the first to the last id."""
    fold(cursor, rows)
    cursor.execute(
        f"INSERT INTO message_words (rowid, text, tags) SELECT {_entry('m', 'coalesce(m.search_text, m.text)')} "
        f"FROM rooms_message m WHERE m.id BETWEEN %s AND %s AND m.text <> '' AND m.{_FINISHED} ORDER BY m.id",
        [rows[0][0], rows[-1][0]],
    )


def fold(cursor, rows: Sequence[tuple[int, str]]) -> None:
    """Store the folded words of these (id, text), if the messages are finished."""
    words = [(index_text(text), id) for id, text in rows if not text.isascii()]
    cursor.executemany(f"UPDATE rooms_message SET search_text = %s WHERE id = %s AND {_FINISHED}", words)


def complete(cursor) -> None:
    """Make the index overwrite removed words, if this version of SQLite can."""
    if not is_complete(cursor):
        cursor.execute("INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1)")


def is_complete(cursor) -> bool:
    """Whether deleted words are overwritten in the index; true where this SQLite cannot do that."""
    if not _supports_secure_delete():
        return True
    cursor.execute("SELECT v FROM message_words_config WHERE k = 'secure-delete'")
    return cursor.fetchone() == (1,)


def purge(cursor) -> bool:
    """Rewrite some pages of the index without removed words, where SQLite has not. Returns whether there is more."""
    cursor.execute("SELECT removed, purging FROM search_index_state")
    removed, purging = cursor.fetchone()
    if not removed or _supports_secure_delete():
        cursor.execute("UPDATE search_index_state SET removed = 0 WHERE removed > 0")
        return False
    more = merge_step(cursor, "message_words", begun=bool(purging))
    if not purging:
        cursor.execute("UPDATE search_index_state SET purging = removed")
    elif not more:
        cursor.execute("UPDATE search_index_state SET removed = removed - purging, purging = 0")
        return removed > purging
    return True


def _supports_secure_delete() -> bool:
    return sqlite3.sqlite_version_info >= (3, 42)


def find(request: SearchRequest) -> list[int]:
    """The ids of matching messages, newest first."""
    terms, source, number = _match_terms(request), "rooms_message m", "m.id"
    conditions, values = (
        [f"{number} >= %s", f"{number} < %s", request.where],
        [request.low, request.high, *request.values],
    )
    if terms:
        # CROSS makes SQLite scan the index first, backwards, and stop at the limit.
        number = "message_words.rowid"
        source = f"message_words CROSS JOIN rooms_message m ON m.id = {number}"
        conditions = ["message_words MATCH %s", f"{number} >= %s", f"{number} < %s", request.where]
        values.insert(0, " AND ".join(terms))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.id FROM {source} WHERE {' AND '.join(conditions)} "  # noqa: S608 - contains no values
            f"ORDER BY {number} DESC LIMIT %s",
            [*values, request.limit],
        )
        return [id for (id,) in cursor.fetchall()]


@contextmanager
def time_limit(seconds: float):
    """Interrupt queries that take longer. Raises TimeoutError."""
    connection.ensure_connection()
    deadline = time.monotonic() + seconds
    connection.connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_CHECKS)
    try:
        yield
    except OperationalError as error:
        if "interrupted" in str(error):
            raise TimeoutError from error
        raise
    finally:
        connection.connection.set_progress_handler(None, 0)


def _match_terms(request: SearchRequest) -> list[str]:
    """Terms of an FTS5 query. Folded words are quoted, so nothing in them is an operator."""
    terms = [f'text : "{" ".join(phrase.words)}"' + " *" * phrase.is_prefix for phrase in request.query.phrases]
    if request.rooms is not None:
        terms.append("tags : (" + " OR ".join(f'"r{id}"' for id in request.rooms) + ")")
    if request.sender_id is not None:
        terms.append(f'tags : "u{request.sender_id}"')
    return terms
