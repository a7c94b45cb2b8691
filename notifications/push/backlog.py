"""How many pushes wait and how many failed lately, for monitoring."""

from datetime import timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from ..models import DeliveryState, PushDelivery

LATELY = timedelta(hours=1)
_FAILED = Q(state=DeliveryState.DROPPED) & ~Q(answer="")


def counts() -> dict[str, int]:
    """ "waiting": those due now; "oldest_seconds": for how long the first of them has been due; "told", "failed": those
    of the last hour."""
    now = timezone.now()
    waiting = PushDelivery.objects.filter(due__lte=now).aggregate(waiting=Count("pk"), oldest=Min("due"))
    told = Q(state__in=(DeliveryState.TOLD, DeliveryState.CLOSED))
    lately = PushDelivery.objects.filter(created__gt=now - LATELY).aggregate(
        told=Count("pk", filter=told), failed=Count("pk", filter=_FAILED)
    )
    oldest = waiting.pop("oldest")
    return {**waiting, **lately, "oldest_seconds": int((now - oldest).total_seconds()) if oldest else 0}
