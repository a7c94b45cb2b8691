"""Moderators delete what somebody has said in a room in the last hours: in portions, so that others can write."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task

from accounts.models import User
from audit.recording import record
from jobs.portions import run_portions

from ..kernel.errors import ChatError
from ..kernel.rights import Action
from ..models import Message, MessageKind, Room
from ..publishing import events
from .membership import get_visible_room
from .rights import check
from .room_locks import lock_room_or_none
from .sql import save_message_numbers
from .tombstones import make_tombstones

HOURS = (1, 6, 24)
BATCH_SIZE = 50  # messages in one transaction: each change is sent to everybody in the room
PAUSE = 0.05  # seconds after it


def delete_recent(actor: User, room_name: str, user_id: int, hours: int) -> int:
    """Delete the messages of the last hours, in a moment; of a bot, its replies. Returns how many there are.

    hours: one of HOURS. Raises ChatError: not_author_or_moderator, unknown_hours, no_such_room.
    """
    room = get_visible_room(actor.id, room_name)
    check(Action.DELETE_OTHERS, actor, room)
    return delete_recent_in(actor, room, user_id, hours)


def delete_recent_in(actor: User, room: Room, user_id: int, hours: int) -> int:
    """The same for a caller who has checked that the actor may. Raises ChatError: unknown_hours."""
    if hours not in HOURS:
        raise ChatError("unknown_hours", hours=", ".join(map(str, HOURS)))
    until = timezone.now()
    since = until - timedelta(hours=hours)
    with transaction.atomic():
        # Counted here: the entry is part of the decision, whenever the job comes to it.
        count = _between(room.pk, user_id, since, until).count()
        if count:
            record("room.messages_deleted", actor=actor.pk, person=user_id, room=room.pk, hours=hours, count=count)
            delete_between.enqueue(room.pk, user_id, since.isoformat(), until.isoformat())
    return count


@task
def delete_between(room_id: int, user_id: int, since: str, until: str) -> None:
    """Delete what somebody posted in a room between these times. What is deleted already stays so."""
    begin, end = datetime.fromisoformat(since), datetime.fromisoformat(until)
    if run_portions(lambda: _delete_some(room_id, user_id, begin, end), PAUSE):
        delete_between.enqueue(room_id, user_id, since, until)


@transaction.atomic
def _delete_some(room_id: int, user_id: int, since: datetime, until: datetime) -> bool:
    room = lock_room_or_none(room_id)
    found = _between(room_id, user_id, since, until).select_related("sender", "reply_to__sender")
    messages = list(found.order_by("pk")[:BATCH_SIZE])
    if room is None or not messages:
        return False
    make_tombstones(messages, room)
    for message in messages:
        message.room, message.seq = room, room.next_seq()
        events.message(message, reactions=[])
    save_message_numbers(messages)
    room.save(update_fields=["seq"])
    return True


def _between(room_id: int, user_id: int, since: datetime, until: datetime) -> QuerySet[Message]:
    said = Message.objects.filter(room=room_id, sender=user_id, created__gt=since, created__lte=until, deleted=False)
    return said.exclude(kind=MessageKind.NOTICE)
