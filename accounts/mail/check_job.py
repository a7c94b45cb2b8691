"""The check of the mail server that staff start in the admin. A job runs it, because jobs send mails, too."""

from django.core.cache import cache
from django.utils import timezone, translation
from django_tasks import task

from ..models import User
from . import checking

_KEY = "mail-check:2"  # 1 had sentences
KEPT = 24 * 3600  # seconds
LASTS = 120  # seconds after which a check that has not ended counts as lost


def start(user: User) -> None:
    """Start a check. The test mail goes to the person's own address, if they have one."""
    report = {"started": timezone.now(), "running": True, "address": user.email, "steps": []}
    cache.set(_KEY, report, KEPT)
    run_check.using(priority=20).enqueue(user.pk, translation.get_language() or "en")


def get_report() -> dict | None:
    """The last check: "started" (a datetime), "running", "address", "steps" (each a `Step`), and
    while it runs "lost"."""
    report = cache.get(_KEY)
    if report and report["running"]:
        report["lost"] = (timezone.now() - report["started"]).total_seconds() > LASTS
    return report and report | {"steps": [checking.Step(**each) for each in report["steps"]]}


@task
def run_check(user_id: int, language: str) -> None:
    """A job. The page reads the steps from the cache while they are added. language: of whoever asked."""
    address = User.objects.filter(pk=user_id).values_list("email", flat=True).first() or ""
    steps: list[dict] = []
    report = {"started": timezone.now(), "running": True, "address": address, "steps": steps}
    with translation.override(language):
        for step in checking.check(address):
            steps.append(step.as_dict())
            cache.set(_KEY, report, KEPT)
    cache.set(_KEY, report | {"running": False}, KEPT)
