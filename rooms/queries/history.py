"""Reads of a room's messages. Who may read is settled before: a Room comes from `membership`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from ..kernel.protocol import CATCH_UP_LIMIT, timestamp
from ..models import (
    Block,
    Membership,
    Message,
    MessageKind,
    Notification,
    NotificationKind,
    Room,
    RoomKind,
    RoomQuerySet,
)

PAGE = 50
MAX_PAGE = 100
_SOMEBODY = -(2**40)  # nobody's id, to be found again in SQL
COUNTED = 500  # messages that are looked at to count what is unread: the newest ones


@dataclass(frozen=True, slots=True)
class Page:
    messages: list[Message]  # oldest first
    more: bool  # there are further ones in the direction that was asked for; around: older ones
    seq: int  # the head when this was read


def page(room: Room, before: int | None = None, after: int | None = None, around: int | None = None,
         limit: int = PAGE) -> Page:  # fmt: skip
    """Messages of a room: the newest, or those before, after or around the message with that id."""
    limit = max(1, min(limit, MAX_PAGE))
    seq = head(room.id)  # first: a change made meanwhile is seen again rather than missed
    messages = Message.objects.for_wire().filter(room=room)
    if around is not None:
        older = _newest(messages.filter(id__lt=around), limit // 2)
        newer = list(messages.filter(id__gte=around).order_by("id")[: limit - len(older)])
        found = older + newer
        return Page(found, bool(found) and messages.filter(id__lt=found[0].id).exists(), seq)
    if after is not None:
        found = list(messages.filter(id__gt=after).order_by("id")[: limit + 1])
        return Page(found[:limit], len(found) > limit, seq)
    if before is not None:
        messages = messages.filter(id__lt=before)
    found = _newest(messages, limit + 1)
    return Page(found[-limit:], len(found) > limit, seq)


@dataclass(frozen=True, slots=True)
class Versions:
    """Which messages stand on a page. For a reader that keeps pictures of them."""

    rows: list[tuple]  # (id, and all that makes its picture change), oldest first
    older: bool  # there are further ones
    newest: int | None  # the id of the room's last message, when that does not stand here
    seq: int  # the head when this was read


NO_VERSIONS = Versions([], False, None, 0)


def versions(room: Room, before: int | None = None, after: int | None = None, around: int | None = None,
             limit: int = PAGE) -> Versions:  # fmt: skip
    """The newest messages, or those before, after or around the message with that id."""
    seq = head(room.id)
    # A quoted message and a name change without a new number for the message that shows them.
    found = Message.objects.filter(room=room).values_list(
        "id",
        "seq",
        "created",
        "reply_to__seq",
        "reply_to__sender__username",
        "reply_to__sender__display_name",
        "sender__username",
        "sender__display_name",
    )
    newer, at = [], before
    if after is not None:
        newer, at = list(found.filter(id__gt=after).order_by("id")[:limit]), after + 1
    elif around is not None:
        newer, at = list(found.filter(id__gte=around).order_by("id")[: limit // 2]), around
    room_left = limit - len(newer)
    older = list((found if at is None else found.filter(id__lt=at)).order_by("-id")[: room_left + 1])
    rows = older[:room_left][::-1] + newer
    return Versions(rows, len(older) > room_left, None if at is None else _last_after(room, rows), seq)


def by_id(ids: Collection[int]) -> dict[int, Message]:
    return Message.objects.for_wire().in_bulk(list(ids)) if ids else {}


def head(room_id: int) -> int:
    """The number of the room's last change."""
    return Room.objects.values_list("seq", flat=True).get(pk=room_id)


def heads(room_ids: Iterable[int]) -> dict[int, int]:
    return dict(Room.objects.standing().filter(pk__in=list(room_ids)).values_list("pk", "seq"))


def changed_since(room_id: int, seq: int, limit: int = CATCH_UP_LIMIT) -> tuple[list[Message], int] | None:
    """The current state of every message changed after `seq`, by number, and the head they lead up to.

    None when there are more than `limit`, or `seq` lies beyond the head: then the reader starts afresh.
    One index range, so it costs what was missed and not what exists.
    """
    now = head(room_id)
    if seq > now:
        return None
    found = list(Message.objects.for_wire().filter(room_id=room_id, seq__gt=seq).order_by("seq")[: limit + 1])
    if len(found) > limit:
        return None
    return found, max(now, found[-1].seq if found else 0)


