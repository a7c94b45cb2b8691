"""Whether a notification should still be pushed. Asked when it is due, and again when it is sent."""

from collections.abc import Collection

from rooms.models import Notification


def still_wanted(ids: Collection[int]) -> list[Notification]:
    """Those of these notifications that are unread and may ring, with their user, room, message, sender and actor."""
    if not ids:
        return []
    rows = Notification.objects.calling().filter(pk__in=ids, user__is_active=True)
    return list(rows.select_related("user", "room", "message__sender", "actor"))
