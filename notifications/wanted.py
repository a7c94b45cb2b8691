"""Is somebody still to be told of a notification? Asked when it is due, and again when it leaves."""

from collections.abc import Collection

from rooms.models import Notification


def still_wanted(ids: Collection[int]) -> list[Notification]:
    """Those that are unread and may ring now, with all that they name."""
    if not ids:
        return []
    rows = Notification.objects.calling().filter(pk__in=ids, user__is_active=True)
    return list(rows.select_related("user", "room", "message__sender", "actor"))
