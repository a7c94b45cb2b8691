"""The rooms and direct messages of a person, in the order in which they are shown."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from common.prepared import Prepared

from ..models import (
    MUTED_NOW,
    Block,
    Level,
    Membership,
    NotificationSettings,
    Room,
    RoomKind,
    RoomQuerySet,
)
from .unread_counts import count_mentions, count_unread, not_blocked

_SOMEBODY = -(2**40)  # nobody's id, to be found again in SQL


def rooms_of(user_id: int) -> RoomQuerySet:
    """The rooms and direct messages of a person, each with `unread` and `mentions` (how many), `mentioned`,
    `read_seq`, `muted` and `muted_until`, `level`, `starred` and `position`."""
    mine = Membership.objects.filter(room=OuterRef("pk"), user_id=user_id)
    blocks_nobody = ~Exists(Block.objects.filter(user_id=user_id))  # found out once for all messages
    unread = count_unread("pk", user_id, "mine_read", "seq", blocks_nobody | not_blocked(user_id))
    return (
        Room.objects.listed_for(user_id)
        .annotate(
            mine_read=Subquery(mine.values("read_seq")[:1]),
            read_seq=F("mine_read"),
            muted=Exists(mine.filter(MUTED_NOW)),
            muted_until=Subquery(mine.filter(MUTED_NOW).values("muted_until")[:1]),
            level=_level(mine, user_id),
            starred=Subquery(mine.values("starred")[:1]),
            position=Subquery(mine.values("position")[:1]),
            unread=Coalesce(Subquery(unread[:1]), 0),
            mentions=Coalesce(count_mentions(user_id, OuterRef("pk"), OuterRef("mine_read")), 0),
            mentioned=Q(pk__in=mine.filter(mention_seq__gt=F("read_seq")).values("room")),
        )
        .order_by("-active")
    )


def _level(mine: QuerySet[Membership], user_id: int) -> Coalesce:
    """What calls for them: as `levels.level_of`."""
    chosen = Subquery(mine.exclude(level="").values("level")[:1])
    usual = NotificationSettings.objects.filter(user=user_id).values("default_level")[:1]
    elsewhere = Case(When(kind=RoomKind.DIRECT, then=Value(Level.ALL)), default=Subquery(usual))
    return Coalesce(chosen, elsewhere, Value(Level.MENTIONS))


def own_room(user_id: int, room_id: int) -> Room | None:
    """One of `rooms_of`. Building the query takes Django ten times as long as all the rest of what calls this does."""
    return _OWN_ROOM.first(user_id, room_id)


_OWN_ROOM = Prepared(lambda user_id, room_id: rooms_of(user_id).filter(pk=room_id), int, int)


def first_rooms_of(user_id: int, limit: int, direct: int) -> list[Room]:
    """The liveliest of `rooms_of`, for every page: so many rooms, then so many direct conversations, however many there
    are of either. Making the SQL takes Django longer than the database needs for the answer, so it is made once."""
    sql, values = _rooms_sql(limit, direct)
    return list(Room.objects.raw(sql, [user_id if value == _SOMEBODY else value for value in values]))


@cache
def _rooms_sql(limit: int, direct: int) -> tuple[str, tuple]:
    mine = rooms_of(_SOMEBODY)
    rooms, of_rooms = mine.exclude(kind=RoomKind.DIRECT)[:limit].query.sql_with_params()
    directs, of_directs = mine.filter(kind=RoomKind.DIRECT)[:direct].query.sql_with_params()
    return f"SELECT * FROM ({rooms}) AS rooms UNION ALL SELECT * FROM ({directs}) AS directs", of_rooms + of_directs


def unread_rooms_of(user_id: int, limit: int) -> list[Room]:
    """Those of `rooms_of` with something unread, the liveliest first."""
    return [room for room in rooms_of(user_id) if room.unread][:limit]  # type: ignore[attr-defined]  # annotated


def by_position(position: int, title: str) -> tuple[bool, int, str]:
    """The key by which the rooms of a person are sorted: those with a position of their own, then the others."""
    return not position, position, title.casefold()


def room_ids_of(user_ids: Iterable[int]) -> dict[int, set[int]]:
    """The rooms each of these people belongs to and hears of: see `RoomQuerySet.listed_for`."""
    found: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    places = Membership.objects.filter(user_id__in=found, banned=False, room__deleted=None)
    silenced = Block.objects.filter(user=OuterRef("user"), blocked__memberships__room=OuterRef("room"))
    heard = places.exclude(Exists(silenced), room__kind=RoomKind.DIRECT)
    for user_id, room_id in heard.values_list("user_id", "room_id"):
        found[user_id].add(room_id)
    return found


def lately_active(room_ids: Iterable[int], seconds: float) -> set[int]:
    """Those of these rooms in which something was said within so many seconds."""
    since = timezone.now() - timedelta(seconds=seconds)
    return set(Room.objects.filter(pk__in=room_ids, active__gt=since).values_list("pk", flat=True))
