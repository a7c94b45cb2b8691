"""Blocked words and links: what somebody writes is refused, with the word that is blocked, so that they can mend it.

Lists are for everyone, moderators and bots included. A process keeps the lists that it has read. A post is compared
with them before anything is locked; its room, once locked, says whether they were the latest, and if not, they are read
and the post is compared again.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from threading import Lock
from typing import NamedTuple

from django.db.models import Q

from ..kernel.errors import ChatError
from ..models import BlockList, Room
from ..text.blocked_words import Matcher

KEPT = 1000  # lists in a process
SERVER = None  # in place of the id of a room
OVERLAP = 400  # characters in which an entry may begin, before what is added to a text


class Kept(NamedTuple):
    version: int
    matcher: Matcher


NO_LIST = Kept(0, Matcher((), ()))
_kept: OrderedDict[int | None, Kept] = OrderedDict()
_lock = Lock()


class Outdated(Exception):
    """A post was compared with lists that have changed. rooms: whose; SERVER for that of the server."""

    def __init__(self, rooms: Collection[int | None]):
        self.rooms = rooms


class Compared(NamedTuple):
    """What was found in texts before anything was locked. versions: of the lists, by room; SERVER for the server's."""

    versions: Mapping[int | None, int]
    found: Sequence[ChatError | None]

    def check_latest(self, rooms: Mapping[int, Room]) -> None:
        """Raises Outdated. rooms: by id, as locked by `sql.lock_rooms`."""
        late: set[int | None] = {id for id, room in rooms.items() if room.block_version != self.versions.get(id)}
        if any((room.server_block_version or 0) != self.versions.get(SERVER) for room in rooms.values()):
            late.add(SERVER)
        if late:
            raise Outdated(late)


def compare(texts: Sequence[tuple[int, str, str]]) -> Compared:
    """texts: the id of a room, what somebody wants to write there, and its HTML. No query."""
    lists = {id: _recall(id) for id in {SERVER, *(id for id, _text, _html in texts)}}
    found = [_refusal(lists[id], lists[SERVER], text, html) for id, text, html in texts]
    return Compared({id: kept.version for id, kept in lists.items()}, found)


def read_again(rooms: Collection[int | None]) -> None:
    """Read these lists. One query."""
    wanted = Q(room__in=[id for id in rooms if id is not SERVER])
    query = BlockList.objects.filter(wanted | Q(server=True) if SERVER in rooms else wanted)
    found = {each.room_id: Kept(each.version, Matcher(each.phrases, each.hosts)) for each in query}
    with _lock:
        for id in rooms:
            _kept[id] = found.get(id, NO_LIST)
            _kept.move_to_end(id)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def has_any(room_id: int) -> bool:
    """Whether anything is blocked there, by the lists that this process has read. No query."""
    return bool(_recall(room_id).matcher or _recall(SERVER).matcher)


def locate(room_id: int, text: str, finished: bool) -> tuple[int, str] | None:
    """Where in a text that is being written something begins that is blocked there, and what; as `Matcher.locate`.

    By the lists that this process has read. No query.
    """
    return _recall(room_id).matcher.locate(text, finished) or _recall(SERVER).matcher.locate(text, finished)


def check_words(room_id: int | None, *texts: tuple[str, str]) -> None:
    """Check what is written in another way than by a post: edits, titles, descriptions. One query.

    room_id: None: it belongs to no room yet. texts: each with its HTML, or with "".

    Raises ChatError: blocked_in_room, blocked_on_server.
    """
    read_again({SERVER, room_id} if room_id is not None else {SERVER})
    of_room = _recall(room_id) if room_id is not None else NO_LIST
    for text, html in texts:
        if error := _refusal(of_room, _recall(SERVER), text, html):
            raise error


def _recall(room_id: int | None) -> Kept:
    with _lock:
        if room_id not in _kept:
            return NO_LIST
        _kept.move_to_end(room_id)
        return _kept[room_id]


def _refusal(of_room: Kept, of_server: Kept, text: str, html: str) -> ChatError | None:
    for reason, kept in (("blocked_in_room", of_room), ("blocked_on_server", of_server)):
        if kept.matcher and (phrase := kept.matcher.find(text, html)):
            return ChatError(reason, phrase=phrase)
    return None
