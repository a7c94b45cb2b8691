"""How a person's list of rooms is arranged: which rooms are starred, and in which order. Nobody else sees either."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User

from ..kernel.errors import ChatError
from ..models import Membership
from ..publishing import events
from ..queries.own_rooms import by_position
from .membership import get_or_join

MAX_ARRANGED = 500  # rooms; the others follow by name


def star(user: User, room_name: str, starred: bool) -> None:
    """Star a room or direct message, or remove its star. Starring a public room joins it.

    Raises ChatError: no_such_room.
    """
    _room, mine = get_or_join(user, room_name)
    if mine.starred != starred:
        with transaction.atomic():
            Membership.objects.filter(pk=mine.pk).update(starred=starred)
            events.rooms_changed(user.id)


def arrange(user: User, names: Sequence[str]) -> None:
    """Put these rooms first, in this order, and all others after them by title.

    Names of rooms that are not theirs are ignored.

    Raises ChatError: too_many_rooms_in_order.
    """
    if len(names) > MAX_ARRANGED:
        raise ChatError("too_many_rooms_in_order", limit=MAX_ARRANGED)
    wanted = {name: place for place, name in enumerate(dict.fromkeys(names), start=1)}
    with transaction.atomic():
        changed = []
        for mine in Membership.objects.filter(user=user, banned=False).select_related("room").select_for_update():
            place = wanted.get(mine.room.name, 0)
            if mine.position != place:
                mine.position = place
                changed.append(mine)
        if changed:
            Membership.objects.bulk_update(changed, ["position"])
            events.rooms_changed(user.id)


def move(user: User, room_name: str, steps: int) -> None:
    """Move a room up (steps below 0) or down within its list: starred rooms, rooms, or direct messages.

    It stops at either end.

    Raises ChatError: no_such_room, too_many_rooms_in_order.
    """
    room, mine = get_or_join(user, room_name)
    every = Membership.objects.filter(user=user, banned=False).select_related("room")
    listed = sorted(every, key=lambda each: by_position(each.position, each.room.title))
    names = [each.room.name for each in listed]
    same = [each.room.name for each in listed if _list_of(each) == _list_of(mine)]
    at = same.index(room.name)
    to = max(0, min(at + steps, len(same) - 1))
    if at != to:
        neighbour = same[to]
        names.remove(room.name)
        names.insert(names.index(neighbour) + (to > at), room.name)
        arrange(user, names[:MAX_ARRANGED])


def _list_of(mine: Membership) -> tuple[bool, bool]:
    return mine.starred, mine.room.is_direct
