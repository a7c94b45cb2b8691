"""Tells many people of a message: all who want to hear everything of its room.

Few are told in the message's own transaction. For more there is a job, enqueued there: a post waits for nobody, and
rights and levels are those of the moment at which each is told.
"""

from collections.abc import Iterable

from django.db import transaction
from django_tasks import task

from ..models import Level, Membership, Message, NotificationKind
from . import notifications
from .notification_sql import insert_for_places

FEW = 50  # people who are told at once
BATCH_SIZE = 500  # in one transaction of a job


def tell(messages: Iterable[Message]) -> None:
    """Of these new messages, in rooms in which somebody hears everything."""
    for message in messages:
        places = _places(message.room_id, 0, FEW + 1)
        if len(places) > FEW:
            tell_in_batches.enqueue(message.pk)
        else:
            _tell(message, places)


@task
def tell_in_batches(message_id: int) -> None:
    """Each batch by itself. Nothing is locked: a message that is deleted meanwhile takes back what was told of it, and
    what is told in the same moment is taken back here."""
    message, after = Message.objects.filter(pk=message_id, deleted=False).first(), 0
    while message and (places := _places(message.room_id, after, BATCH_SIZE)):
        after = places[-1]
        with transaction.atomic():
            _tell(message, places)
        message = Message.objects.filter(pk=message_id, deleted=False).first()
    if message is None:
        notifications.withdraw_of(message_id)


def _places(room_id: int, after: int, limit: int) -> list[int]:
    heard = Membership.objects.filter(room=room_id, hears_all=True, banned=False, pk__gt=after)
    return list(heard.order_by("pk").values_list("pk", flat=True)[:limit])


def _tell(message: Message, places: list[int]) -> None:
    kind = NotificationKind.MESSAGE.value
    notifications.tell_later(insert_for_places(message, kind, Level.ALL.value, places))
