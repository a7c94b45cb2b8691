"""Archives rooms: they can be read and searched, but nobody can write in them until they are unarchived."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.recording import record

from ..kernel.notices import notice
from ..kernel.rights import Action
from ..models import ModerationNote, Room
from .membership import get_visible_room
from .notices import post_notice
from .rights import check
from .room_locks import lock_room
from .room_notifications import notify_members, withdraw_note


def archive(actor: User, room_name: str) -> Room:
    """Archive a room. For its moderators and staff. Archiving it twice does nothing.

    Raises ChatError: cannot_archive, no_such_room.
    """
    return _change(actor, room_name, True, notice("room_archived"))


def unarchive(actor: User, room_name: str) -> Room:
    """The opposite of `archive`. Raises ChatError: cannot_archive."""
    return _change(actor, room_name, False, notice("room_unarchived"))


def _change(actor: User, room_name: str, archived: bool, what: dict) -> Room:
    found = get_visible_room(actor.id, room_name)
    check(Action.ARCHIVE, actor, found)
    with transaction.atomic():
        room = lock_room(found.pk)
        if room.archived != archived:
            # The notice is the last message before the room is archived, or the first after it is unarchived.
            steps: list[Callable[[], object]] = [
                lambda: post_notice(actor, room.id, what),
                lambda: _set_archived(room, archived),
            ]
            for step in steps if archived else reversed(steps):
                step()
            record("room.archived" if archived else "room.unarchived", actor=actor.pk, room=room.pk)
            if archived:
                notify_members.enqueue(
                    room.pk, actor.pk, ModerationNote.ROOM_ARCHIVED.value, timezone.now().isoformat()
                )
            else:
                withdraw_note.enqueue(room.pk, ModerationNote.ROOM_ARCHIVED.value)
    room.refresh_from_db()
    return room


def _set_archived(room: Room, archived: bool) -> None:
    Room.objects.filter(pk=room.pk).update(archived=archived)
