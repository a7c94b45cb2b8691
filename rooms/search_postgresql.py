"""Search on PostgreSQL: an index (GIN) of the words of each text, which the database keeps by itself."""

import re
import string
import unicodedata
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from .search_words import Query, Wanted

RECENT = 500  # newest messages that are looked at one by one before the index is asked

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
            cursor.execute(f"CREATE INDEX message_words ON rooms_message USING gin (({_VECTOR}))")
            cursor.execute(f"COMMENT ON INDEX message_words IS $how${_VECTOR}$how$")


def find(wanted: Wanted) -> list[int]:
    """Ids of the messages that fit, the newest first."""
    where, values = f"m.id >= %s AND m.id < %s AND {wanted.where}", [wanted.low, wanted.high, *wanted.values]
    for column, value in (("m.room_id", wanted.rooms), ("m.sender_id", wanted.sender_id)):
        if value is not None:
            where, values = f"{column} = ANY(%s) AND {where}", [value if isinstance(value, list) else [value], *values]
    newest = f"SELECT m.id, m.text FROM rooms_message m WHERE {where} ORDER BY m.id DESC"
    if not wanted.query.phrases:
        return _ids(f"SELECT id FROM ({newest}) newest", values, wanted.limit)
    holds = _VECTOR.replace("%", "%%") + " @@ " + _asked(wanted.query)
    words = [_plain(phrase) for phrase in wanted.query.phrases]
    # A frequent word is among the newest; the index would first gather all that ever held it.
    recent = f"SELECT id FROM ({newest} LIMIT {RECENT}) recent WHERE {holds} ORDER BY id DESC"
    found = _ids(recent, [*values, *words], wanted.limit)
    if len(found) == wanted.limit:
        return found
    # MATERIALIZED: or the planner may walk through all messages by number, in the hope of meeting enough soon.
    fit = f"SELECT m.id FROM rooms_message m WHERE {holds} AND {where}"
    return _ids(
        f"WITH fit AS MATERIALIZED ({fit}) SELECT id FROM fit ORDER BY id DESC", [*words, *values], wanted.limit
    )


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
        cursor.execute(f"{sql} LIMIT %s", [*values, limit])
        return [id for (id,) in cursor.fetchall()]
