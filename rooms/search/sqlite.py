"""Search on SQLite: an FTS5 index beside rooms_message, kept right by triggers, so no way of writing can miss it.

Only the words are in it, not the text (content=''), and not the lengths that ranking would need (columnsize=0). Room
and sender are words of the index too, so that a search in one room costs what that room holds. What a bot is still
writing is not in it: its text is saved once a second, and would be taken apart each time.

The words are those of Message.search_text, or of an ASCII text itself. Triggers rather than an indexer of its own:
what was written is found at once.
"""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import contextmanager

from django.db import OperationalError, connection

from ..models import UNFINISHED
from ..text.search_terms import index_text
from .query import Wanted

PAGES = 100  # of the index, in a portion of purging it
_STEPS = 20_000  # of SQLite's machine between two looks at the clock, about a millisecond

_FINISHED = "state NOT IN (" + ", ".join(f"'{state.value}'" for state in UNFINISHED) + ")"
# Written by what does not fold: an older version, or SQL by hand.
UNFOLDED = f"search_text IS NULL AND length(text) <> length(CAST(text AS BLOB)) AND {_FINISHED}"
# It changed the text, and left the words of the text before.
_OUTDATED = "old.text <> new.text AND new.search_text IS NOT NULL AND new.search_text = old.search_text"


def _entry(row: str, words: str) -> str:
    return f"{row}.id, {words}, 'r' || {row}.room_id || ' u' || {row}.sender_id"


def _indexed(row: str) -> str:
    """Below the state's next_id: an index is filled from the oldest message on, beside whatever is written."""
    return f"{row}.text <> '' AND {row}.{_FINISHED} AND {row}.id < (SELECT next_id FROM search_index_state)"


_OLD, _NEW = "coalesce(old.search_text, old.text)", "coalesce(new.search_text, new.text)"
_TAKE = (
    "INSERT INTO message_words (message_words, rowid, text, tags) "
    f"SELECT 'delete', {_entry('old', _OLD)} WHERE {_indexed('old')}; "
    f"UPDATE search_index_state SET removed = removed + 1 WHERE {_indexed('old')};"
)
_ADD = "INSERT INTO message_words (rowid, text, tags) SELECT {} WHERE " + _indexed("new") + ";"
_ADD_CHANGED = _ADD.format(_entry("new", f"CASE WHEN {_OUTDATED} THEN new.text ELSE {_NEW} END"))
_FORGET = f"UPDATE rooms_message SET search_text = NULL WHERE id = new.id AND {_OUTDATED};"
_PARTS = {
    "message_words": "CREATE VIRTUAL TABLE message_words USING fts5"
    "(text, tags, content='', columnsize=0, tokenize='ascii')",
    "message_words_new": "CREATE TRIGGER message_words_new AFTER INSERT ON rooms_message "
    f"BEGIN {_ADD.format(_entry('new', _NEW))} END",
    "message_words_gone": f"CREATE TRIGGER message_words_gone AFTER DELETE ON rooms_message BEGIN {_TAKE} END",
    # One trigger, since the order of several is not defined. It does not call itself.
    "message_words_changed": "CREATE TRIGGER message_words_changed AFTER UPDATE OF text, state, search_text ON "
    "rooms_message WHEN old.text <> new.text OR old.state <> new.state OR old.search_text IS NOT new.search_text "
    f"BEGIN {_TAKE} {_ADD_CHANGED} {_FORGET} END",
    "message_unfolded": f"CREATE INDEX message_unfolded ON rooms_message (id) WHERE {UNFOLDED}",
}


def is_made(cursor) -> bool:
    """Whether all is there exactly as it should be."""
    return {name: sql for name, _type, sql in _there(cursor)} == _PARTS


def make(cursor) -> None:
    """Make an empty index, in place of the one that is there."""
    for name, type, _sql in _there(cursor):
        cursor.execute(f"DROP {type} {name}")
    for statement in _PARTS.values():
        cursor.execute(statement)


def _there(cursor) -> list[tuple[str, str, str]]:
    """(name, type, SQL) of the parts that exist."""
    cursor.execute(
        f"SELECT name, type, sql FROM sqlite_master WHERE name IN ({', '.join(['%s'] * len(_PARTS))})", list(_PARTS)
    )
    return cursor.fetchall()


