"""Search on PostgreSQL: a column with each message's words, updated by a trigger, and a GIN index on it.

Django does not know the column. An index on the expression would be enough, but then every search would parse the text
again (30 µs each) of messages with adjacent words and of the newest messages, which are scanned.

The words are those of Message.search_text, or of the text itself if it is ASCII: how PostgreSQL splits other texts
depends on the database's locale. Unfinished replies of bots have none.
"""

import string
from collections.abc import Sequence
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from ..models import UNFINISHED
from ..text.search_terms import index_text
from .query import Phrase, SearchRequest

# The newest messages are scanned first: a frequent word is found there, where the index would collect all of its
# messages. If there was any hit, more of them are scanned.
NEWEST = (4_000, 40_000)

_FINISHED = "state NOT IN (" + ", ".join(f"'{state.value}'" for state in UNFINISHED) + ")"
# Written without folding: by an older version, or SQL by hand.
UNFOLDED = f"search_text IS NULL AND octet_length(text) <> char_length(text) AND {_FINISHED}"


def _words_sql(text: str) -> str:
    """SQL for the words of an ASCII text, split at all punctuation, as on SQLite: PostgreSQL would take "and/or" for a
    file and "me@home" for an e-mail address. Lower-cased with collation "C", because some locales differ for ASCII."""
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
        NEW.words := {_words_sql("NEW.text")};
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


def is_up_to_date(cursor) -> bool:
    """Whether the column and its trigger exist exactly as defined here."""
    return _column(cursor) == (False,) and _trigger(cursor) == (_FUNCTION,)


def create(cursor) -> None:
    """Create the column and its trigger. Words of an older version stay until they are replaced, so searches work."""
    column = _column(cursor)
    if column is None:
        cursor.execute("ALTER TABLE rooms_message ADD COLUMN words tsvector")
    elif column[0]:  # of an older version
        cursor.execute("ALTER TABLE rooms_message ALTER COLUMN words DROP EXPRESSION")
    cursor.execute(_FUNCTION)
    cursor.execute("DROP TRIGGER IF EXISTS set_message_words ON rooms_message")
    cursor.execute(_TRIGGER)
    cursor.execute(f"COMMENT ON TRIGGER set_message_words ON rooms_message IS $how${_FUNCTION}$how$")


def _column(cursor) -> tuple[bool] | None:
    """(whether it is a generated column,); None when there is no column."""
    cursor.execute(
        "SELECT attgenerated = 's' FROM pg_attribute WHERE attrelid = 'rooms_message'::regclass AND attname = 'words'"
    )
    return cursor.fetchone()


def _trigger(cursor) -> tuple[str] | None:
    """(the source of its function,); None when there is no trigger."""
    cursor.execute(
        "SELECT obj_description(oid, 'pg_trigger') FROM pg_trigger "
        "WHERE tgrelid = 'rooms_message'::regclass AND tgname = 'set_message_words'"
    )
    return cursor.fetchone()


def index(cursor, rows: Sequence[tuple[int, str]]) -> None:
    """Fold these (id, text), and update the words of ASCII messages whose words are outdated."""
    fold(cursor, rows)
    current = f"CASE WHEN {_FINISHED} THEN {_words_sql('text').replace('%', '%%')} END"
    cursor.execute(
        f"UPDATE rooms_message SET search_text = NULL WHERE id = ANY(%s) AND words IS DISTINCT FROM {current}",
        [[id for id, text in rows if text.isascii()]],
    )


def fold(cursor, rows: Sequence[tuple[int, str]]) -> None:
    """Store the folded words of these (id, text), if the messages are finished."""
    folded = [(id, index_text(text)) for id, text in rows if not text.isascii()]
    cursor.execute(
        "UPDATE rooms_message SET search_text = folded.words "
        "FROM unnest(%s::bigint[], %s::text[]) AS folded (id, words) "
        f"WHERE rooms_message.id = folded.id AND rooms_message.{_FINISHED}",
        [[id for id, _words in folded], [words for _id, words in folded]],
    )


def complete(cursor) -> None:
    """Create missing indexes. (It is faster after the column was filled.)"""
    for name in _missing_indexes(cursor):
        cursor.execute(_INDEXES[name])


def is_complete(cursor) -> bool:
    """Whether no index is missing."""
    return not _missing_indexes(cursor)


def _missing_indexes(cursor) -> list[str]:
    cursor.execute("SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL", [list(_INDEXES)])
    return [name for (name,) in cursor.fetchall()]


def purge(cursor) -> bool:
    """Nothing to do: autovacuum does it."""
    return False


def find(request: SearchRequest) -> list[int]:
    """The ids of matching messages, newest first."""
    span, ends = "id >= %s AND id < %s", [request.low, request.high]
    if request.rooms and len(request.rooms) == 1:
        span, ends = f"{span} AND room_id = %s", [*ends, *request.rooms]
    where, values = request.where, request.values
    if request.sender_id is not None:
        where, values = f"m.sender_id = %s AND {where}", [request.sender_id, *values]
    if not request.query.phrases:
        return _select_ids(
            f"SELECT m.id FROM rooms_message m WHERE {span} AND {where}", [*ends, *values], request.limit
        )
    where, values = f"m.words @@ %s::tsquery AND {where}", [_to_tsquery(request.query.phrases), *values]
    for count in NEWEST:
        newest = f"SELECT * FROM rooms_message WHERE {span} ORDER BY id DESC LIMIT {count}"
        found = _select_ids(f"SELECT m.id FROM ({newest}) m WHERE {where}", [*ends, *values], request.limit)
        if len(found) == request.limit:
            return found
        if not found:
            break
    # MATERIALIZED keeps the planner from scanning all messages by id, in the hope of finding enough soon.
    matching = f"SELECT id FROM rooms_message m WHERE {span} AND {where}"
    return _select_ids(f"WITH m AS MATERIALIZED ({matching}) SELECT m.id FROM m", [*ends, *values], request.limit)


@contextmanager
def time_limit(seconds: float):
    """Interrupt queries that take longer. Raises TimeoutError."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{int(seconds * 1000)}ms"])
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == "57014":  # query_canceled
            raise TimeoutError from error
        raise


def _to_tsquery(phrases: Sequence[Phrase]) -> str:
    """A tsquery. Folded words contain no operators."""
    return " & ".join(
        "(" + " <-> ".join(f"'{word}'" for word in phrase.words) + ":*" * phrase.is_prefix + ")" for phrase in phrases
    )


def _select_ids(sql: str, values: list, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY m.id DESC LIMIT %s", [*values, limit])
        return [id for (id,) in cursor.fetchall()]
