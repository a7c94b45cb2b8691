"""Finding messages: words, from whom, when; in one room or in all that a person may read.

One function in front of two indexes: FTS5 on SQLite, full-text search on PostgreSQL. Both are kept by the database
itself (triggers, an expression index), so that no way of writing a message can miss them.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, connections

from .models import Message, Room

MOST_WORDS = 8
MOST_ROOMS = 1000


def search(rooms: Sequence[Room], text: str, sender_id: int | None = None, since: datetime | None = None,
           until: datetime | None = None, before: int | None = None, limit: int = 30) -> list[Message]:  # fmt: skip
    """Messages with all these words in any of `rooms`, the newest first.

    Words match from their beginning ("deploy" finds "deployed"). since, until: posted in between. before: a message id,
    for the next page. Who may read is settled before: the rooms come from the person's rights.
    """
    words = words_of(text)
    if not words or not rooms:
        return []
    low = _first_since(since) if since else 0
    high = min(before or _NO_ID, _first_since(until) if until else _NO_ID)
    find = _FINDERS[connection.vendor]
    ids = find(words, [room.id for room in rooms[:MOST_ROOMS]], sender_id, low, high, limit)
    found = Message.objects.for_wire().filter(deleted=False).in_bulk(ids)
    return [found[id] for id in ids if id in found]


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())[:MOST_WORDS]


def make_index(using: str) -> None:
    """Make what is missing of the index, and fill it. Harmless to repeat; done after each migration, because a
    migration that builds a table anew on SQLite loses its triggers."""
    with connections[using].cursor() as cursor:
        if connections[using].vendor == "postgresql":
            cursor.execute(
                "CREATE INDEX IF NOT EXISTS message_words ON rooms_message USING gin (to_tsvector('simple', text))"
            )
            return
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'message_words'")
        is_new = cursor.fetchone() is None
        for statement in _SQLITE_INDEX:
            cursor.execute(statement)
        if is_new:
            cursor.execute(f"INSERT INTO message_words (rowid, text, tags) SELECT id, text, {_TAGS} FROM rooms_message")


# Room and sender are words of the index too, so that a search in one room costs what that room holds.
_TAGS = "'r' || room_id || ' u' || sender_id"
_OLD = "INSERT INTO message_words (message_words, rowid, text, tags) VALUES ('delete', old.id, old.text, 'r' || old.room_id || ' u' || old.sender_id);"  # noqa: E501
_NEW = "INSERT INTO message_words (rowid, text, tags) VALUES (new.id, new.text, 'r' || new.room_id || ' u' || new.sender_id);"  # noqa: E501
_SQLITE_INDEX = (
    # Without the text itself: that is in rooms_message already.
    "CREATE VIRTUAL TABLE IF NOT EXISTS message_words USING fts5"
    "(text, tags, content='', tokenize='unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER IF NOT EXISTS message_words_new AFTER INSERT ON rooms_message BEGIN {_NEW} END",
    f"CREATE TRIGGER IF NOT EXISTS message_words_gone AFTER DELETE ON rooms_message BEGIN {_OLD} END",
    "CREATE TRIGGER IF NOT EXISTS message_words_changed AFTER UPDATE OF text ON rooms_message "
    f"WHEN old.text <> new.text BEGIN {_OLD} {_NEW} END",
)


def _find_sqlite(words, room_ids, sender_id, low, high, limit) -> list[int]:
    # The words hold only letters, digits and `_`: nothing in quotes can be an operator.
    terms = [f'text : "{word}"*' for word in words]
    terms.append("tags : (" + " OR ".join(f'"r{id}"' for id in room_ids) + ")")
    if sender_id is not None:
        terms.append(f'tags : "u{sender_id}"')
    with connection.cursor() as cursor:
        # In the index's own order, backwards: it stops when there are enough.
        cursor.execute(
            "SELECT rowid FROM message_words WHERE message_words MATCH %s AND rowid >= %s AND rowid < %s "
            "ORDER BY rowid DESC LIMIT %s",
            [" AND ".join(terms), low, high, limit],
        )
        return [row[0] for row in cursor.fetchall()]


def _find_postgresql(words, room_ids, sender_id, low, high, limit) -> list[int]:
    found = Message.objects.filter(room_id__in=room_ids, id__gte=low, id__lt=high).extra(
        where=["to_tsvector('simple', text) @@ to_tsquery('simple', %s)"],
        params=[" & ".join(f"{word}:*" for word in words)],
    )
    if sender_id is not None:
        found = found.filter(sender_id=sender_id)
    return list(found.order_by("-id").values_list("id", flat=True)[:limit])


_FINDERS = {"sqlite": _find_sqlite, "postgresql": _find_postgresql}
_NO_ID = 2**63 - 1


def _first_since(moment: datetime) -> int:
    """The id of the first message posted at or after a moment: ids grow with time, so halving finds it by few looks."""
    low, high = 0, (Message.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        later = Message.objects.filter(id__gte=middle).order_by("id").values_list("id", "created").first()
        if later is None or later[1] >= moment:
            high = middle
        else:
            low = later[0] + 1
    return low
