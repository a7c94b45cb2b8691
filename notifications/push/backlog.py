"""How many pushes wait and how many failed lately, for monitoring."""

from datetime import timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from ..models import DeliveryState, PushDelivery

LATELY = timedelta(hours=1)
ANOTHER_KEY = "another_key"  # in place of what the service answered
REFUSALS = ("401", "403", ANOTHER_KEY)  # of what this server says who it is
_FAILED = Q(state=DeliveryState.DROPPED) & ~Q(answer="")


def counts() -> dict[str, int]:
    """ "waiting": those due now; "oldest_seconds": for how long the first of them has been due; "told", "failed": those
    of the last hour; "refused": those of "failed" for which the service did not accept this server's key."""
    now = timezone.now()
    waiting = PushDelivery.objects.filter(due__lte=now).aggregate(waiting=Count("pk"), oldest=Min("due"))
    told = Q(state__in=(DeliveryState.TOLD, DeliveryState.CLOSED))
    lately = PushDelivery.objects.filter(created__gt=now - LATELY).aggregate(
        told=Count("pk", filter=told),
        failed=Count("pk", filter=_FAILED),
        refused=Count("pk", filter=_FAILED & Q(answer__in=REFUSALS)),
    )
    oldest = waiting.pop("oldest")
    return {**waiting, **lately, "oldest_seconds": int((now - oldest).total_seconds()) if oldest else 0}
