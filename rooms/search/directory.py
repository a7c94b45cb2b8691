"""Finds people and rooms by what somebody types of their names: the beginning of any word, in any spelling.

Everybody who is signed in may find all people and all public rooms, and private rooms that they belong to. Names that
begin with what was typed come first. Each lookup reads a bounded part of an index.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User

from ..models import Membership, NameKey, Room, RoomKey, RoomKind, UserKey
from ..queries.room_addresses import find_public_room
from ..text.name_keys import folded, key_range

MAX_TYPED = 80  # characters that are looked at
MAX_FOUND = 50


@dataclass(frozen=True, slots=True)
class FoundRoom:
    room: Room
    joined: bool


def find_people(typed: str, limit: int, room: Room | None = None) -> tuple[list[User], bool]:
    """People and bots with such names who can sign in or answer, people first; and whether there may be more.

    room: only its members.
    """
    keys = UserKey.objects.filter(user__is_active=True)
    if room is not None:
        # One look into an index for each key, until there are enough: a list of all members would be made each time.
        keys = keys.filter(Exists(Membership.objects.filter(room=room, user=OuterRef("user"), banned=False)))
    ids, more = _first(keys, "user_id", typed, limit)
    users = User.objects.in_bulk(ids)
    found = [users[id] for id in ids if id in users]
    return sorted(found, key=lambda user: user.is_bot), more


def find_rooms(user: User, typed: str, limit: int) -> tuple[list[FoundRoom], bool]:
    """Rooms with such titles, but no direct messages: mine, and public ones that are not closed. The one whose title
    or address is exactly this comes first. And whether there may be more."""
    if not folded(typed):
        return [], False
    ids, more = _first(_keys_visible_to(user), "room_id", typed, limit)
    exact = find_public_room(typed[:MAX_TYPED])
    if exact and Room.objects.visible_to(user.id).filter(pk=exact.pk).exists():
        ids = [exact.pk, *(id for id in ids if id != exact.pk)][:limit]
    rooms = Room.objects.in_bulk(ids)
    joined = set(Membership.objects.filter(user=user, room__in=ids, banned=False).values_list("room_id", flat=True))
    return [FoundRoom(rooms[id], id in joined) for id in ids if id in rooms], more


def _keys_visible_to(user: User) -> QuerySet[RoomKey]:
    mine = Membership.objects.filter(room=OuterRef("room"), user=user)
    may_join = Q(room__kind=RoomKind.PUBLIC, room__closed=False) & ~Exists(mine)
    return RoomKey.objects.filter(may_join | Exists(mine.filter(banned=False)))


def _first(keys: QuerySet[NameKey], owner: str, typed: str, limit: int) -> tuple[list[int], bool]:
    """The ids of the first owners of such keys: whole names that begin like that, then later words."""
    low, high = key_range(typed[:MAX_TYPED])
    keys = keys.filter(key__gte=low, key__lt=high).order_by("key", owner)
    found = list(keys.filter(position=0).values_list(owner, flat=True)[: limit + 1])
    if low and len(found) <= limit:
        rest = keys.filter(position__gt=0).exclude(**{f"{owner}__in": found}).values_list(owner, flat=True)
        found += dict.fromkeys(rest[: limit + 1])
    return found[:limit], len(found) > limit
