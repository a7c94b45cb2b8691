"""Pins messages to their room: they are listed there until they are unpinned or deleted."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.recording import record

from ..kernel.errors import ChatError
from ..kernel.notices import notice
from ..kernel.rights import Action
from ..models import Message, MessageKind
from ..queries import pins
from .membership import get_visible_room
from .message_changes import Unchanged, changing
from .notices import post_notice
from .post_rights import check_may_write
from .rights import check

MAX_PINS = 50  # in a room


def pin(user: User, room_name: str, message_id: int) -> Message:
    """Pin a message and post a notice that quotes it. Pinning it again changes nothing, not even who pinned it.

    Raises ChatError: cannot_pin, message_deleted, notice_not_pinnable, reply_unfinished, too_many_pins,
    no_such_message, no_such_room, room_archived.
    """
    _check_rights(user, room_name)
    with transaction.atomic():  # so the notice comes right after the change
        is_new = False
        with changing(Action.PIN, user, room_name, message_id) as message:
            check_may_write(user, message.room)
            _check_pinnable(message)
            if message.pinned:
                raise Unchanged
            if pins.count(message.room) >= MAX_PINS:
                raise ChatError("too_many_pins", count=MAX_PINS)
            message.pinned, message.pinned_by = timezone.now(), user
            message.save(update_fields=["pinned", "pinned_by"])
            is_new = True
            _record("message.pinned", user, message)
        if is_new:
            post_notice(user, message.room_id, notice("message_pinned"), about=message.pk)
    return message


def unpin(user: User, room_name: str, message_id: int) -> Message:
    """Unpin a message, without a notice. Does nothing when it is not pinned.

    Raises ChatError: cannot_pin, no_such_message, no_such_room, room_archived.
    """
    _check_rights(user, room_name)
    with changing(Action.PIN, user, room_name, message_id) as message:
        if not message.pinned:
            raise Unchanged
        message.pinned = message.pinned_by = None
        message.save(update_fields=["pinned", "pinned_by"])
        _record("message.unpinned", user, message)
    return message


def _record(act: str, user: User, message: Message) -> None:
    if not message.room.is_direct:  # there it is no act of a moderator
        record(act, actor=user.pk, person=message.sender_id, room=message.room_id, message=message.pk)


def _check_rights(user: User, room_name: str) -> None:
    check(Action.PIN, user, get_visible_room(user.id, room_name))


def _check_pinnable(message: Message) -> None:
    if message.deleted:
        raise ChatError("message_deleted")
    if message.kind == MessageKind.NOTICE:
        raise ChatError("notice_not_pinnable")
    if not message.finished:
        raise ChatError("reply_unfinished")
