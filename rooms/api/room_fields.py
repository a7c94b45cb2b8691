"""The room object in answers of the API."""

from accounts.models import User
from presence import sync_client

from ..kernel.protocol import error_fields, profile, timestamp
from ..models import Level, Membership, Room
from ..queries import own_rooms
from ..services import file_retention, post_rights
from .statuses import get_statuses


def room_response(user: User, room: Room) -> dict:
    """The <room> of docs/protocol.md for this person."""
    found = own_rooms.own_room(user.id, room.pk) or room
    other = other_members([room], user.id).get(room.id)
    statuses = get_statuses([other] if other else [], user.id)
    shown = serialize_room(found, other, sync_client.get_counts([room.name])[room.name], statuses)
    return shown | {"refused": refusal_fields(user, room)}


def refusal_fields(user: User, room: Room) -> dict | None:
    """Why this person cannot post there now, as the fields of an API error; None: they can."""
    error = post_rights.refusal_of(user, room)
    return error_fields(error) if error else None


def serialize_room(room: Room, other: User | None, online: int, statuses: dict) -> dict:
    """room: from own_rooms, or a room that the person has not joined, in which nothing is unread.

    other: the other person of a direct message. online: how many people are there now. statuses: user id → status, from
    `get_statuses`.
    """
    status = other and statuses.get(other.id)
    picture = {"avatar": room.avatar} if room.avatar else {}
    return picture | {
        "name": room.name,
        "title": other.shown_name if other else room.title,
        "kind": room.kind,
        "topic": room.topic,
        "description": room.description,
        "closed": room.archived,
        "posting": room.posting,
        "slow_mode": room.slow_mode,
        "files_days": file_retention.days_of(room),
        "inviters": room.inviters,
        "callers": room.callers,
        "with": profile(other) if other else None,
        "seq": room.seq,
        "read": getattr(room, "read_seq", room.seq),
        "unread": getattr(room, "unread", 0),
        "mention": getattr(room, "mentioned", False) or getattr(room, "mentions", 0) > 0,
        "mentions": getattr(room, "mentions", 0),
        "muted": getattr(room, "muted", False) or getattr(room, "level", "") == Level.NOTHING,
        "muted_until": timestamp(getattr(room, "muted_until", None)),
        "level": getattr(room, "level", None),
        "starred": getattr(room, "starred", False),
        "position": getattr(room, "position", 0),
        "online": online,
        "here": status.here if status else None,
    }


def other_members(rooms: list[Room], user_id: int) -> dict[int, User]:
    """Room id → the other person, for direct messages. One query."""
    ids = [room.id for room in rooms if room.is_direct]
    places = Membership.objects.filter(room_id__in=ids).exclude(user_id=user_id).select_related("user")
    return {place.room_id: place.user for place in places} if ids else {}
