"""Regular work: reports that were decided long ago are deleted, and what was kept as evidence with them."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from jobs.portions import run_portions
from site_settings import current

from ..models import Report

BATCH_SIZE = 50
PAUSE = 0.05  # seconds between portions


@task(priority=-5)
def remove_old_reports() -> None:
    """Those that were decided more than REPORT_DAYS days ago. Open ones stay."""
    if current.number("REPORT_DAYS") and run_portions(_remove_some, PAUSE):
        remove_old_reports.enqueue()


def _remove_some() -> bool:
    limit = timezone.now() - timedelta(days=current.number("REPORT_DAYS"))
    old = Report.objects.filter(decided__lt=limit).order_by("decided").values_list("pk", flat=True)[:BATCH_SIZE]
    return bool(Report.objects.filter(pk__in=list(old)).delete()[0])
