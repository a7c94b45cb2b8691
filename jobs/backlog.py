"""How many jobs wait, for staff and for monitoring."""

from datetime import timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from .models import FAILED, READY, RUNNING, Job

BEHIND_AFTER = timedelta(minutes=10)  # that a job has been due


def counts() -> dict[str, int]:
    """ "waiting" (due now), "later", "running", "failed", "oldest_seconds" (how long the first has been due)."""
    now = timezone.now()
    due = Q(state=READY, run_after__lte=now)
    found = Job.objects.filter(state__in=(READY, RUNNING, FAILED)).aggregate(
        waiting=Count("pk", filter=due),
        later=Count("pk", filter=Q(state=READY, run_after__gt=now)),
        running=Count("pk", filter=Q(state=RUNNING)),
        failed=Count("pk", filter=Q(state=FAILED)),
        oldest=Min("run_after", filter=due),
    )
    oldest = found.pop("oldest")
    return {**found, "oldest_seconds": int((now - oldest).total_seconds()) if oldest else 0}


def is_behind() -> bool:
    """Whether no worker runs, or too few: a job has been due for longer than BEHIND_AFTER."""
    return Job.objects.filter(state=READY, run_after__lt=timezone.now() - BEHIND_AFTER).exists()
