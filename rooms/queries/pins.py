"""Reads of what is pinned in a room. Who may read is settled before: a Room comes from `membership`."""

from ..models import Message, MessageQuerySet, Room


def pinned_in(room: Room) -> MessageQuerySet:
    """The pinned messages of a room with what the wire needs and who pinned each, the latest pin first."""
    return _pinned(room).for_wire().select_related("pinned_by").order_by("-pinned", "-pk")


def count(room: Room) -> int:
    return _pinned(room).count()


def _pinned(room: Room) -> MessageQuerySet:
    # A version of before pins deletes messages without unpinning them.
    return Message.objects.filter(room=room, pinned__isnull=False, deleted=False)
