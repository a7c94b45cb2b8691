"""Removes devices whose sessions have expired, and pushes that were sent long ago."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from jobs.portions import run_portions

from ..models import PushDelivery
from . import devices

KEPT = timedelta(days=7)
BATCH = 500  # rows in one transaction
PAUSE = 0.1  # seconds


@task(priority=-10)
def remove_old_pushes() -> None:
    """A regular job, which enqueues itself again when it has not finished in its turn."""
    devices.remove_ended()
    if run_portions(_remove_some, PAUSE):
        remove_old_pushes.enqueue()


def _remove_some() -> bool:
    old = PushDelivery.objects.filter(created__lt=timezone.now() - KEPT).values_list("pk", flat=True)[:BATCH]
    return bool(PushDelivery.objects.filter(pk__in=list(old)).delete()[0])
