"""Is somebody still to be told of a notification? Asked when it is due, and again when it leaves."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from rooms.models import Membership, Notification


def still_wanted(ids: Collection[int]) -> list[Notification]:
    """Those that are unread, by people who may read them and have not silenced the room since; with the room, the
    message and whoever caused it."""
    if not ids:
        return []
    silenced = Membership.objects.filter(room=OuterRef("room"), user=OuterRef("user"), muted=True)
    rows = Notification.objects.unread().filter(pk__in=ids, user__is_active=True).exclude(Exists(silenced))
    return list(rows.select_related("user", "room", "message__sender", "actor"))
