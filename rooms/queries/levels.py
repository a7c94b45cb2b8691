"""What somebody wants to hear of rooms."""

from collections.abc import Collection

from ..models import Level, Membership, NotificationSettings, Room


def settings_of(user_id: int) -> NotificationSettings:
    """The person's row, or an unsaved one with the defaults."""
    return NotificationSettings.objects.filter(user=user_id).first() or NotificationSettings(user_id=user_id)


def default_level_of(user_id: int) -> str:
    """Of rooms for which they have chosen nothing else."""
    chosen = NotificationSettings.objects.filter(user=user_id).values_list("default_level", flat=True).first()
    return chosen or Level.MENTIONS


def level_of(mine: Membership, room: Room, default: str) -> str:
    """What calls for somebody; default: `default_level_of` them."""
    return mine.level or (Level.ALL if room.is_direct else default)


def chosen_levels(user_id: int, room_ids: Collection[int]) -> dict[int, str]:
    """What they chose for each of these rooms, where they chose something."""
    mine = Membership.objects.filter(user=user_id, room__in=room_ids).exclude(level="")
    return dict(mine.values_list("room_id", "level"))


def fields_of_chosen(user_id: int) -> dict[str, bool]:
    """Of a membership that begins now: what this person wants to hear of any room."""
    chosen = settings_of(user_id)
    return {"hears_all": chosen.default_level == Level.ALL, "hears_words": bool(chosen.keywords)}
