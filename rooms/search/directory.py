"""Finds people and rooms by the beginning of any word of their names, ignoring case and accents.

Every user may find all people, all public rooms, and their own private rooms. Names that begin with the query come
first. Each lookup reads a bounded part of an index.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from inspect import signature
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from common.prepared import Prepared

from ..models import BANNED_NOW, FormerRoomKey, Membership, Room, RoomKey, RoomKind, UserKey
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
    if room is None:
        ids, more = _find_owner_ids(_of_people, "user_id", typed, limit)
    else:
        ids, more = _find_owner_ids(_of_members, "user_id", typed, limit, room.pk)
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
    ids, more = _find_owner_ids(_of_rooms, "room_id", typed, limit, user.pk)
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
    if limit <= 0:
        return {}
    keys = _keys_visible_to(user.pk, FormerRoomKey).filter(key__gte=low, key__lt=high).exclude(room__in=found)
    rows = keys.order_by("key", "room").values_list("room_id", "made_of")[:limit]
    return dict(reversed(rows))  # the first of a room wins


def _of_people() -> QuerySet[UserKey]:
    return UserKey.objects.filter(user__is_active=True)


def _of_members(room_id: int) -> QuerySet[UserKey]:
    # EXISTS looks up one key after the other until there are enough; a join would list all members each time.
    return _of_people().filter(Exists(Membership.objects.filter(room_id=room_id, user=OuterRef("user"), banned=False)))


def _of_rooms(user_id: int) -> QuerySet[RoomKey]:
    return _keys_visible_to(user_id, RoomKey)


def _keys_visible_to(user_id: int, keys: type[_Key]) -> QuerySet[_Key]:
    mine = Membership.objects.filter(room=OuterRef("room"), user_id=user_id)
    may_join = Q(room__kind=RoomKind.PUBLIC, room__archived=False) & ~Exists(mine.filter(BANNED_NOW))
    return keys.objects.filter(may_join | Exists(mine.filter(banned=False)), room__deleted=None)


def _find_owner_ids(
    keys_of: Callable[..., QuerySet], owner: str, typed: str, limit: int, *whose: int
) -> tuple[list[int], bool]:
    """The ids of the first owners of keys with this prefix, whole names first, and whether there may be more.

    keys_of: makes the keys that may be found, of `whose`. owner: the column of the id.
    """
    low, high = key_range(typed[:MAX_QUERY_LENGTH])
    whole, words = _lookups(keys_of, owner, limit + 1)
    found = [getattr(key, owner) for key in whole(low, high, *whose)]
    if low and len(found) <= limit:
        found += dict.fromkeys(getattr(key, owner) for key in words(low, high, *whose))
    return found[:limit], len(found) > limit


@cache
def _lookups(keys_of: Callable[..., QuerySet], owner: str, most: int) -> tuple[Prepared, Prepared]:
    """(low, high, *whose) → keys of whole names; and those of words in names, but for owners found by the former.

    Prepared: they are asked for with each letter that somebody types, and four times by the page of a wrong address.
    """

    def in_range(low: str, high: str, *whose: int) -> QuerySet:
        return keys_of(*whose).filter(key__gte=low, key__lt=high).order_by("key", owner)

    def whole(low: str, high: str, *whose: int) -> QuerySet:
        return in_range(low, high, *whose).filter(position=0)[:most]

    def words(low: str, high: str, *whose: int) -> QuerySet:
        keys = in_range(low, high, *whose)
        same = keys.model._default_manager.filter(key__gte=low, key__lt=high, position=0)
        return keys.filter(~Exists(same.filter(**{owner: OuterRef(owner)})), position__gt=0)[:most]

    kinds = [str, str, *(int for _ in signature(keys_of).parameters)]
    return Prepared(whole, *kinds), Prepared(words, *kinds)
