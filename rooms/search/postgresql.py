"""Search on PostgreSQL: the words of each message in a column that a trigger keeps right, with an index (GIN).

Django knows nothing of that column. An index over the expression alone would do, but then words side by side, and the
newest messages that are looked at one by one, are taken apart anew by every search: 30 µs each.

The words are those of Message.search_text as they stand there, or of an ASCII text itself: what PostgreSQL takes for
a word in other texts depends on the locale of the database. What a bot is still writing has none.
"""

import string
from collections.abc import Sequence
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from ..models import UNFINISHED
from ..text.search_terms import index_text
from .query import Phrase, Wanted

# A frequent word is among the newest messages, so those are looked at one by one first; the index would gather all that
# ever held it. Further ones when there was a hit at all.
NEWEST = (4_000, 40_000)

_FINISHED = "state NOT IN (" + ", ".join(f"'{state.value}'" for state in UNFINISHED) + ")"
# Written by what does not fold: an older version, or SQL by hand.
UNFOLDED = f"search_text IS NULL AND octet_length(text) <> char_length(text) AND {_FINISHED}"


def _words_of(text: str) -> str:
    """SQL for the words of an ASCII text. Parted by every sign, as on SQLite: by itself PostgreSQL takes "and/or" for a
    file and "me@home" for an address. In small letters, which some locales do not make of ASCII's as others do."""
    signs, blanks = string.punctuation.replace("'", "''"), " " * len(string.punctuation)
    return f"""to_tsvector('simple'::regconfig, translate(lower({text} COLLATE "C"), '{signs}', '{blanks}'))"""


_FUNCTION = f"""
CREATE OR REPLACE FUNCTION set_message_words() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    -- It changed the text, and left the words of the text before: an older version, or SQL by hand.
    IF TG_OP = 'UPDATE' AND NEW.text <> OLD.text AND NEW.search_text = OLD.search_text THEN
        NEW.search_text := NULL;
    END IF;
    IF NOT (NEW.{_FINISHED}) THEN
        NEW.words := NULL;
    ELSIF NEW.search_text IS NULL THEN
        NEW.words := {_words_of("NEW.text")};
    ELSE
        NEW.words := coalesce((
            SELECT string_agg('''' || word || ''':' || least(place, 16383), ' ')
            FROM unnest(string_to_array(btrim(NEW.search_text), ' ')) WITH ORDINALITY AS words (word, place)
        ), '')::tsvector;
    END IF;
    RETURN NEW;
END $body$"""
_TRIGGER = (
    "CREATE TRIGGER set_message_words BEFORE INSERT OR UPDATE OF text, state, search_text ON rooms_message "
    "FOR EACH ROW EXECUTE FUNCTION set_message_words()"
)
_INDEXES = {
    "message_words": "CREATE INDEX message_words ON rooms_message USING gin (words)",
    "message_unfolded": f"CREATE INDEX message_unfolded ON rooms_message (id) WHERE {UNFOLDED}",
}


def is_made(cursor) -> bool:
    """Whether the column and its trigger are there exactly as they should be."""
    return _column(cursor) == (False,) and _trigger(cursor) == (_FUNCTION,)


def make(cursor) -> None:
    """Make the column and its trigger. What an older version had in the column stays: something is always found."""
    column = _column(cursor)
    if column is None:
        cursor.execute("ALTER TABLE rooms_message ADD COLUMN words tsvector")
    elif column[0]:  # as older versions had it
        cursor.execute("ALTER TABLE rooms_message ALTER COLUMN words DROP EXPRESSION")
    cursor.execute(_FUNCTION)
    cursor.execute("DROP TRIGGER IF EXISTS set_message_words ON rooms_message")
    cursor.execute(_TRIGGER)
    cursor.execute(f"COMMENT ON TRIGGER set_message_words ON rooms_message IS $how${_FUNCTION}$how$")


def _column(cursor) -> tuple[bool] | None:
    """Whether the database generates the column; None when there is none."""
    cursor.execute(
        "SELECT attgenerated = 's' FROM pg_attribute WHERE attrelid = 'rooms_message'::regclass AND attname = 'words'"
    )
    return cursor.fetchone()


