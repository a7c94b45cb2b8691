"""Searches messages by words, sender and time, in one room or in all rooms that a user may read.

The backends are FTS5 on SQLite and full-text search on PostgreSQL.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import Max, QuerySet

from accounts.plain_text import clean_line
from common.sql import placeholders

from ..kernel.errors import ChatError
from ..models import UNFINISHED, Message, Room
from ..services.membership import get_user_by_name, get_visible_room
from ..text.markup import visible_text
from .message_index import BACKENDS
from .query import MAX_QUERY, Excerpt, Query, SearchRequest, excerpt, parse

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
TIMEOUT = 2.0  # seconds
MAX_CLOCK_DRIFT = timedelta(days=1)  # between hosts, so the order of ids and times may differ by it
# There are no messages outside. Some times outside cannot be converted to other time zones or compared by databases.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
MAX_LISTED_ROOMS = 100  # rooms listed in the index query; with more, only `where` restricts them
_MAX_ID = 2**63 - 1

Condition = tuple[str, list]  # SQL about a message `m`, with parameters


@dataclass(frozen=True, slots=True)
class Hit:
    message: Message  # loaded with `for_wire`
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class SearchPage:
    hits: list[Hit]  # newest first
    more: bool  # there are older ones: search again with `before`, the id of the last hit


def search(user_id: int, words: str, *, room: str | None = None, sender: str | None = None,
           since: datetime | None = None, until: datetime | None = None, before: int | None = None,
           limit: int = PAGE_SIZE) -> SearchPage:  # fmt: skip
    """Messages that this user may read and that contain all words (see query.py), newest first.

    room, sender: names. since (inclusive), until (exclusive): when it was posted. before: an id, for the next page.
    Without words: all messages of the sender. Raises ChatError: not_found, too_long, or overloaded after TIMEOUT.
    """
    rooms = Room.objects.visible_to(user_id)
    if room:
        rooms = rooms.filter(pk=get_visible_room(user_id, room).pk)
    sender_id = get_user_by_name(sender.lstrip("@＠"), also_gone=True).id if sender else None
    limit = max(1, min(limit, MAX_PAGE_SIZE))
    query = _parse_words(words)
    conditions, low, high = _posted_between(since, until)
    high = high if before is None else min(high, before)
    found = _find(rooms, query, sender_id, conditions=conditions, low=low, high=high, limit=limit + 1)
    return SearchPage([Hit(message, _excerpt(message, query)) for message in found[:limit]], len(found) > limit)


def search_room(room: Room, words: str, *, sender_id: int | None = None, kinds: Sequence[str] = (),
                since: datetime | None = None, until: datetime | None = None, before: int | None = None,
                limit: int = PAGE_SIZE) -> list[Message]:  # fmt: skip
    """The same in one room. The caller has checked the right to read it. kinds: only messages of these kinds."""
    here = Room.objects.filter(pk=room.pk)
    conditions, low, high = _posted_between(since, until)
    conditions += [_has_kind(kinds)] if kinds else []
    high = high if before is None else min(high, before)
    return _find(here, _parse_words(words), sender_id, conditions=conditions, low=low, high=high, limit=limit)


def _parse_words(words: str) -> Query:
    words = clean_line(words)
    if len(words) > MAX_QUERY:
        raise ChatError("search_too_long", count=len(words), limit=MAX_QUERY)
    return parse(words)


def _excerpt(message: Message, query: Query) -> Excerpt:
    """An excerpt of the visible text, or of the source if only that contains the words (in a URL, for example)."""
    found = excerpt(visible_text(message.html), query)
    is_visible = found and (not query or any(is_hit for _piece, is_hit in found))
    return found if is_visible else excerpt(message.text, query)


def _find(rooms: QuerySet, query: Query, sender_id: int | None, *, conditions: list[Condition], limit: int,
          low: int = 0, high: int | None = None) -> list[Message]:  # fmt: skip
    if not query and sender_id is None:
        return []
    room_ids = list(rooms.order_by().values_list("pk", flat=True)[: MAX_LISTED_ROOMS + 1])
    if not room_ids:
        return []
    conditions = [_is_finished(), _is_in(rooms), *conditions]
    request = SearchRequest(
        query=query,
        rooms=room_ids if len(room_ids) <= MAX_LISTED_ROOMS else None,
        sender_id=sender_id,
        low=low,
        high=_MAX_ID if high is None else high,
        where=" AND ".join(sql for sql, _values in conditions),
        values=[value for _sql, values in conditions for value in values],
        limit=limit,
    )
    messages = Message.objects.for_wire().in_bulk(ids := _run(request))
    return [messages[id] for id in ids if id in messages]


def _run(request: SearchRequest) -> list[int]:
    backend = BACKENDS[connection.vendor]
    try:
        with backend.time_limit(TIMEOUT):
            return backend.find(request)
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
