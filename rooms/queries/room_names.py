"""Finds public rooms by title or name, and chooses the name of a new public room.

A renamed room keeps its name, so rooms are looked up by their names and by the keys of their titles.

Different titles can have the same slug, such as "C#" and "C++". The first room gets the slug as its name, the next ones
get `c-2`, `c-3` and so on.
"""

from ..kernel.errors import ChatError
from ..kernel.slugs import MAX_NAME, RESERVED_NAMES, same_name, title_to_slug
from ..models import Room, RoomKey, RoomKind
from ..text.name_keys import name_keys

MAX_SAME_SLUG = 50  # rooms whose titles have the same slug


def find_public_room(text: str) -> Room | None:
    """The public room with this title, or else the one with exactly this name. One query."""
    return best_match(text, find_rooms_with_slug(text))


def find_rooms_with_slug(title: str) -> list[Room]:
    """Public rooms with a name that this title could get, in the order of these names; then renamed rooms with this
    title. One query."""
    candidates = _possible_names(title)
    if not candidates:
        return []
    with_title = RoomKey.objects.filter(key=name_keys(title)[0], position=0).values("room")
    public = Room.objects.standing().filter(kind=RoomKind.PUBLIC)
    # With UNION each half uses its index; with OR, PostgreSQL would scan all rooms.
    found = public.filter(name__in=candidates).union(public.filter(pk__in=with_title))
    order = {name: place for place, name in enumerate(candidates)}
    return sorted(found, key=lambda room: (order.get(room.name, MAX_SAME_SLUG), room.pk))


def best_match(text: str, rooms: list[Room]) -> Room | None:
    """Of these rooms the one with this title, ignoring case, accents and hyphens; or else the one with this name."""
    titled = (room for room in rooms if same_name(text, room.title))
    return next(titled, None) or next((room for room in rooms if room.name == text), None)


def check_title_free(title: str, room: Room) -> None:
    """Check, as for a new room, that no other public room has this title.

    Raises ChatError: room_title_taken, too_many_same_titles.
    """
    others = [other for other in find_rooms_with_slug(title) if other.pk != room.pk]
    if best_match(title, others):
        raise ChatError("room_title_taken")
    if len(others) >= MAX_SAME_SLUG:
        raise ChatError("too_many_same_titles")


def find_free_name(title: str) -> str:
    """A name for a new public room. Rooms that were public once have their names still, and deleted ones too.

    The caller looks for a room of that title afterwards, not only before: then two requests at once make no second one.
    Who has read the same list gets an IntegrityError, and whose list has the other's room in it finds that room.
    Raises ChatError: too_many_same_titles.
    """
    possible = _possible_names(title)
    taken = {*Room.objects.filter(name__in=possible).values_list("name", flat=True), *RESERVED_NAMES}
    for name in possible:
        if name not in taken:
            return name
    raise ChatError("too_many_same_titles")


def _possible_names(title: str) -> list[str]:
    slug = title_to_slug(title)
    if not slug:
        return []
    suffixes = [f"-{number}" for number in range(2, MAX_SAME_SLUG + 1)]
    return [slug, *(slug[: MAX_NAME - len(suffix)] + suffix for suffix in suffixes)]
