"""The list of all rooms that somebody can enter."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower

from ..models import Membership, Room, RoomKind

SORTS: dict[str, tuple[str | Lower, ...]] = {
    "": ("-active", "-pk"),
    "name": (Lower("title"), "pk"),
    "people": ("-people", "-active", "-pk"),
}


# Whose people are counted to find those with the most. A page of any other order counts those of its own rooms.
MOST_COUNTED = 500


@dataclass(frozen=True, slots=True)
class RoomPage:
    rooms: list[Room]  # each with `people`, how many belong to it, and `joined`, whether the reader does
    more: bool


def list_rooms(user_id: int, sort: str, start: int, limit: int) -> RoomPage:
    """Public rooms and the reader's private ones, without archived ones. sort: one of SORTS.

    Those with the most people are sought among the MOST_COUNTED in which something was said last.
    """
    rooms = _rooms_of(user_id)
    if sort == "people":
        latest = _enterable(user_id).order_by(*SORTS[""]).values("pk")[:MOST_COUNTED]
        rooms = rooms.filter(pk__in=latest)
    found = list(rooms.order_by(*SORTS[sort])[start : start + limit + 1])
    return RoomPage(found[:limit], len(found) > limit)


def in_order(user_id: int, ids: Iterable[int]) -> list[Room]:
    """The same of the rooms with these ids, in their order."""
    wanted = list(ids)
    rooms = _rooms_of(user_id).in_bulk(wanted)
    return [rooms[id] for id in wanted if id in rooms]


def _rooms_of(user_id: int) -> QuerySet[Room]:
    places = Membership.objects.filter(room=OuterRef("pk"), banned=False)
    counts = places.order_by().values("room").annotate(count=Count("pk")).values("count")
    return _enterable(user_id).annotate(
        people=Coalesce(Subquery(counts, output_field=IntegerField()), 0),
        joined=Exists(places.filter(user_id=user_id)),
    )


def _enterable(user_id: int) -> QuerySet[Room]:
    return Room.objects.visible_to(user_id).exclude(kind=RoomKind.DIRECT).filter(archived=False)
