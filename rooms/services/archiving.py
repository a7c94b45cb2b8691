"""Closing a room: it can still be read and searched, and nobody writes there until it is opened again."""

from collections.abc import Callable

from django.db import transaction

from accounts.models import User

from ..kernel.errors import ChatError
from ..kernel.notices import notice
from ..models import Room
from .membership import get_visible_room
from .moderation import can_moderate
from .notices import post_notice
from .room_locks import lock_room


def archive(actor: User, room_name: str) -> Room:
    """Moderators and staff. Closing twice is once."""
    return _change(actor, room_name, True, notice("room_archived"))


def unarchive(actor: User, room_name: str) -> Room:
    return _change(actor, room_name, False, notice("room_unarchived"))


def _change(actor: User, room_name: str, closed: bool, said: dict) -> Room:
    found = get_visible_room(actor.id, room_name)
    if not can_moderate(actor, found):
        raise ChatError("cannot_archive")
    with transaction.atomic():
        room = lock_room(found.pk)
        if room.closed != closed:
            # The line stands in the room: the last one before it is closed, or the first after it is open.
            steps: list[Callable[[], object]] = [lambda: post_notice(actor, room.id, said), lambda: _set(room, closed)]
            for step in steps if closed else reversed(steps):
                step()
    room.refresh_from_db()
    return room


def _set(room: Room, closed: bool) -> None:
    Room.objects.filter(pk=room.pk).update(closed=closed)
