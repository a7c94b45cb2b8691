"""Rooms and people whose names resemble a mistyped one. Each takes at most two lookups in an index."""

from collections.abc import Callable
from difflib import SequenceMatcher
from typing import TypeVar

from accounts.models import User

from ..kernel import rate_limits
from ..kernel.errors import ChatError
from ..models import Room
from ..search.directory import MAX_QUERY_LENGTH, MAX_RESULTS, find_people, find_rooms
from ..text.name_keys import fold_name
from .sidebar import SidebarEntry, get_entries, get_people_entries

MAX_SUGGESTED = 6
_Named = TypeVar("_Named", Room, User)
_PREFIX_LENGTH = 3  # characters at the beginning that are assumed to be right
_MIN_SIMILARITY = 0.6  # of 1, as difflib measures it


def get_suggestions(user: User, name: str, rooms: list[Room] | None = None) -> dict[str, list[SidebarEntry]]:
    """For a page that does not exist: entries of rooms and people with similar names; the given rooms come first.

    rooms is None where a person was meant: then no rooms are suggested.
    """
    people: list[User] = []
    try:
        rate_limits.check_lookup(user.id)
    except ChatError:
        pass  # too many lookups: the page is shown without people
    else:
        people = find_similar_people(user, name)
        if rooms is not None:
            rooms = list(dict.fromkeys([*rooms, *find_similar_rooms(user, name)]))
    return {
        "similar": list(get_entries(rooms or [], user).values()),
        "people": get_people_entries(people),
    }


def find_similar_rooms(user: User, typed: str) -> list[Room]:
    """Rooms that this person may see, at most MAX_SUGGESTED, the most similar first. No direct messages."""
    return _similar(
        typed,
        find=lambda text: [found.room for found in find_rooms(user, text, MAX_RESULTS)[0]],
        name_of=lambda room: room.title,
    )


def find_similar_people(user: User, typed: str) -> list[User]:
    """The same for people and bots that one can write to."""
    return _similar(
        typed,
        find=lambda text: [other for other in find_people(text, MAX_RESULTS)[0] if other.id != user.id],
        name_of=lambda person: person.username,
    )


def _similar(typed: str, find: Callable[[str], list[_Named]], name_of: Callable[[_Named], str]) -> list[_Named]:
    """Names with a word that begins like the one that was typed; then those that begin alike and differ little."""
    wanted = fold_name(typed[:MAX_QUERY_LENGTH])
    if not wanted:
        return []
    found = find(wanted)[:MAX_SUGGESTED]
    if len(found) < MAX_SUGGESTED:
        similarity = {
            other: SequenceMatcher(None, fold_name(name_of(other)), wanted).ratio()
            for other in find(wanted[:_PREFIX_LENGTH])
            if other not in found
        }
        close = [other for other in similarity if similarity[other] >= _MIN_SIMILARITY]
        close.sort(key=similarity.__getitem__, reverse=True)
        found += close[: MAX_SUGGESTED - len(found)]
    return found
