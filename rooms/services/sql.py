"""SQL by hand, for what every message and every reply meets.

The three queries come before a group of posts is written: its rooms (locked), who belongs there, what is repeated.
Django takes ten times as long to put them together as the database to answer them, and they are most of what a
message costs. So it is with who may read, which is asked again for each socket that opens. The insert names only the
columns that some message of the group fills. (`bulk_create` prepares each value of each column, so that posting grew
slower with every column that only bots fill.) The updates give each row a value of its own in one call to the
database driver: 0.17 ms for 50 messages, where `bulk_update` takes 15 ms (SQLite), nearly all of it to build its
CASE. Space for files is locked where there is no row of its own. Notifications are in notification_sql.py.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from common.sql import placeholders

from ..models import Message, MessageState, Room, RoomKind
from .room_locks import turn

_MESSAGE_FIELDS = [field for field in Message._meta.concrete_fields if not field.primary_key]


def lock_rooms(ids: set[int], patient: bool, skip_locked: bool = False) -> dict[int, Room]:
    """By id. Locked in the order of their ids, so that two processes never wait for each other in a circle.

    patient: wait with no other thread of this process, when it is one room. skip_locked: without those that another
    transaction holds.
    """
    lock = "FOR UPDATE" if connection.features.has_select_for_update else ""
    lock += " SKIP LOCKED" if lock and skip_locked else ""
    rooms = Room.objects.raw(
        "SELECT *, (SELECT version FROM rooms_blocklist WHERE server) AS server_block_version,"
        " EXISTS (SELECT 1 FROM rooms_membership m WHERE m.room_id = rooms_room.id AND m.hears_all)"
        " AS calls_all, EXISTS (SELECT 1 FROM rooms_membership m WHERE m.room_id = rooms_room.id AND m.hears_words)"
        f" AS calls_words FROM rooms_room WHERE id IN ({placeholders(ids)}) ORDER BY id {lock}",
        [*ids],
    )
    with turn(*ids) if patient and len(ids) == 1 else nullcontext():
        return {room.id: room for room in rooms}


def find_people(names: Collection[str]) -> list[tuple[str, int, bool]]:
    """(lower-case name, id, whether it is a bot) of those active people whom these lower-case names name."""
    return _rows(
        "SELECT LOWER(username), id, is_bot FROM accounts_user"
        f" WHERE is_active AND LOWER(username) IN ({placeholders(names)})",
        [*names],
    )


# A place whose ban has ended counts for nothing; see models/bans.py.
_COUNTS = "(NOT place.banned OR place.banned_until IS NULL OR place.banned_until > CURRENT_TIMESTAMP)"


class PostingRights(NamedTuple):
    may_post: bool  # belongs there, and the account is active
    role: str
    timed_out: bool = False


def posting_rights(room_ids: set[int], user_ids: set[int]) -> dict[tuple[int, int], PostingRights]:
    """(room, user) → what they may do there; without an entry they do not belong to the room (yet)."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    rows = _rows(
        "SELECT place.room_id, place.user_id, person.is_active, place.banned, place.role, EXISTS ("
        "SELECT 1 FROM rooms_timeout t WHERE t.user_id = place.user_id AND t.until > %s"
        " AND (t.room_id = place.room_id OR t.room_id IS NULL)) FROM rooms_membership place"
        " JOIN accounts_user person ON person.id = place.user_id"
        f" WHERE place.room_id IN ({placeholders(room_ids)}) AND place.user_id IN ({placeholders(user_ids)})"
        f" AND {_COUNTS}",
        [now, *room_ids, *user_ids],
    )
    return {
        (room_id, user_id): PostingRights(bool(active and not banned), role, bool(timed_out))
        for room_id, user_id, active, banned, role, timed_out in rows
    }


def reading_rights(room_ids: set[int], user_ids: set[int]) -> tuple[set[int], dict[tuple[int, int], bool]]:
    """Of the rooms that stand: which are public; and (user, room) → whether they may read there, if they belong there.

    Asked for each socket that opens.
    """
    rooms = _rows(
        f"SELECT id FROM rooms_room WHERE deleted IS NULL AND kind = %s AND id IN ({placeholders(room_ids)})",
        [RoomKind.PUBLIC.value, *room_ids],
    )
    places = _rows(
        "SELECT place.user_id, place.room_id, place.banned FROM rooms_membership place"
        " JOIN rooms_room room ON room.id = place.room_id WHERE room.deleted IS NULL"
        f" AND place.room_id IN ({placeholders(room_ids)}) AND place.user_id IN ({placeholders(user_ids)})"
        f" AND {_COUNTS}",
        [*room_ids, *user_ids],
    )
    return {id for (id,) in rooms}, {(user_id, room_id): not banned for user_id, room_id, banned in places}


