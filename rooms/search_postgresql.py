"""Search on PostgreSQL: the words of each text in a column that the database keeps by itself, with an index (GIN).

Django knows nothing of that column. An index over the expression alone would do, but then words side by side, and the
newest messages that are looked at one by one, are taken apart anew by every search: 30 µs each.
"""

import re
import string
import unicodedata
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from .search_words import Query, Wanted

# A frequent word is among the newest messages, so those are looked at one by one first; the index would gather all that
# ever held it. Further ones when there was a hit at all.
NEWEST = (4_000, 40_000)

# Words without accents, and parted by every sign, as on SQLite. PostgreSQL by itself takes "and/or" for a file and
# "me@home" for an address, in which no search finds "home"; and, with the locale C, an emoji for a letter.
_ACCENTS = r"[\u0300-\u036f]"
_SYMBOLS = r"[\u00a0-\u00bf\u2000-\u206f\u2190-\u2bff\u3000-\u303f\ufe00-\ufe0f\U0001f000-\U0001faff]"
_SIGNS = string.punctuation
_PLAIN = (
    "CASE WHEN octet_length(text) = char_length(text) THEN text ELSE normalize(regexp_replace(regexp_replace("
    f"normalize(text, NFKD), '{_ACCENTS}', '', 'g'), '{_SYMBOLS}', ' ', 'g'), NFC) END"
)
_QUOTED = _SIGNS.replace("'", "''")
_VECTOR = f"to_tsvector('simple'::regconfig, translate({_PLAIN}, '{_QUOTED}', '{' ' * len(_SIGNS)}'))"


def make_index(database) -> None:
    """Make the index, unless it is there exactly as it should be."""
    with database.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass('message_words'))")
        if cursor.fetchone()[0] == _VECTOR:
            return
        with transaction.atomic(using=database.alias):
            cursor.execute("DROP INDEX IF EXISTS message_words")
            cursor.execute("ALTER TABLE rooms_message DROP COLUMN IF EXISTS words")
            cursor.execute(
                f"ALTER TABLE rooms_message ADD COLUMN words tsvector GENERATED ALWAYS AS ({_VECTOR}) STORED"
            )
            cursor.execute("CREATE INDEX message_words ON rooms_message USING gin (words)")
            cursor.execute(f"COMMENT ON INDEX message_words IS $how${_VECTOR}$how$")


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
    where, values = f"m.words @@ {_asked(wanted.query)} AND {where}", [*map(_plain, wanted.query.phrases), *values]
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


def _asked(query: Query) -> str:
    """SQL for what the words ask, with a place for each phrase."""
    asked = ["phraseto_tsquery('simple'::regconfig, %s)"] * len(query.phrases)
    if query.open:
        asked[-1] = f"coalesce(nullif({asked[-1]}::text, '') || ':*', '')::tsquery"
    return f"({' && '.join(asked)})"


def _plain(phrase: str) -> str:
    """What _VECTOR makes of a text."""
    bare = re.sub(_SYMBOLS, " ", re.sub(_ACCENTS, "", unicodedata.normalize("NFKD", phrase)))
    return unicodedata.normalize("NFC", bare).translate(dict.fromkeys(map(ord, _SIGNS), " "))


def _ids(sql: str, values: list, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY m.id DESC LIMIT %s", [*values, limit])
        return [id for (id,) in cursor.fetchall()]
