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
    told = dict(PushDelivery.objects.filter(pk__in=ids, state=DeliveryState.TOLD).values_list("pk", "notification"))
    calling = set(Notification.objects.calling().filter(pk__in=set(told.values())).values_list("pk", flat=True))
    if over := [pk for pk, notification in told.items() if notification not in calling]:
        PushDelivery.objects.filter(pk__in=over).update(due=timezone.now())
