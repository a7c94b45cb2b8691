"""What somebody has not read: how much, since when, which of it names them."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import GreaterThan

from ..kernel.protocol import timestamp
from ..models import ADDRESSING, Block, Membership, Message, MessageKind, Notification, Room

COUNTED = 500  # messages that are looked at to count what is unread: the newest ones


def unread_of(user_ids: Collection[int], room_ids: Collection[int]) -> list[dict[str, Any]]:
    """For each membership among these: user_id, room_id, room__name, room__title, room__kind, seq (the head), unread,
    mentioned, mentions (how many).

    At most COUNTED messages are looked at, so somebody who was away for a year costs no more.
    """
    places = Membership.objects.filter(user_id__in=user_ids, room_id__in=room_ids, banned=False, room__deleted=None)
    # Asking of each message whether its sender is blocked makes counting half as dear again.
    blocking = set(Block.objects.filter(user_id__in=user_ids).values_list("user_id", flat=True).distinct())
    found = list(_counted(places.exclude(user_id__in=blocking), heeds_blocks=False))
    found += _counted(places.filter(user_id__in=blocking), heeds_blocks=True) if blocking else []
    for row in found:  # who is called with others is counted, but `mention_seq` does not say so
        row["mentioned"] = row["mentioned"] or row["mentions"] > 0
    return found


def _counted(places: QuerySet[Membership], heeds_blocks: bool) -> Iterable[Any]:
    reader = OuterRef("user")
    heard = not_blocked(OuterRef(reader)) if heeds_blocks else Q()
    unread = count_unread("room", reader, "read_seq", "room__seq", heard)
    mentioned = Case(When(mention_seq__gt=F("read_seq"), then=True), default=False)
    mentions = count_mentions(reader, OuterRef("room"), OuterRef("read_seq"))
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


def _heard_after(room: Room, user_id: int, read_seq: int) -> QuerySet[Message]:
    unread = Message.objects.filter(room=room, first_seq__gt=read_seq, deleted=False).exclude(sender=user_id)
    return unread.filter(not_blocked(user_id)).order_by("first_seq")


def count_mentions(reader: int | OuterRef, room: OuterRef, read: OuterRef) -> Subquery:
    """How many unread mentions stand in the inbox of a reader."""
    rows = Notification.objects.filter(user=reader, room=room, seq__gt=read, kind__in=ADDRESSING, done=None, read=None)
    return Subquery(rows.order_by().values("room").annotate(count=Count("pk")).values("count"))


def not_blocked(reader: int | OuterRef) -> Q:
    """Messages of whom the reader does not block, and notices: they say what was done to the room."""
    blocked = Block.objects.filter(user=reader, blocked=OuterRef("sender"))
    return Q(kind=MessageKind.NOTICE) | ~Exists(blocked)  # type: ignore[return-value]  # the stubs have no Q | Exists


def count_unread(room: str, reader: int | OuterRef, read: str, head: str, heard: Q) -> QuerySet[Any, Any]:
    """How many messages of others somebody has not read, by names of the outer query's fields; heard: which count."""
    newest = Message.objects.filter(room=OuterRef(OuterRef(room))).order_by("-first_seq").values("first_seq")
    older = Coalesce(Subquery(newest[COUNTED : COUNTED + 1]), 0)
    # Most often little has changed since, and the newest need not be looked for.
    much = GreaterThan(OuterRef(head) - OuterRef(read), COUNTED)
    since = Case(When(much, then=Greatest(OuterRef(read), older)), default=OuterRef(read))
    found = Message.objects.filter(room=OuterRef(room), deleted=False, first_seq__gt=since)
    found = found.exclude(sender=reader).filter(heard)
    return found.order_by().values("room").annotate(count=Count("pk")).values("count")
