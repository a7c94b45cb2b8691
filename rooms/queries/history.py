"""Reads of a room's messages. Who may read is settled before: a Room comes from `membership`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from ..kernel.protocol import CATCH_UP_LIMIT
from ..models import Message, Room

PAGE = 50
MAX_PAGE = 100


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
        "sender__picture",
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
    """Messages with all that the wire needs of them, by id; those that do not exist are left out."""
    return Message.objects.for_wire().in_bulk(list(ids)) if ids else {}


def head(room_id: int) -> int:
    """The number of the room's last change."""
    return Room.objects.values_list("seq", flat=True).get(pk=room_id)


def heads(room_ids: Iterable[int]) -> dict[int, int]:
    """The latest `seq` of each room, by room id; deleted rooms are left out."""
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


def _newest(messages: QuerySet[Message], limit: int) -> list[Message]:
    return list(messages.order_by("-id")[:limit])[::-1]


def _last_after(room: Room, rows: list[tuple]) -> int | None:
    """The last message of a room, unless it is the last of these rows."""
    last = Message.objects.filter(room=room).aggregate(last=Max("id"))["last"]
    return None if rows and rows[-1][0] == last else last
