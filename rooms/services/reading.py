"""Marks all rooms as read at once, and undoes that."""

from django.db import transaction
from django.db.models import F

from accounts.models import User

from ..kernel.slugs import NAME_PATTERN
from ..models import Membership, Message
from ..publishing import events
from ..queries import unread_counts
from .messages import mark_unread
from .notification_counts import announce_ended

MAX_ROOMS = 500  # that can be undone at once

Positions = list[tuple[str, int]]  # names of rooms, each with a read position


def mark_all_read(user: User) -> Positions:
    """Mark all of somebody's rooms as read. Returns the previous read positions of those that were unread."""
    places = list(
        Membership.objects.filter(user=user, banned=False, read_seq__lt=F("room__seq")).select_related("room")
    )
    counted = unread_counts.unread_of([user.id], [place.room_id for place in places])
    unread = {row["room_id"] for row in counted if row["unread"]}
    with transaction.atomic():
        for place in places:  # each up to the number that was read here: later messages stay unread
            Membership.objects.filter(pk=place.pk, read_seq__lt=place.room.seq).update(read_seq=place.room.seq)
    announce_ended({user.pk})
    moved = [place for place in places if place.room_id in unread]
    for place in moved:
        fields = {"seq": place.room.seq, "unread": 0, "mention": False, "mentions": 0}
        events.to_user(user.id, "unread", room=place.room.name, **fields)
    return [(place.room.name, place.read_seq) for place in moved]


def restore_unread(user: User, positions: Positions) -> int:
    """Move read positions back, never forward. Returns in how many rooms.

    Raises ChatError: no_such_message, no_such_room.
    """
    wanted = {name: seq for name, seq in positions[:MAX_ROOMS] if NAME_PATTERN.match(name)}  # others are of no room
    places = Membership.objects.filter(user=user, banned=False, room__name__in=wanted).select_related("room")
    moved = 0
    for place in places:
        later = Message.objects.filter(room=place.room, first_seq__gt=wanted[place.room.name], deleted=False)
        first = later.exclude(sender=user).order_by("first_seq").values_list("pk", flat=True).first()
        if first is not None:
            mark_unread(user, place.room.name, first)
            moved += 1
    return moved
