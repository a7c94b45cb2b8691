"""Searches messages and their files by words, sender and time, in one room or in all rooms that a user may read.

The backends are FTS5 on SQLite and full-text search on PostgreSQL.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from django.db import connection
from django.db.models import Max, QuerySet

from accounts.plain_text import clean_line
from common.sql import placeholders

from ..kernel.errors import ChatError, not_found
from ..models import UNFINISHED, Message, Room
from ..queries.room_names import find_public_room
from ..services.membership import get_user_by_name, get_visible_room
from .file_search import Place, has_kinds
from .file_search import find as find_files
from .hits import Hit, hits_of
from .message_index import BACKENDS
from .operators import Typed, read
from .query import MAX_QUERY, Query, SearchRequest, parse

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
TIMEOUT = 2.0  # seconds
MAX_CLOCK_DRIFT = timedelta(days=1)  # between hosts, so the order of ids and times may differ by it
# There are no messages outside. Some times outside cannot be converted to other time zones or compared by databases.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
MAX_LISTED_ROOMS = 100  # rooms listed in the index query; with more, only `where` restricts them
_MAX_ID = 2**63 - 1

Found = TypeVar("Found")
Condition = tuple[str, list]  # SQL about a message `m`, with parameters


@dataclass(frozen=True, slots=True)
class SearchPage:
    hits: list[Hit]  # newest first
    more: bool  # there are older ones: search again with `before`, the id of the last hit


def search(user_id: int, words: str, *, room: str | None = None, sender: str | None = None,
           since: datetime | None = None, until: datetime | None = None, before: int | None = None,
           limit: int = PAGE_SIZE, only_rooms: Collection[int] | None = None) -> SearchPage:  # fmt: skip
    """Messages that this user may read and that contain all words (see query.py), newest first.

    only_rooms: ids of the rooms in which it looks; None: all. room, sender: names. since (inclusive), until
    (exclusive): when it was posted. before: an id, for the next page.
    Words may have operators (see operators.py); `room` and `sender` count more. Files are searched, too. Without words:
    all messages of the sender, or with files.

    Raises ChatError: no_such_person, no_such_room, search_too_long, or search_too_slow after TIMEOUT.
    """
    typed = read(_clean(words))
    room, sender = room or (typed.room and room_name(typed.room)), sender or typed.sender
    rooms = Room.objects.visible_to(user_id)
    if room:
        rooms = rooms.filter(pk=get_visible_room(user_id, room).pk)
    if only_rooms is not None:
        rooms = rooms.filter(pk__in=only_rooms)
        if room and not rooms.exists():
            raise not_found()
    sender_id = get_user_by_name(sender.lstrip("@＠"), also_gone=True).id if sender else None
    limit = max(1, min(limit, MAX_PAGE_SIZE))
    query = parse(typed.words)
    conditions, low, high = _posted_between(since, until)
    conditions += has_kinds(typed.kinds)
    high = high if before is None else min(high, before)
    request = _request(rooms, query, sender_id, conditions=conditions, low=low, high=high, limit=limit + 1)
    if request is None or not (query or typed.wants_files or sender_id is not None):
        return SearchPage([], False)
    ids, places = _run(partial(_find_all, request, typed))
    messages = Message.objects.for_wire().in_bulk(ids)
    found = [messages[id] for id in ids if id in messages]
    hits = hits_of(found[:limit], places, query, typed.names)
    return SearchPage(hits, len(found) > limit)


def _find_all(request: SearchRequest, typed: Typed) -> tuple[list[int], dict[int, Place]]:
    """The ids of the newest messages, and where in their files the words are, if not in themselves."""
    only_files = typed.names or (typed.kinds and not request.query)
    ids = [] if only_files else BACKENDS[connection.vendor].find(request)
    places = find_files(request, typed.names, typed.kinds) if request.query or only_files else {}
    found = sorted({*ids, *places}, reverse=True)[: request.limit]
    return found, {id: place for id, place in places.items() if id not in ids}


def room_name(typed: str) -> str:
    """Of the room of this name, or the public one of this title."""
    found = find_public_room(typed)
    return found.name if found else typed


def search_room(room: Room, words: str, *, sender_id: int | None = None, kinds: Sequence[str] = (),
                since: datetime | None = None, until: datetime | None = None, before: int | None = None,
                limit: int = PAGE_SIZE, in_files: bool = False) -> list[Hit]:  # fmt: skip
    """The same in one room. The caller has checked the right to read it. kinds: only messages of these kinds. in_files:
    files are searched, too. Words have no operators. Raises the same as `search`: search_too_long, search_too_slow."""
    here = Room.objects.filter(pk=room.pk)
    conditions, low, high = _posted_between(since, until)
    conditions += [_has_kind(kinds)] if kinds else []
    high = high if before is None else min(high, before)
    query = parse(_clean(words))
    request = _request(here, query, sender_id, conditions=conditions, low=low, high=high, limit=limit)
    if request is None or not (query or sender_id is not None):
        return []
    places: dict[int, Place] = {}
    if in_files:
        ids, places = _run(partial(_find_all, request, Typed("")))
    else:
        ids = _run(partial(BACKENDS[connection.vendor].find, request))
    messages = Message.objects.for_wire().in_bulk(ids)
    return hits_of([messages[id] for id in ids if id in messages], places, query)


def _clean(words: str) -> str:
    words = clean_line(words)
    if len(words) > MAX_QUERY:
        raise ChatError("search_too_long", count=len(words), limit=MAX_QUERY)
    return words


def _request(rooms: QuerySet, query: Query, sender_id: int | None, *, conditions: list[Condition], limit: int,
             low: int = 0, high: int | None = None) -> SearchRequest | None:  # fmt: skip
    """None: there is no room to search."""
    room_ids = list(rooms.order_by().values_list("pk", flat=True)[: MAX_LISTED_ROOMS + 1])
    if not room_ids:
        return None
    conditions = [_is_finished(), _is_in(rooms), *conditions]
    return SearchRequest(
        query=query,
        rooms=room_ids if len(room_ids) <= MAX_LISTED_ROOMS else None,
        sender_id=sender_id,
        low=low,
        high=_MAX_ID if high is None else high,
        where=" AND ".join(sql for sql, _values in conditions),
        values=[value for _sql, values in conditions for value in values],
        limit=limit,
    )


def _run(find: Callable[[], Found]) -> Found:
    try:
        with BACKENDS[connection.vendor].time_limit(TIMEOUT):
            return find()
    except TimeoutError:
        raise ChatError("search_too_slow", 2) from None


def _is_finished() -> Condition:
    return f"NOT m.deleted AND m.state NOT IN ({placeholders(UNFINISHED)})", [state.value for state in UNFINISHED]


def _has_kind(kinds: Sequence[str]) -> Condition:
    return f"m.kind IN ({placeholders(kinds)})", list(kinds)


def _is_in(rooms: QuerySet) -> Condition:
    """The message is in one of these rooms, which the user may read.

    The backends' queries are not query sets, so OuterRef cannot refer to their `m`.
    """
    sql, values = rooms.extra(where=["rooms_room.id = m.room_id"]).order_by().values("pk").query.sql_with_params()
    return f"EXISTS ({sql})", list(values)


def _posted_between(since: datetime | None, until: datetime | None) -> tuple[list[Condition], int, int]:
    """Conditions on the exact time, and the lowest and highest ids to consider, by which the indexes are ordered."""
    adapt = connection.ops.adapt_datetimefield_value
    since, until = (moment and min(max(moment, EARLIEST), LATEST) for moment in (since, until))
    found = [("m.created >= %s", [adapt(since)])] if since else []
    found += [("m.created < %s", [adapt(until)])] if until else []
    return (
        found,
        first_id_since(since - MAX_CLOCK_DRIFT) if since else 0,
        first_id_since(until + MAX_CLOCK_DRIFT) if until else _MAX_ID,
    )


def first_id_since(moment: datetime) -> int:
    """The id of the first message posted at or after `moment`, by binary search: ids grow with time."""
    low, high = 0, (Message.objects.aggregate(last=Max("id"))["last"] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        later = Message.objects.filter(id__gte=middle).order_by("id").values_list("id", "created").first()
        if later is None or later[1] >= moment:
            high = middle
        else:
            low = later[0] + 1
    return low
