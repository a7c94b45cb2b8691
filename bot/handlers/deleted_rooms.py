"""What becomes of bots when a room is deleted for good."""

from typing import Any

from rooms.models import Room

from ..models import Bot


def on_room_deleted(sender: Any, instance: Room, **_signal: Any) -> None:
    """A bot that is kept to this room alone is switched off: kept to no room, it would answer in all of them."""
    elsewhere = Bot.rooms.through.objects.exclude(room_id=instance.pk).values("bot_id")
    Bot.objects.filter(rooms=instance).exclude(pk__in=elsewhere).update(enabled=False)
