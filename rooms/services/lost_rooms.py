"""Why somebody who belonged to a room does not see it any more."""

from django.db.models import Exists, OuterRef

from ..kernel.slugs import NAME_PATTERN
from ..models import BANNED_NOW, Membership, Removal, RoomKind


def is_banned(user_id: int, room_name: str) -> bool:
    """Whether somebody was banned from the public room of that name. A private one looks like one that is missing."""
    bans = Membership.objects.filter(BANNED_NOW, user_id=user_id, room__kind=RoomKind.PUBLIC, room__deleted=None)
    return bool(NAME_PATTERN.match(room_name)) and bans.filter(room__name=room_name).exists()


def why_lost(user_id: int, room_name: str) -> str | None:
    """Why somebody who belonged to the room of that name cannot see it: deleted, banned or removed.

    None for everybody else, who is told nothing of it: for them it looks like a room that is missing.
    """
    if not NAME_PATTERN.match(room_name):
        return None
    if Membership.objects.filter(
        user_id=user_id, banned=False, room__name=room_name, room__deleted__isnull=False
    ).exists():
        return "deleted"
    # One query, whatever it finds: nothing shall be measured.
    bans = Membership.objects.filter(BANNED_NOW, room=OuterRef("room"), user=user_id)
    removals = Removal.objects.filter(user_id=user_id, room__name=room_name, room__deleted=None)
    banned = removals.annotate(is_banned=Exists(bans)).values_list("is_banned", flat=True).first()
    return None if banned is None else "banned" if banned else "removed"
