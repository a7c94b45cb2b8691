"""What a device shows goes away there when it is read elsewhere, or withdrawn. Only devices that were told hear of
it."""

from collections.abc import Collection
from typing import Any

from django.utils import timezone

from rooms.models import Notification

from ..models import DeliveryState, PushDelivery


def ended(sender: Any, user_ids: Collection[int], **_signal: Any) -> None:
    """Some notifications of these people: a job looks which (preparation.py)."""
    told = PushDelivery.objects.filter(user__in=user_ids, state=DeliveryState.TOLD, due=None)
    told.update(due=timezone.now())


def look_again(ids: Collection[int]) -> None:
    """Of what has just been sent: what was read meanwhile, when nobody was told yet."""
    told = dict(PushDelivery.objects.filter(pk__in=ids, state=DeliveryState.TOLD).values_list("pk", "notification"))
    unread = set(Notification.objects.unread().filter(pk__in=set(told.values())).values_list("pk", flat=True))
    if read := [pk for pk, notification in told.items() if notification not in unread]:
        PushDelivery.objects.filter(pk__in=read).update(due=timezone.now())
