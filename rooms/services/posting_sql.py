"""What has to be known before a group of posts is written: their rooms (locked), who belongs there, what is repeated.

SQL by hand: Django takes ten times as long to put these three queries together as the database to answer them, and
they are most of what a message costs.
"""

import uuid
from collections.abc import Iterable
from contextlib import nullcontext

from django.db import connection

from ..models import Message, Room
from .room_locks import turn


def lock_rooms(ids: set[int], patient: bool, skip_locked: bool = False) -> dict[int, Room]:
    """By id. Locked in the order of their ids, so that two processes never wait for each other in a circle.

    patient: wait with no other thread of this process, when it is one room. skip_locked: without those that another
    transaction holds.
    """
    lock = "FOR UPDATE" if connection.features.has_select_for_update else ""
    lock += " SKIP LOCKED" if lock and skip_locked else ""
    rooms = Room.objects.raw(f"SELECT * FROM rooms_room WHERE id IN ({_placeholders(ids)}) ORDER BY id {lock}", [*ids])
    with turn(*ids) if patient and len(ids) == 1 else nullcontext():
        return {room.id: room for room in rooms}


def posting_rights(room_ids: set[int], user_ids: set[int]) -> dict[tuple[int, int], bool]:
    """(room, user) → whether they may post there; without an entry they do not belong to the room (yet)."""
    rows = _rows(
        "SELECT place.room_id, place.user_id, person.is_active, place.banned FROM rooms_membership place"
        " JOIN accounts_user person ON person.id = place.user_id"
        f" WHERE place.room_id IN ({_placeholders(room_ids)}) AND place.user_id IN ({_placeholders(user_ids)})",
        [*room_ids, *user_ids],
    )
    return {(room_id, user_id): bool(active and not banned) for room_id, user_id, active, banned in rows}


def messages_by_client_id(user_ids: set[int], client_ids: set[uuid.UUID]) -> dict[tuple[int, uuid.UUID], Message]:
    """(sender, client id) → the message it made, with its room and numbers."""
    if not client_ids:
        return {}
    client_id = Message._meta.get_field("client_id")
    fields = ["id", "room_id", "first_seq", "sender_id", "client_id"]
    rows = _rows(
        f"SELECT {', '.join(fields)} FROM rooms_message"
        f" WHERE sender_id IN ({_placeholders(user_ids)}) AND client_id IN ({_placeholders(client_ids)})",
        [*user_ids, *(client_id.get_db_prep_value(id, connection) for id in client_ids)],
    )
    messages = (Message.from_db(connection.alias, fields, [*row[:-1], client_id.to_python(row[-1])]) for row in rows)
    return {(message.sender_id, message.client_id): message for message in messages}


def _placeholders(values: Iterable) -> str:
    return ", ".join("%s" for _ in values)


def _rows(sql: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
