"""The rooms of these names, and who of these people has a place there: what every right begins with."""

from collections.abc import Iterable

from common.prepared import Prepared

from ..models import Membership, Room


def find_rooms_and_places(user_ids: set[int], names: set[str]) -> tuple[Iterable[Room], Iterable[Membership]]:
    """Two queries. Rooms that were deleted are left out; the places may be of those who are banned.

    Also of those whose ban has ended, which counts for nothing: see `Membership.is_banned`.
    """
    if len(user_ids) == len(names) == 1:  # as each page asks, so this is prepared
        (user_id,), (name,) = user_ids, names
        return _ROOM(name), _PLACE(name, user_id)
    places = Membership.objects.filter(room__name__in=names, user_id__in=user_ids)
    return Room.objects.standing().filter(name__in=names), places


_ROOM = Prepared(lambda name: Room.objects.standing().filter(name=name), str)
_PLACE = Prepared(lambda name, user_id: Membership.objects.filter(room__name=name, user_id=user_id), str, int)