def messages_by_client_id(
    user_ids: set[int], client_ids: set[uuid.UUID]
) -> dict[tuple[int, uuid.UUID | None], Message]:
    """(sender, client id) → the message it made, with its room and numbers."""
    if not client_ids:
        return {}
    client_id = Message._meta.get_field("client_id")
    fields = ["id", "room_id", "first_seq", "sender_id", "client_id"]
    rows = _rows(
        f"SELECT {', '.join(fields)} FROM rooms_message"
        f" WHERE sender_id IN ({placeholders(user_ids)}) AND client_id IN ({placeholders(client_ids)})",
        [*user_ids, *(client_id.get_db_prep_value(id, connection) for id in client_ids)],
    )
    messages = (Message.from_db(connection.alias, fields, [*row[:-1], client_id.to_python(row[-1])]) for row in rows)
    return {(message.sender_id, message.client_id): message for message in messages}


def limit_lock_wait(milliseconds: int) -> None:
    """For the rest of this transaction: who waits longer for a lock gets an OperationalError. SQLite ignores it.

    A setting of the session, which the ORM has no words for.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {milliseconds}")


def share_person(user_id: int) -> None:
    """Wait for whoever changes this person's row, and let nobody change it until the transaction ends; others may share
    it, too. (SQLite has one writer.)"""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM accounts_user WHERE id = %s FOR SHARE", [user_id])


def lock_file_space(user_id: int, room_id: int) -> None:
    """Of a person and a room, until the transaction ends, without a lock on their rows, for which posts would wait.
    (SQLite has one writer.)"""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for whose in (f"person {user_id}", f"room {room_id}"):  # always in this order
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"files of {whose}"])


def insert_messages(messages: Sequence[Message]) -> None:
    """Insert new messages, in this order, and give each its id. In one statement: at most 1,000, for SQLite's sake.

    A column that is None in all of them is left to the database, which puts NULL there.
    """
    fields = [field for field in _MESSAGE_FIELDS if any(getattr(each, field.attname) is not None for each in messages)]
    values = [field.get_db_prep_save(getattr(each, field.attname), connection) for each in messages for field in fields]
    row = f"({placeholders(fields)})"
    rows = _rows(
        f"INSERT INTO rooms_message ({', '.join(str(field.column) for field in fields)})"
        f" VALUES {', '.join([row] * len(messages))} RETURNING id",
        values,
    )
    for message, (id,) in zip(messages, rows, strict=True):
        message.id = id
        message._state.adding, message._state.db = False, connection.alias


def save_room_heads(rooms: Iterable[Room]) -> None:
    """Store the counters of locked rooms in which something was said."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    _run_many("UPDATE rooms_room SET seq = %s, active = %s WHERE id = %s", [(room.seq, now, room.id) for room in rooms])


def save_message_numbers(messages: Iterable[Message]) -> None:
    """Store the new `seq` of messages whose rooms are locked."""
    numbers = [(message.seq, message.pk) for message in messages]
    _run_many("UPDATE rooms_message SET seq = %s WHERE id = %s", numbers)


def save_unfinished_texts(texts: Mapping[int, str]) -> None:
    """Store texts so far, by message id, of replies that are still being written."""
    _run_many(
        "UPDATE rooms_message SET text = %s WHERE id = %s AND state = %s AND NOT deleted",
        [(text, id, MessageState.STREAMING.value) for id, text in texts.items()],
    )


def set_last_mentions(mentions: Sequence[tuple[int, int, int, int]]) -> None:
    """Store where members were last mentioned: (first_seq, room, member, sender); of several, the last one stays.

    A member who blocks the sender, or wants to hear nothing of the room, is left out: a look-up by a unique index for
    each mention.
    """
    _run_many(
        "UPDATE rooms_membership SET mention_seq = %s WHERE room_id = %s AND user_id = %s AND NOT EXISTS ("
        "SELECT 1 FROM rooms_block b WHERE b.user_id = rooms_membership.user_id AND b.blocked_id = %s)"
        " AND level <> 'nothing' AND NOT (level = '' AND EXISTS (SELECT 1 FROM rooms_notificationsettings s"
        " WHERE s.user_id = rooms_membership.user_id AND s.default_level = 'nothing'))",
        mentions,
    )


def save_last_posts(posts: Sequence[tuple[int, int, datetime]]) -> None:
    """Store when somebody last wrote in a room: (room, user, when)."""
    _run_many(
        "INSERT INTO rooms_lastpost (room_id, user_id, at) VALUES (%s, %s, %s)"
        " ON CONFLICT (room_id, user_id) DO UPDATE SET at = excluded.at",
        [(room_id, user_id, connection.ops.adapt_datetimefield_value(at)) for room_id, user_id, at in posts],
    )


def _rows(sql: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple] = cursor.fetchall()
        return rows


def _run_many(sql: str, parameters: Sequence[tuple]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, parameters)
