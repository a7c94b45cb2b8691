"""Publishes how many unread notifications people have, after the transaction that changes the number."""

from collections.abc import Collection
from functools import partial

from django.db import transaction
from django_tasks import task

from ..kernel.signals import notifications_ended
from ..models import Notification
from ..publishing import events
from ..queries import inbox

BATCH_SIZE = 500  # people in one transaction


def announce_ended(user_ids: Collection[int]) -> None:
    """Notifications of these people were read, withdrawn or taken out of the inbox: their devices close them, too."""
    notifications_ended.send(Notification, user_ids=user_ids)
    publish_counts(user_ids)


@task
def announce_ended_in_room(room_id: int) -> None:
    """The room was deleted or restored, so the unread notifications from it no longer count, or count again."""
    rows = Notification.objects.filter(room=room_id, done=None, read=None).order_by("user")
    after = 0
    while ids := list(rows.filter(user__gt=after).values_list("user_id", flat=True).distinct()[:BATCH_SIZE]):
        with transaction.atomic():
            announce_ended(ids)
        after = ids[-1]


def publish_counts(user_ids: Collection[int]) -> None:
    """Publish the counts after the commit, when no lock is held any more."""
    if user_ids:
        transaction.on_commit(partial(_publish, frozenset(user_ids)), robust=True)


def announce_ended_between(user_id: int, room_id: int, low: int, high: int) -> None:
    """The read position moved from one of these numbers of the room to the other, forwards or backwards."""
    rows = Notification.objects.filter(user=user_id, room=room_id, seq__gt=low, seq__lte=high, done=None, read=None)
    if rows.exists():
        announce_ended({user_id})


def _publish(user_ids: frozenset[int]) -> None:
    for user_id, unread in inbox.unread_counts(user_ids).items():
        events.to_user(user_id, "inbox", unread=unread)
