"""Who writes in a room, and how often: what its moderators decide."""

from collections.abc import Callable

from django.db import transaction

from accounts.models import User
from audit.recording import record

from ..kernel.errors import ChatError
from ..kernel.notices import notice
from ..kernel.rights import Action
from ..models import LastPost, Posting, Room
from .membership import get_visible_room
from .notices import try_to_post_notice
from .rights import check
from .room_locks import lock_room
from .slow_mode import CHOICES


def set_posting(actor: User, room_name: str, posting: str) -> Room:
    """Make a room one for announcements, in which only moderators write, or let everyone write; post a notice.

    The same again does nothing. For moderators and staff. Raises ChatError: cannot_set_posting, direct_has_no_limits,
    no_such_room, posting_unknown.
    """
    room = _of_moderator(actor, room_name)
    if posting not in Posting.values:
        raise ChatError("posting_unknown", choices=", ".join(Posting.values))

    def change(room: Room) -> None:
        if room.posting == posting:
            return
        Room.objects.filter(pk=room.pk).update(posting=posting)
        told = "posting_moderators" if posting == Posting.MODERATORS else "posting_everyone"
        try_to_post_notice(actor, room.pk, notice(told))
        record("room.posting_changed", actor=actor.pk, room=room.pk, posting=posting)

    return _changed(room, change)


def set_slow_mode(actor: User, room_name: str, seconds: int) -> Room:
    """Set how many seconds a member waits between two messages, and post a notice. The same number does nothing.

    For moderators and staff. Raises ChatError: cannot_set_posting, direct_has_no_limits, no_such_room,
    slow_mode_unknown.
    """
    room = _of_moderator(actor, room_name)
    if seconds not in CHOICES:
        raise ChatError("slow_mode_unknown", choices=", ".join(map(str, CHOICES)))

    def change(room: Room) -> None:
        if room.slow_mode == seconds:
            return
        Room.objects.filter(pk=room.pk).update(slow_mode=seconds)
        if not seconds:
            LastPost.objects.filter(room=room).delete()
        try_to_post_notice(actor, room.pk, _slow_mode_notice(seconds))
        record("room.slow_mode_changed", actor=actor.pk, room=room.pk, seconds=seconds)

    return _changed(room, change)


def _of_moderator(actor: User, room_name: str) -> Room:
    room = get_visible_room(actor.id, room_name)
    check(Action.SET_POSTING, actor, room)
    return room


def _changed(room: Room, change: Callable[[Room], None]) -> Room:
    with transaction.atomic():
        change(lock_room(room.pk))
    room.refresh_from_db()
    return room


def _slow_mode_notice(seconds: int) -> dict:
    if not seconds:
        return notice("slow_mode_off")
    if seconds % 60:
        return notice("slow_mode_seconds", seconds=seconds)
    return notice("slow_mode_minutes", minutes=seconds // 60)
