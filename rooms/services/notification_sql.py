"""Inserts notifications by SQL.

The rows are selected from the memberships in the statement that inserts them, so that rights, levels and blocks are
checked at that moment. One statement serves all messages of a transaction. Django's ORM cannot express INSERT … SELECT.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.conf import settings
from django.db import connection
from django.utils import timezone

from common.sql import placeholders

from ..models import PERSONAL, Level, Message, MessageKind

# The level that counts in a room, by the membership and the person's settings; and whether the room is muted now.
_LEVEL = "COALESCE(NULLIF(place.level, ''), NULLIF(cause.usual, ''), chosen.default_level, 'mentions')"
_MUTED = "(place.muted AND (place.muted_until IS NULL OR place.muted_until > CURRENT_TIMESTAMP))"
_WANTED = "(cause.kind <> 'reaction' OR COALESCE(chosen.reactions, FALSE))"
_COLUMNS = "user_id, room_id, message_id, kind, actor_id, seq"
_ALLOWED = f"""
    NOT place.banned AND person.is_active AND NOT person.is_bot AND NOT EXISTS (
        SELECT 1 FROM rooms_block b WHERE b.user_id = cause.user_id AND b.blocked_id = cause.actor_id)
    AND {_LEVEL} IN ('all', cause.least) AND {_WANTED}
    AND (cause.kind IN ({", ".join(f"'{kind.value}'" for kind in PERSONAL)}) OR NOT {_MUTED})"""
_INSERT = f"""
    WITH cause ({_COLUMNS}, least, usual) AS (VALUES {{values}})
    INSERT INTO rooms_notification ({_COLUMNS}, created, push_after, mail_after)
    SELECT cause.user_id, cause.room_id, cause.message_id, cause.kind, cause.actor_id, cause.seq,
        %s, CASE WHEN {_MUTED} THEN NULL ELSE %s END, CASE WHEN {_MUTED} THEN NULL ELSE %s END FROM cause
    JOIN rooms_membership place ON place.room_id = cause.room_id AND place.user_id = cause.user_id
    JOIN accounts_user person ON person.id = cause.user_id
    LEFT JOIN rooms_notificationsettings chosen ON chosen.user_id = cause.user_id
    WHERE {_ALLOWED}
    ON CONFLICT (user_id, message_id, kind) DO UPDATE SET
        actor_id = excluded.actor_id, seq = excluded.seq, created = excluded.created, read = NULL, done = NULL,
        push_after = excluded.push_after, mail_after = excluded.mail_after
    RETURNING user_id"""
# For people who have no notification of this message yet.
_INSERT_AUDIENCE = f"""
    INSERT INTO rooms_notification ({_COLUMNS}, created, push_after, mail_after)
    SELECT cause.user_id, cause.room_id, cause.message_id, cause.kind, cause.actor_id, cause.seq, %s, %s, %s
    FROM (
        SELECT m.id AS place_id, m.user_id, said.room_id, said.id AS message_id, %s AS kind, said.sender_id AS actor_id,
            said.{{seq}} AS seq, %s AS least, '' AS usual
        FROM rooms_message said JOIN rooms_membership m ON m.room_id = said.room_id
        WHERE said.id = %s AND NOT said.deleted AND m.user_id <> said.sender_id AND m.id IN ({{places}})
    ) cause
    JOIN rooms_membership place ON place.id = cause.place_id
    JOIN accounts_user person ON person.id = cause.user_id
    LEFT JOIN rooms_notificationsettings chosen ON chosen.user_id = cause.user_id
    WHERE {_ALLOWED} AND NOT EXISTS (
        SELECT 1 FROM rooms_notification told WHERE told.message_id = cause.message_id AND told.user_id = cause.user_id)
    ON CONFLICT (user_id, message_id, kind) DO NOTHING
    RETURNING user_id"""
# By the order of an index: however many people there are, these are all that is read.
_PLACES = """
    SELECT place.id, place.user_id FROM rooms_membership place
    WHERE place.room_id = %s AND NOT place.banned {which} AND place.user_id > %s ORDER BY place.user_id LIMIT %s"""
_OF_GROUPS = """AND place.user_id IN (SELECT m.user_id FROM rooms_groupmember m
    JOIN rooms_peoplegroup g ON g.id = m.group_id WHERE g.name IN ({names}))"""
Places = list[tuple[int, int]]  # ids of memberships, each with that of its person


@dataclass(frozen=True, slots=True)
class NotificationCause:
    """Something that notifies people. seq: the room's counter when it happened."""

    message_id: int
    room_id: int
    kind: str
    actor_id: int
    seq: int
    user_ids: Collection[int]
    least: str = Level.MENTIONS  # who has this level in the room, or "all", is notified
    usual: str = ""  # the level of those who have chosen none for this room; empty: their default


def insert_notifications(causes: Sequence[NotificationCause]) -> set[int]:
    """Insert a row for each person of each cause who is a member of the room and wants to be notified.

    Bots and people who block the actor get none. In a muted room people still get what is personal, without push or
    mail. A cause that comes again, such as another reaction, makes its row unread again.

    Returns the ids of those who got one.
    """
    rows = [
        (user_id, each.room_id, each.message_id, each.kind, each.actor_id, each.seq, each.least, each.usual)
        for each in causes
        for user_id in each.user_ids
    ]
    told: set[int] = set()
    while rows:  # SQLite takes 32,766 values in a statement
        some, rows = rows[:1000], rows[1000:]
        statement = _INSERT.format(values=", ".join([f"({placeholders(some[0])})"] * len(some)))
        told |= _ids(statement, [*chain.from_iterable(some), *_times()])
    return told


def find_places(room_id: int, groups: Collection[str], hears_all: bool, after: int, limit: int) -> Places:
    """Of people of a room, in the order of their ids, the next ones after one.

    groups: only those who belong to one of these; hears_all: only those who want to hear everything there.
    """
    which = _OF_GROUPS.format(names=placeholders(groups)) if groups else "AND place.hears_all" if hears_all else ""
    with connection.cursor() as cursor:
        cursor.execute(_PLACES.format(which=which), [room_id, *groups, after, limit])
        places: Places = cursor.fetchall()
        return places


def insert_for_places(message: Message, kind: str, least: str, place_ids: Collection[int]) -> set[int]:
    """The same for one message and at most 1,000 memberships. People who have a notification of it get no other.

    So doing it twice is the same as once.
    """
    if not place_ids:
        return set()
    # A bot's reply notifies when it is finished, so its number is that of its last change.
    statement = _INSERT_AUDIENCE.format(
        places=placeholders(place_ids), seq="seq" if message.kind == MessageKind.BOT else "first_seq"
    )
    return _ids(statement, [*_times(), kind, least, message.pk, *place_ids])


def _times() -> list:
    return [connection.ops.adapt_datetimefield_value(each) for each in due_times().values()]


def due_times() -> dict[str, datetime]:
    """The times of a new row: now, and from when on it may be pushed and mailed."""
    now = timezone.now()
    push_after, mail_after = (now + timedelta(seconds=each) for each in (settings.PUSH_AFTER, settings.MAIL_AFTER))
    return {"created": now, "push_after": push_after, "mail_after": mail_after}


def _ids(sql: str, values: list) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {id for (id,) in cursor.fetchall()}
