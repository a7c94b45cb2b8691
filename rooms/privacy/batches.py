"""Rows of a person read in batches, each with its own query."""

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from accounts.models import User

from ..models import Room

BATCH_SIZE = 200  # rows in one query


def in_batches(rows: QuerySet) -> Iterator[list]:
    """Yield lists of BATCH_SIZE rows at most, ordered by primary key."""
    rows, last = rows.order_by("pk"), None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:BATCH_SIZE]):
        yield batch
        last = batch[-1].pk


def with_titles(user: User, rows: QuerySet, room: str = "room_id") -> Iterator[tuple[Any, str | None]]:
    """Each row, and the title of its room if the user can see that now. `room`: where a row has the id of its room."""
    room_id = attrgetter(room)
    for batch in in_batches(rows):
        titles = visible_titles(user, map(room_id, batch))
        yield from ((each, titles.get(room_id(each))) for each in batch)


def visible_titles(user: User, room_ids: Iterable[int | None]) -> dict[int, str]:
    """Room id → title, of those rooms that the user can see now."""
    return dict(
        Room.objects.visible_to(user.pk)
        .filter(pk__in={id for id in room_ids if id is not None})
        .values_list("pk", "title")
    )
