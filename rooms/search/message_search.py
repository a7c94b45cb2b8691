"""Finding messages: words, from whom, when; in one room or in all that a person may read.

One function before two indexes, FTS5 on SQLite and full-text search on PostgreSQL.
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
from ..text.markup import words_of
from .message_index import BACKENDS
from .query import MAX_QUERY, Excerpt, Query, Wanted, excerpt, parse

PAGE = 20
MAX_PAGE = 100
SECONDS = 2.0  # that a search may take
DRIFT = timedelta(days=1)  # by which the clocks of hosts, and the order of numbers and times, may differ
# Nothing was said outside; times there cannot all be moved to other zones, nor compared by every database.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)
FEW_ROOMS = 100  # named to the index; with more, the rights alone decide
_NO_ID = 2**63 - 1

Condition = tuple[str, list]  # SQL about a message `m`, and its parameters


@dataclass(frozen=True, slots=True)
class Hit:
    message: Message  # loaded for the wire
    excerpt: Excerpt


@dataclass(frozen=True, slots=True)
class Hits:
    hits: list[Hit]  # newest first
    more: bool  # there are older ones: ask again with `before`, the id of the last


def search(user_id: int, words: str, *, room: str | None = None, sender: str | None = None,
           since: datetime | None = None, until: datetime | None = None, before: int | None = None,
           limit: int = PAGE) -> Hits:  # fmt: skip
    """Messages that this person may read, with all these words (see search_query), the newest first.

    room, sender: names. since (inclusive), until (exclusive): when it was posted. before: an id, for the next page.
    Without words: what the sender said. Raises ChatError: not_found, too_long, or overloaded when it takes too long.
    """
    rooms = Room.objects.visible_to(user_id)
    if room:
        rooms = rooms.filter(pk=get_visible_room(user_id, room).pk)
    sender_id = get_user_by_name(sender.lstrip("@＠"), also_gone=True).id if sender else None
    limit = max(1, min(limit, MAX_PAGE))
    query = _parsed(words)
    conditions, low, high = _between(since, until)
    high = high if before is None else min(high, before)
    found = _find(rooms, query, sender_id, conditions=conditions, low=low, high=high, limit=limit + 1)
    return Hits([Hit(message, _excerpt(message, query)) for message in found[:limit]], len(found) > limit)


def search_room(room: Room, words: str, *, sender_id: int | None = None, kinds: Sequence[str] = (),
                before: int | None = None, limit: int = PAGE) -> list[Message]:  # fmt: skip
    """The same in one room, for those whose right to read it is settled before. kinds: only messages of these."""
    here, conditions = Room.objects.filter(pk=room.pk), [_of_kinds(kinds)] if kinds else []
    return _find(here, _parsed(words), sender_id, conditions=conditions, high=before, limit=limit)


def _parsed(words: str) -> Query:
    words = clean_line(words)
    if len(words) > MAX_QUERY:
        raise ChatError("search_too_long", count=len(words), limit=MAX_QUERY)
    return parse(words)


def _excerpt(message: Message, query: Query) -> Excerpt:
    """Of the words as people read them; of what was typed when only that has them, as the address of a link does."""
    shown = excerpt(words_of(message.html), query)
    as_read = shown and (not query or any(is_hit for _piece, is_hit in shown))
    return shown if as_read else excerpt(message.text, query)


def _find(rooms: QuerySet, query: Query, sender_id: int | None, *, conditions: list[Condition], limit: int,
          low: int = 0, high: int | None = None) -> list[Message]:  # fmt: skip
    if not query and sender_id is None:
        return []
    some = list(rooms.order_by().values_list("pk", flat=True)[: FEW_ROOMS + 1])
    if not some:
        return []
    conditions = [_finished(), _within(rooms), *conditions]
    wanted = Wanted(
        query=query,
        rooms=some if len(some) <= FEW_ROOMS else None,
        sender_id=sender_id,
        low=low,
        high=_NO_ID if high is None else high,
        where=" AND ".join(sql for sql, _values in conditions),
        values=[value for _sql, values in conditions for value in values],
        limit=limit,
    )
    messages = Message.objects.for_wire().in_bulk(ids := _ask(wanted))
    return [messages[id] for id in ids if id in messages]


def _ask(wanted: Wanted) -> list[int]:
    backend = BACKENDS[connection.vendor]
    try:
        with backend.time_limit(SECONDS):
            return backend.find(wanted)
    except TimeoutError:
        raise ChatError("search_too_slow", 2) from None


def _finished() -> Condition:
    return f"NOT m.deleted AND m.state NOT IN ({placeholders(UNFINISHED)})", [state.value for state in UNFINISHED]


def _of_kinds(kinds: Sequence[str]) -> Condition:
    return f"m.kind IN ({placeholders(kinds)})", list(kinds)


def _within(rooms: QuerySet) -> Condition:
    """The message is in one of these rooms, which are those of the person's rights.

    The query of the search index is no query set, so that OuterRef cannot name its `m`.
    """
    sql, values = rooms.extra(where=["rooms_room.id = m.room_id"]).order_by().values("pk").query.sql_with_params()
    return f"EXISTS ({sql})", list(values)


def _between(since: datetime | None, until: datetime | None) -> tuple[list[Condition], int, int]:
    """Posted in that time: exactly, and as ids, which the indexes are ordered by."""
    adapt = connection.ops.adapt_datetimefield_value
    since, until = (moment and min(max(moment, EARLIEST), LATEST) for moment in (since, until))
    found = [("m.created >= %s", [adapt(since)])] if since else []
    found += [("m.created < %s", [adapt(until)])] if until else []
    return found, _first_since(since - DRIFT) if since else 0, _first_since(until + DRIFT) if until else _NO_ID


def _first_since(moment: datetime) -> int:
    """The id of the first message posted at or after a moment: ids grow with time, so halving finds it by few looks."""
    low, high = 0, (Message.objects.aggregate(last=Max("id"))["last"] or 0) + 1
    while low < high:
        middle = (low + high) // 2
        later = Message.objects.filter(id__gte=middle).order_by("id").values_list("id", "created").first()
        if later is None or later[1] >= moment:
            high = middle
        else:
            low = later[0] + 1
    return low
