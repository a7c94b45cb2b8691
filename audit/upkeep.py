"""Regular work: seals entries left unsealed, removes old ones, and writes the end of the chain to the server's log."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from jobs.portions import run_portions

from .chain import BATCH_SIZE, head, seal_batch
from .models import Entry, Seal
from .recording import record

logger = logging.getLogger(__name__)

PAUSE = 0.1  # seconds between portions


@task(priority=-5)
def keep_audit_log() -> None:
    """Seal entries that dead processes left unsealed, and remove those older than AUDIT_DAYS.

    The server's log is kept apart from the database: with its line about the end of the chain, `checkaudit --expect`
    detects whether the newest entries were removed.
    """
    more = [portion for portion in (seal_batch, expire_batch) if run_portions(portion, PAUSE)]
    logger.info("audit log: the chain ends at %s:%s", *head())
    if more:
        keep_audit_log.enqueue()


def expire_batch() -> bool:
    """Remove some entries that are too old, from the beginning of the chain. The seal of the last one stays, since the
    next is checked against it. Returns whether there may be more."""
    if not settings.AUDIT_DAYS:
        return False
    limit = timezone.now() - timedelta(days=settings.AUDIT_DAYS)
    with transaction.atomic():
        seals = list(Seal.objects.order_by("position")[: BATCH_SIZE + 1])
        made = dict(Entry.objects.filter(pk__in=[each.entry for each in seals]).values_list("pk", "made"))
        old: list[Seal] = []
        for each in seals:
            # Only the first may lack its entry: it is where the last removal ended. `checkaudit` is to find other gaps.
            if made.get(each.entry, limit) >= limit and (old or each.entry in made):
                break
            old.append(each)
        gone = Entry.objects.filter(pk__in=[each.entry for each in old]).delete()[0]
        if not gone:
            return False
        Seal.objects.filter(position__lt=old[-1].position).delete()
        record("log.expired", actor=None, position=old[-1].position)
    return len(old) > BATCH_SIZE
