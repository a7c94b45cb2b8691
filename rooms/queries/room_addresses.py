"""Public rooms by what people type: a title, or an address. And the address that a new room gets.

A room that was renamed keeps its address, so rooms are looked up by their addresses and by the keys of their titles.

Different titles may have the same slug, as "C#" and "C++" do. The first room gets the slug as its address, the next
ones get `c-2`, `c-3` and so on.
"""

from ..kernel.errors import ChatError
from ..kernel.slugs import MAX_SLUG, RESERVED, same_name, slug_of
from ..models import Room, RoomKey, RoomKind
from ..text.name_keys import name_keys

MOST = 50  # rooms whose titles have the same slug


def find_public_room(text: str) -> Room | None:
    """The public room with this title, else the one with exactly this address. One query."""
    return best_match(text, rooms_with_slug_of(text))


def rooms_with_slug_of(title: str) -> list[Room]:
    """Public rooms with an address that this title could get, in the order of these; then those that are called like
    this since they were renamed. One query."""
    candidates = _addresses(title)
    if not candidates:
        return []
    called = RoomKey.objects.filter(key=name_keys(title)[0], position=0).values("room")
    public = Room.objects.filter(kind=RoomKind.PUBLIC)
    # Each half by its own index; with OR, PostgreSQL would read all rooms.
    found = public.filter(name__in=candidates).union(public.filter(pk__in=called))
    order = {name: place for place, name in enumerate(candidates)}
    return sorted(found, key=lambda room: (order.get(room.name, MOST), room.pk))


def best_match(text: str, rooms: list[Room]) -> Room | None:
    """Of these rooms the one with this title, whatever its capitals, accents and hyphens; else that at this address."""
    titled = (room for room in rooms if same_name(text, room.title))
    return next(titled, None) or next((room for room in rooms if room.name == text), None)


def free_address(title: str, rooms: list[Room]) -> str:
    """An address for a new public room beside these, which are all with its slug or title.

    Of two who read the same list, one gets the address and the other an IntegrityError; so a title that both of them
    missed in the list is not given to two rooms. Raises ChatError(conflict) when too many rooms have the same slug.
    """
    taken = {room.name for room in rooms} | RESERVED
    for address in _addresses(title):
        if address not in taken:
            return address
    raise ChatError("too_many_same_titles")


def _addresses(title: str) -> list[str]:
    slug = slug_of(title)
    if not slug:
        return []
    suffixes = [f"-{number}" for number in range(2, MOST + 1)]
    return [slug, *(slug[: MAX_SLUG - len(suffix)] + suffix for suffix in suffixes)]
