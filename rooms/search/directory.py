"""Finds people and rooms by the beginning of any word of their names, ignoring case and accents.

Every user may find all people, all public rooms, and their own private rooms. Names that begin with the query come
first. Each lookup reads a bounded part of an index.
"""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User

from ..models import FormerRoomKey, Membership, NameKey, Room, RoomKey, RoomKind, UserKey
from ..queries.room_names import find_public_room
from ..text.name_keys import fold_name, key_range

MAX_QUERY_LENGTH = 80  # further characters are ignored
MAX_RESULTS = 50
_Key = TypeVar("_Key", RoomKey, FormerRoomKey)


@dataclass(frozen=True, slots=True)
class FoundRoom:
    room: Room
    joined: bool
    was: str = ""  # the former title by which it was found


def find_people(typed: str, limit: int, room: Room | None = None) -> tuple[list[User], bool]:
    """Active people and bots with such names, people first, and whether there may be more.

    room: only its members.
    """
    keys = UserKey.objects.filter(user__is_active=True)
    if room is not None:
        # EXISTS looks up one key after the other until there are enough; a join would list all members each time.
        keys = keys.filter(Exists(Membership.objects.filter(room=room, user=OuterRef("user"), banned=False)))
    ids, more = _find_owner_ids(keys, "user_id", typed, limit)
    users = User.objects.in_bulk(ids)
    found = [users[id] for id in ids if id in users]
    return sorted(found, key=lambda user: user.is_bot), more


def find_rooms(user: User, typed: str, limit: int) -> tuple[list[FoundRoom], bool]:
    """Rooms with such titles, and whether there may be more: the user's own and public ones that are not archived.

    Direct messages are left out. The room with exactly this title or name comes first; last come those that were called
    so before they were renamed.
    """
    if not fold_name(typed):
        return [], False
    ids, more = _find_owner_ids(_keys_visible_to(user, RoomKey), "room_id", typed, limit)
    exact = find_public_room(typed[:MAX_QUERY_LENGTH])
    if exact and Room.objects.visible_to(user.id).filter(pk=exact.pk).exists():
        ids = [exact.pk, *(id for id in ids if id != exact.pk)][:limit]
    was = _find_former_titles(user, typed, limit - len(ids), ids)
    ids += was
    rooms = Room.objects.in_bulk(ids)
    joined = set(Membership.objects.filter(user=user, room__in=ids, banned=False).values_list("room_id", flat=True))
    return [FoundRoom(rooms[id], id in joined, was.get(id, "")) for id in ids if id in rooms], more


def _find_former_titles(user: User, typed: str, limit: int, found: list[int]) -> dict[int, str]:
    """{id: the title that it had} of rooms beside those that were found."""
    low, high = key_range(typed[:MAX_QUERY_LENGTH])
    keys = _keys_visible_to(user, FormerRoomKey).filter(key__gte=low, key__lt=high).exclude(room__in=found)
    rows = keys.order_by("key", "room").values_list("room_id", "made_of")[: max(0, limit)]
    return dict(reversed(rows))  # the first of a room wins


def _keys_visible_to(user: User, keys: type[_Key]) -> QuerySet[_Key]:
    mine = Membership.objects.filter(room=OuterRef("room"), user=user)
    may_join = Q(room__kind=RoomKind.PUBLIC, room__archived=False) & ~Exists(mine)
    return keys.objects.filter(may_join | Exists(mine.filter(banned=False)), room__deleted=None)


def _find_owner_ids(keys: QuerySet[NameKey], owner: str, typed: str, limit: int) -> tuple[list[int], bool]:
    """The ids of the first owners of keys with this prefix, whole names first, and whether there may be more."""
    low, high = key_range(typed[:MAX_QUERY_LENGTH])
    keys = keys.filter(key__gte=low, key__lt=high).order_by("key", owner)
    found = list(keys.filter(position=0).values_list(owner, flat=True)[: limit + 1])
    if low and len(found) <= limit:
        rest = keys.filter(position__gt=0).exclude(**{f"{owner}__in": found}).values_list(owner, flat=True)
        found += dict.fromkeys(rest[: limit + 1])
    return found[:limit], len(found) > limit