def unfinished(room_id: int) -> list[Message]:
    """Bot replies that wait or are being written, with the text so far."""
    return list(Message.objects.for_wire().unfinished().filter(room_id=room_id).order_by("id"))


def text_of(message_id: int) -> str:
    """The text of a message as it is saved; empty when it is gone."""
    return Message.objects.filter(pk=message_id).values_list("text", flat=True).first() or ""


def room_ids_of(user_ids: Iterable[int]) -> dict[int, set[int]]:
    """The rooms each of these people belongs to and hears of: see `RoomQuerySet.listed_for`."""
    found: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    places = Membership.objects.filter(user_id__in=found, banned=False, room__deleted=None)
    silenced = Block.objects.filter(user=OuterRef("user"), blocked__memberships__room=OuterRef("room"))
    heard = places.exclude(Exists(silenced), room__kind=RoomKind.DIRECT)
    for user_id, room_id in heard.values_list("user_id", "room_id"):
        found[user_id].add(room_id)
    return found


def lately_active(room_ids: Iterable[int], seconds: float) -> set[int]:
    """Those of these rooms in which something was said within so many seconds."""
    since = timezone.now() - timedelta(seconds=seconds)
    return set(Room.objects.filter(pk__in=room_ids, active__gt=since).values_list("pk", flat=True))


def unread_of(user_ids: Collection[int], room_ids: Collection[int]) -> list[dict[str, Any]]:
    """For each membership among these: user_id, room_id, room__name, room__title, room__kind, seq (the head), unread,
    mentioned, mentions (how many).

    At most COUNTED messages are looked at, so somebody who was away for a year costs no more.
    """
    places = Membership.objects.filter(user_id__in=user_ids, room_id__in=room_ids, banned=False, room__deleted=None)
    # Asking of each message whether its sender is blocked makes counting half as dear again.
    blocking = set(Block.objects.filter(user_id__in=user_ids).values_list("user_id", flat=True).distinct())
    found = list(_counted(places.exclude(user_id__in=blocking), heeds_blocks=False))
    return found + list(_counted(places.filter(user_id__in=blocking), heeds_blocks=True)) if blocking else found


def _counted(places: QuerySet[Membership], heeds_blocks: bool) -> Iterable[Any]:
    reader = OuterRef("user")
    heard = _not_blocked(OuterRef(reader)) if heeds_blocks else Q()
    unread = _unread("room", reader, "read_seq", "room__seq", heard)
    mentioned = Case(When(mention_seq__gt=F("read_seq"), then=True), default=False)
    mentions = _mentions(reader, OuterRef("room"), OuterRef("read_seq"))
    rows = places.annotate(
        seq=F("room__seq"), unread=Coalesce(Subquery(unread), 0), mentioned=mentioned, mentions=Coalesce(mentions, 0)
    )
    return rows.values(
        "user_id", "room_id", "room__name", "room__title", "room__kind", "seq", "unread", "mentioned", "mentions"
    )


def unread_since(room: Room, user_id: int, read_seq: int) -> dict[str, Any] | None:
    """The first message that somebody has not read, since when, and how many; None when there is none."""
    heard = _heard_after(room, user_id, read_seq)
    first = heard.values_list("pk", "created").first()
    if first is None:
        return None
    newest = heard.order_by("-first_seq").values("pk")[:COUNTED]
    return {"first": first[0], "since": timestamp(first[1]), "count": newest.count()}


def first_unread(room: Room, user_id: int, read_seq: int, limit: int) -> list[Message]:
    """The first messages that somebody has not read, with their senders."""
    return list(_heard_after(room, user_id, read_seq).select_related("sender")[:limit])


def unread_rooms_of(user_id: int, limit: int) -> list[Room]:
    """Those of `rooms_of` with something unread, the liveliest first."""
    return [room for room in rooms_of(user_id) if room.unread][:limit]  # type: ignore[attr-defined]  # annotated


def _heard_after(room: Room, user_id: int, read_seq: int) -> QuerySet[Message]:
    unread = Message.objects.filter(room=room, first_seq__gt=read_seq, deleted=False).exclude(sender=user_id)
    return unread.filter(_not_blocked(user_id)).order_by("first_seq")


