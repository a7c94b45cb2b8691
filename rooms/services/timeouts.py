"""Timeouts: somebody cannot write until a time, in one room or on the whole server, and is told why.

They end by themselves: whoever asks compares `until` with the clock. Reading, deleting one's own and leaving go on.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.rights import ServerAction, may_on_server
from audit.recording import record

from ..kernel.errors import ChatError
from ..kernel.explanations import check_explanation
from ..kernel.protocol import timestamp
from ..kernel.rights import Action
from ..models import MAX_TIMEOUT_REASON, Membership, ModerationNote, Room, Timeout
from ..publishing import events
from .membership import get_visible_room
from .rights import check, is_free
from .room_notifications import notify_of_moderation

LONGEST = timedelta(days=28)


def time_out(actor: User, room_name: str, user_id: int, until: datetime, reason: str) -> Timeout:
    """Keep a member from writing in a room until a time; another time replaces the one before. Moderators only.

    Raises ChatError: cannot_time_out, direct_has_no_limits, no_such_room, not_a_member, timeout_limits,
    explanation_too_long, hidden_characters.
    """
    room = get_visible_room(actor.id, room_name)
    check(Action.TIME_OUT, actor, room)
    place = Membership.objects.filter(room=room, user_id=user_id, banned=False).select_related("user").first()
    if place is None:
        raise ChatError("not_a_member")
    if place.user.is_bot or is_free(place.user, room, place.role):
        raise ChatError("cannot_time_out")
    given = _check(until, reason)
    with transaction.atomic():
        timeout = _store(actor, user_id, room, *given)
        record("room.person_timed_out", actor=actor.pk, person=user_id, room=room.pk, until=timestamp(until))
        notify_of_moderation(user_id, room, actor, ModerationNote.TIMED_OUT)
        events.rights_changed(user_id, room.name)
    return timeout


def lift(actor: User, room_name: str, user_id: int) -> None:
    """End a timeout in a room before its time. Does nothing when there is none.

    Raises ChatError: cannot_time_out, direct_has_no_limits, no_such_room.
    """
    room = get_visible_room(actor.id, room_name)
    check(Action.TIME_OUT, actor, room)
    with transaction.atomic():
        if _end(user_id, room):
            record("room.timeout_lifted", actor=actor.pk, person=user_id, room=room.pk)
            notify_of_moderation(user_id, room, actor, ModerationNote.TIMEOUT_LIFTED)
            events.rights_changed(user_id, room.name)


def time_out_on_server(actor: User, user_id: int, until: datetime, reason: str) -> Timeout:
    """The same for every room and direct message. For staff, and not for staff.

    Raises ChatError: cannot_time_out, no_such_person, not_staff, timeout_limits, explanation_too_long,
    hidden_characters.
    """
    _check_staff(actor)
    person = User.objects.filter(pk=user_id, is_active=True).first()
    if person is None:
        raise ChatError("no_such_person")
    if person.is_bot or person.is_staff:
        raise ChatError("cannot_time_out")
    given = _check(until, reason)
    with transaction.atomic():
        timeout = _store(actor, user_id, None, *given)
        record("account.timed_out", actor=actor.pk, person=user_id, until=timestamp(until))
        events.rights_changed(user_id, None)
    return timeout


def lift_on_server(actor: User, user_id: int) -> None:
    """End it before its time. Does nothing when there is none. Raises ChatError: not_staff."""
    _check_staff(actor)
    with transaction.atomic():
        if _end(user_id, None):
            record("account.timeout_lifted", actor=actor.pk, person=user_id)
            events.rights_changed(user_id, None)


def running_in(room: Room) -> QuerySet[Timeout]:
    """Those of a room, the next to end first."""
    return Timeout.objects.running().filter(room=room).select_related("user", "actor").order_by("until")


def running_on_server(actor: User) -> QuerySet[Timeout]:
    """Those of the whole server. Raises ChatError: not_staff."""
    _check_staff(actor)
    return Timeout.objects.running().filter(room=None).select_related("user", "actor").order_by("until")


def _check_staff(actor: User) -> None:
    if not may_on_server(actor, ServerAction.TIME_OUT):
        raise ChatError("not_staff")


def _check(until: datetime, reason: str) -> tuple[datetime, str]:
    reason, left = check_explanation(reason, MAX_TIMEOUT_REASON), until - timezone.now()
    if not reason or not timedelta() < left <= LONGEST:
        raise ChatError("timeout_limits", days=LONGEST.days)
    return until, reason


def _store(actor: User, user_id: int, room: Room | None, until: datetime, reason: str) -> Timeout:
    fields = {"until": until, "reason": reason, "actor": actor, "created": timezone.now()}
    timeout, _made = Timeout.objects.update_or_create(room=room, user_id=user_id, defaults=fields)
    return timeout


def _end(user_id: int, room: Room | None) -> bool:
    """Whether one was running. Of those that have ended nobody needs the row."""
    found = Timeout.objects.filter(room=room, user_id=user_id)
    was_running = found.running().exists()
    found.delete()
    return was_running
