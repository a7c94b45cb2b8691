"""Search on SQLite: an FTS5 index beside rooms_message, kept right by triggers, so no way of writing can miss it.

Only the words are in it, not the text (content=''), and not the lengths that ranking would need (columnsize=0). Room
and sender are words of the index too, so that a search in one room costs what that room holds. What a bot is still
writing is not in it: its text is saved once a second, and would be taken apart each time.

Triggers rather than an indexer of its own: 8 to 20 µs CPU a message when messages are written together, as they are
under load, and what was written is found at once.
"""

import time
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from .models import UNFINISHED
from .search_words import Wanted

_STEPS = 20_000  # of SQLite's machine between two looks at the clock, about a millisecond

_FINISHED = ", ".join(f"'{state.value}'" for state in UNFINISHED)


def _indexed(row: str) -> str:
    return f"{row}.text <> '' AND {row}.state NOT IN ({_FINISHED})"


def _values(row: str) -> str:
    return f"{row}.id, {row}.text, 'r' || {row}.room_id || ' u' || {row}.sender_id"


_ADD = "INSERT INTO message_words (rowid, text, tags) SELECT " + _values("new") + " WHERE " + _indexed("new") + ";"
_TAKE = (
    "INSERT INTO message_words (message_words, rowid, text, tags) "
    f"SELECT 'delete', {_values('old')} WHERE {_indexed('old')};"
)
_PARTS = {
    "message_words": "CREATE VIRTUAL TABLE message_words USING fts5"
    "(text, tags, content='', columnsize=0, tokenize='unicode61 remove_diacritics 2')",
    "message_words_new": f"CREATE TRIGGER message_words_new AFTER INSERT ON rooms_message BEGIN {_ADD} END",
    "message_words_gone": f"CREATE TRIGGER message_words_gone AFTER DELETE ON rooms_message BEGIN {_TAKE} END",
    "message_words_changed": "CREATE TRIGGER message_words_changed AFTER UPDATE OF text, state ON rooms_message "
    f"WHEN old.text <> new.text OR old.state <> new.state BEGIN {_TAKE} {_ADD} END",
}


def make_index(database) -> None:
    """Make the index and fill it, unless it is there exactly as it should be."""
    with database.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE name IN (%s, %s, %s, %s)", list(_PARTS))
        there = dict(cursor.fetchall())
        if there == _PARTS:
            return
        with transaction.atomic(using=database.alias):
            for name in there:
                cursor.execute(f"DROP {'TABLE' if name == 'message_words' else 'TRIGGER'} {name}")
            for statement in _PARTS.values():
                cursor.execute(statement)
            cursor.execute(
                f"INSERT INTO message_words (rowid, text, tags) SELECT {_values('m')} FROM rooms_message m "
                f"WHERE {_indexed('m')} ORDER BY m.id"
            )


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
    """In FTS5's language. What was typed stands in quotation marks, where nothing is an operator."""
    query = wanted.query
    terms = [f'text : "{phrase}"' for phrase in query.phrases]
    if query.open:
        terms[-1] += " *"
    if wanted.rooms is not None:
        terms.append("tags : (" + " OR ".join(f'"r{id}"' for id in wanted.rooms) + ")")
    if wanted.sender_id is not None:
        terms.append(f'tags : "u{wanted.sender_id}"')
    return terms
