"""SQL by hand: what every question reads of its room beside the messages.

Django takes ten times as long to put these statements together as the database to carry them out, and each of them
stands between a mention and the model.
"""

from django.db import connection

# Not sorted: the database would sort the members of a large room with each question.
_PEOPLE = """
SELECT person.username FROM rooms_membership member JOIN accounts_user person ON person.id = member.user_id
WHERE member.room_id = %s AND NOT member.banned AND person.is_active AND NOT person.is_bot LIMIT %s"""

_WINDOW_BEGIN = """
SELECT window_begin FROM bot_run WHERE room_id = %s AND bot_id = %s AND id < %s ORDER BY id DESC LIMIT 1"""

_READ_SEQ = "SELECT read_seq FROM rooms_membership WHERE room_id = %s AND user_id = %s"


def people(room_id: int, limit: int) -> list[str]:
    """Handles of a room's people, bots and banned ones left out, in no order."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [room_id, limit])
        return [handle for (handle,) in cursor.fetchall()]


def last_window_begin(room_id: int, bot_id: int, before: int) -> int:
    """Id of the first message in the window of a bot's last run there before this one; 0: none, or the room's first."""
    return _number(_WINDOW_BEGIN, room_id, bot_id, before)


def read_seq(room_id: int, user_id: int) -> int:
    """How far somebody has read a room; 0: nothing, or they do not belong to it."""
    return _number(_READ_SEQ, room_id, user_id)


def _number(statement: str, *values: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
        return row[0] or 0 if row else 0