def rooms_of(user_id: int) -> RoomQuerySet:
    """The rooms and direct messages of a person, each with `unread`, `mentions` (as above), `mentioned`, `read_seq`,
    `muted`, `starred` and `position`."""
    mine = Membership.objects.filter(room=OuterRef("pk"), user_id=user_id)
    blocks_nobody = ~Exists(Block.objects.filter(user_id=user_id))  # found out once for all messages
    unread = _unread("pk", user_id, "mine_read", "seq", blocks_nobody | _not_blocked(user_id))
    return (
        Room.objects.listed_for(user_id)
        .annotate(
            mine_read=Subquery(mine.values("read_seq")[:1]),
            read_seq=F("mine_read"),
            muted=Subquery(mine.values("muted")[:1]),
            starred=Subquery(mine.values("starred")[:1]),
            position=Subquery(mine.values("position")[:1]),
            unread=Coalesce(Subquery(unread[:1]), 0),
            mentions=Coalesce(_mentions(user_id, OuterRef("pk"), OuterRef("mine_read")), 0),
            mentioned=Q(pk__in=mine.filter(mention_seq__gt=F("read_seq")).values("room")),
        )
        .order_by("-active")
    )


def by_position(position: int, title: str) -> tuple[bool, int, str]:
    """The key by which the rooms of a person are sorted: those with a position of their own, then the others."""
    return not position, position, title.casefold()


def _mentions(reader: int | OuterRef, room: OuterRef, read: OuterRef) -> Subquery:
    """How many unread mentions stand in the inbox of a reader."""
    rows = Notification.objects.filter(
        user=reader, room=room, seq__gt=read, kind=NotificationKind.MENTION, done=None, read=None
    )
    return Subquery(rows.order_by().values("room").annotate(count=Count("pk")).values("count"))


def _not_blocked(reader: int | OuterRef) -> Q:
    """Messages of whom the reader does not block, and notices: they say what was done to the room."""
    blocked = Block.objects.filter(user=reader, blocked=OuterRef("sender"))
    return Q(kind=MessageKind.NOTICE) | ~Exists(blocked)  # type: ignore[return-value]  # the stubs have no Q | Exists


def _unread(room: str, reader: int | OuterRef, read: str, head: str, heard: Q) -> QuerySet[Any, Any]:
    """How many messages of others somebody has not read, by names of the outer query's fields; heard: which count."""
    newest = Message.objects.filter(room=OuterRef(OuterRef(room))).order_by("-first_seq").values("first_seq")
    older = Coalesce(Subquery(newest[COUNTED : COUNTED + 1]), 0)
    # Most often little has changed since, and the newest need not be looked for.
    much = GreaterThan(OuterRef(head) - OuterRef(read), COUNTED)
    since = Case(When(much, then=Greatest(OuterRef(read), older)), default=OuterRef(read))
    found = Message.objects.filter(room=OuterRef(room), deleted=False, first_seq__gt=since)
    found = found.exclude(sender=reader).filter(heard)
    return found.order_by().values("room").annotate(count=Count("pk")).values("count")


def first_rooms_of(user_id: int, limit: int, direct: int) -> list[Room]:
    """The liveliest of `rooms_of`, for every page: so many rooms, then so many direct conversations, however many there
    are of either. Making the SQL takes Django longer than the database needs for the answer, so it is made once."""
    sql, values = _rooms_sql(limit, direct)
    return list(Room.objects.raw(sql, [user_id if value == _SOMEBODY else value for value in values]))


@cache
def _rooms_sql(limit: int, direct: int) -> tuple[str, tuple]:
    mine = rooms_of(_SOMEBODY)
    rooms, of_rooms = mine.exclude(kind=RoomKind.DIRECT)[:limit].query.sql_with_params()
    directs, of_directs = mine.filter(kind=RoomKind.DIRECT)[:direct].query.sql_with_params()
    return f"SELECT * FROM ({rooms}) AS rooms UNION ALL SELECT * FROM ({directs}) AS directs", of_rooms + of_directs


def _newest(messages: QuerySet[Message], limit: int) -> list[Message]:
    return list(messages.order_by("-id")[:limit])[::-1]


def _last_after(room: Room, rows: list[tuple]) -> int | None:
    """The last message of a room, unless it is the last of these rows."""
    last = Message.objects.filter(room=room).aggregate(last=Max("id"))["last"]
    return None if rows and rows[-1][0] == last else last