def index(cursor, rows: Sequence[tuple[int, str]]) -> None:
    """Fold the texts of these (id, text), and add to the index whatever is between the first and the last of them."""
    fold(cursor, rows)
    cursor.execute(
        f"INSERT INTO message_words (rowid, text, tags) SELECT {_entry('m', 'coalesce(m.search_text, m.text)')} "
        f"FROM rooms_message m WHERE m.id BETWEEN %s AND %s AND m.text <> '' AND m.{_FINISHED} ORDER BY m.id",
        [rows[0][0], rows[-1][0]],
    )


def fold(cursor, rows: Sequence[tuple[int, str]]) -> None:
    """Store the words of these (id, text) of messages that are finished."""
    words = [(index_text(text), id) for id, text in rows if not text.isascii()]
    cursor.executemany(f"UPDATE rooms_message SET search_text = %s WHERE id = %s AND {_FINISHED}", words)


def finish(cursor) -> None:
    """Let the index overwrite words that are removed from it, where SQLite can."""
    if not is_finished(cursor):
        cursor.execute("INSERT INTO message_words (message_words, rank) VALUES ('secure-delete', 1)")


def is_finished(cursor) -> bool:
    if not _overwrites():
        return True
    cursor.execute("SELECT v FROM message_words_config WHERE k = 'secure-delete'")
    return cursor.fetchone() == (1,)


def purge(cursor) -> bool:
    """Rewrite some pages of the index without words that were removed. Whether there is more to do.

    Older versions of SQLite only mark removed words as such, until a later merge of that part of the index. A million
    messages take 1.7 s of computing, in 150 portions.
    """
    cursor.execute("SELECT removed, purging FROM search_index_state")
    removed, purging = cursor.fetchone()
    if not removed or _overwrites():
        cursor.execute("UPDATE search_index_state SET removed = 0 WHERE removed > 0")
        return False
    before = cursor.connection.total_changes
    pages = PAGES if purging else -PAGES  # the first time, below zero, all parts are put together to be merged
    cursor.execute("INSERT INTO message_words (message_words, rank) VALUES ('merge', %s)", [pages])
    if not purging:
        cursor.execute("UPDATE search_index_state SET purging = removed")
    elif cursor.connection.total_changes - before < 2:  # as FTS5 says that nothing was left to merge
        cursor.execute("UPDATE search_index_state SET removed = removed - purging, purging = 0")
        return removed > purging
    return True


def _overwrites() -> bool:
    return sqlite3.sqlite_version_info >= (3, 42)


def find(wanted: Wanted) -> list[int]:
    """Ids of the messages that fit, the newest first."""
    terms, source, number = _terms(wanted), "rooms_message m", "m.id"
    conditions, values = [f"{number} >= %s", f"{number} < %s", wanted.where], [wanted.low, wanted.high, *wanted.values]
    if terms:
        # CROSS: the index leads, in its own order and backwards, and stops when there is enough.
        number = "message_words.rowid"
        source = f"message_words CROSS JOIN rooms_message m ON m.id = {number}"
        conditions = ["message_words MATCH %s", f"{number} >= %s", f"{number} < %s", wanted.where]
        values.insert(0, " AND ".join(terms))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT m.id FROM {source} WHERE {' AND '.join(conditions)} "  # noqa: S608 - no value is in it
            f"ORDER BY {number} DESC LIMIT %s",
            [*values, wanted.limit],
        )
        return [id for (id,) in cursor.fetchall()]


@contextmanager
def time_limit(seconds: float):
    """Interrupt what takes longer; raises TimeoutError."""
    connection.ensure_connection()
    deadline = time.monotonic() + seconds
    connection.connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    try:
        yield
    except OperationalError as error:
        if "interrupted" in str(error):
            raise TimeoutError from error
        raise
    finally:
        connection.connection.set_progress_handler(None, 0)


def _terms(wanted: Wanted) -> list[str]:
    """In FTS5's language. Folded words stand in quotation marks, where nothing is an operator."""
    terms = [f'text : "{" ".join(phrase.words)}"' + " *" * phrase.open for phrase in wanted.query.phrases]
    if wanted.rooms is not None:
        terms.append("tags : (" + " OR ".join(f'"r{id}"' for id in wanted.rooms) + ")")
    if wanted.sender_id is not None:
        terms.append(f'tags : "u{wanted.sender_id}"')
    return terms
