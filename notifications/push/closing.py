"""Removes notifications from devices when they are read elsewhere or withdrawn. Only devices that show one are told."""

from collections.abc import Collection
from typing import Any

from django.utils import timezone

from rooms.models import Notification

from ..models import DeliveryState, PushDelivery


def ended(sender: Any, user_ids: Collection[int], **_signal: Any) -> None:
    """Some notifications of these people ended. A job finds out which (preparation.py)."""
    told = PushDelivery.objects.filter(user__in=user_ids, state=DeliveryState.TOLD, due=None)
    told.update(due=timezone.now())


def look_again(ids: Collection[int]) -> None:
    """Close those that were read while they were being sent: `ended` could not know that a device shows them."""
    told = PushDelivery.objects.filter(pk__in=ids, state=DeliveryState.TOLD)
    if over := {row.pk for row in told} - rightly_shown(told):
        PushDelivery.objects.filter(pk__in=over).update(due=timezone.now())


def rightly_shown(rows: Collection[PushDelivery]) -> set[int]:
    """The ids of those, shown by devices, that stay there: their person has something unread in the room, or has not
    read the notification, if it has no message."""
    if not rows:
        return set()
    calling = Notification.objects.calling().filter(user__in={row.user_id for row in rows})
    unread = set(calling.exclude(message=None).values_list("user_id", "room_id").distinct())
    alone = set(calling.filter(message=None).values_list("pk", flat=True))
    return {row.pk for row in rows if (row.user_id, row.room_id) in unread or row.notification in alone}
