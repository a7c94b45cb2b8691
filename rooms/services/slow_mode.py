"""Slow mode: in such a room a member writes one message in so many seconds. Moderators and staff write as they like.

When somebody wrote last is a row of the transaction that posts, under the room's lock. So it holds over all processes
and while Redis is away, it counts what was written and nothing that failed, and other rooms pay nothing for it: the
one query more is asked where a room of the group has slow mode.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User

from ..kernel.errors import ChatError
from ..kernel.rights import Action
from ..models import LastPost, Room
from .rights import is_free, may
from .sql import PostingRights, save_last_posts

CHOICES = (0, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600)  # seconds; 0: off


class SlowMode:
    """For one transaction that posts. rooms: by id, locked."""

    def __init__(self, rooms: Mapping[int, Room], user_ids: set[int]) -> None:
        slow = [room.id for room in rooms.values() if room.slow_mode]
        found = LastPost.objects.filter(room_id__in=slow, user_id__in=user_ids) if slow else ()
        self._last = {(each.room_id, each.user_id): each.at for each in found}
        self._written: dict[tuple[int, int], datetime] = {}

    def check(self, user: User, room: Room, rights: PostingRights) -> ChatError | None:
        """May they write there now?"""
        if not room.slow_mode or is_free(user, room, rights.role):
            return None
        return _wait(room, self._last.get((room.id, user.id)))

    def note(self, user: User, room: Room) -> None:
        """They write there now."""
        if room.slow_mode:
            self._last[room.id, user.id] = self._written[room.id, user.id] = timezone.now()

    def save(self) -> None:
        if self._written:
            save_last_posts([(*place, at) for place, at in self._written.items()])


def wait_of(user: User, room: Room) -> ChatError | None:
    """What keeps somebody from writing in a room at this moment: slow mode, with the seconds that are left."""
    if not room.slow_mode or may(Action.ANNOUNCE, user, room):
        return None
    last = LastPost.objects.filter(room=room, user_id=user.id).first()
    return _wait(room, last.at if last else None)


def _wait(room: Room, last: datetime | None) -> ChatError | None:
    left = (last + timedelta(seconds=room.slow_mode) - timezone.now()).total_seconds() if last else 0
    if left <= 0:
        return None
    return ChatError("slow_mode", left, seconds=max(1, round(left)), every=room.slow_mode)