def _trigger(cursor) -> tuple[str] | None:
    """What the trigger was made from; None when there is none."""
    cursor.execute(
        "SELECT obj_description(oid, 'pg_trigger') FROM pg_trigger "
        "WHERE tgrelid = 'rooms_message'::regclass AND tgname = 'set_message_words'"
    )
    return cursor.fetchone()


def index(cursor, rows: Sequence[tuple[int, str]]) -> None:
    """Fold the texts of these (id, text), and make the words of those that are ASCII and have others."""
    fold(cursor, rows)
    right = f"CASE WHEN {_FINISHED} THEN {_words_of('text').replace('%', '%%')} END"
    cursor.execute(
        f"UPDATE rooms_message SET search_text = NULL WHERE id = ANY(%s) AND words IS DISTINCT FROM {right}",
        [[id for id, text in rows if text.isascii()]],
    )


def fold(cursor, rows: Sequence[tuple[int, str]]) -> None:
    """Store the words of these (id, text) of messages that are finished."""
    folded = [(id, index_text(text)) for id, text in rows if not text.isascii()]
    cursor.execute(
        "UPDATE rooms_message SET search_text = folded.words "
        "FROM unnest(%s::bigint[], %s::text[]) AS folded (id, words) "
        f"WHERE rooms_message.id = folded.id AND rooms_message.{_FINISHED}",
        [[id for id, _words in folded], [words for _id, words in folded]],
    )


def finish(cursor) -> None:
    """Make the indexes that are missing, which is quicker than to fill them beside the column."""
    for name in _missing_indexes(cursor):
        cursor.execute(_INDEXES[name])


def is_finished(cursor) -> bool:
    return not _missing_indexes(cursor)


def _missing_indexes(cursor) -> list[str]:
    cursor.execute("SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL", [list(_INDEXES)])
    return [name for (name,) in cursor.fetchall()]


def purge(cursor) -> bool:
    """VACUUM does it, by itself."""
    return False


def find(wanted: Wanted) -> list[int]:
    """Ids of the messages that fit, the newest first."""
    span, ends = "id >= %s AND id < %s", [wanted.low, wanted.high]
    if wanted.rooms and len(wanted.rooms) == 1:
        span, ends = f"{span} AND room_id = %s", [*ends, *wanted.rooms]
    where, values = wanted.where, wanted.values
    if wanted.sender_id is not None:
        where, values = f"m.sender_id = %s AND {where}", [wanted.sender_id, *values]
    if not wanted.query.phrases:
        return _ids(f"SELECT m.id FROM rooms_message m WHERE {span} AND {where}", [*ends, *values], wanted.limit)
    where, values = f"m.words @@ %s::tsquery AND {where}", [_asked(wanted.query.phrases), *values]
    for count in NEWEST:
        newest = f"SELECT * FROM rooms_message WHERE {span} ORDER BY id DESC LIMIT {count}"
        found = _ids(f"SELECT m.id FROM ({newest}) m WHERE {where}", [*ends, *values], wanted.limit)
        if len(found) == wanted.limit:
            return found
        if not found:
            break
    # MATERIALIZED: or the planner may walk through all messages by number, in the hope of meeting enough soon.
    fit = f"SELECT id FROM rooms_message m WHERE {span} AND {where}"
    return _ids(f"WITH m AS MATERIALIZED ({fit}) SELECT m.id FROM m", [*ends, *values], wanted.limit)


@contextmanager
def time_limit(seconds: float):
    """Interrupt what takes longer; raises TimeoutError."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{int(seconds * 1000)}ms"])
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == "57014":  # query_canceled
            raise TimeoutError from error
        raise


def _asked(phrases: Sequence[Phrase]) -> str:
    """A tsquery. Folded words have no sign that means something in one."""
    return " & ".join(
        "(" + " <-> ".join(f"'{word}'" for word in phrase.words) + ":*" * phrase.open + ")" for phrase in phrases
    )


def _ids(sql: str, values: list, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY m.id DESC LIMIT %s", [*values, limit])
        return [id for (id,) in cursor.fetchall()]
