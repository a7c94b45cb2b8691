"""The queue of jobs: rows that a worker claims with a lease, tries again after a failure, and gives up in the end.

When a worker dies, its leases expire and its jobs run again. So each job may run twice, and must allow for that.
"""

import hashlib
import json
import os
import traceback
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import Task

from .models import FAILED, READY, RUNNING, SUCCESSFUL, Job

MAX_ATTEMPTS = 8  # the last one two hours after the first
FIRST_DELAY, DELAY_FACTOR, MAX_DELAY = 10.0, 3, 3600.0  # seconds before another attempt
LEASE = timedelta(seconds=45)
UNKNOWN_DELAY = timedelta(seconds=30)  # for a job of a newer version, whose worker will take it
UNKNOWN_KEPT = timedelta(days=1)
DONE_KEPT, FAILED_KEPT = timedelta(days=1), timedelta(days=30)
BATCH_SIZE = 500
_ROOT = os.path.dirname(os.path.dirname(__file__)) + os.sep


# Written by hand, since messages wait for it: the ORM takes five statements.
_PUT = f"""
    INSERT INTO jobs_job
        (task, arguments, digest, priority, run_after, created, state, attempts, worker, error, "where")
    VALUES (%s, %s, %s, %s, %s, %s, '{READY}', 0, '', '', '')
    ON CONFLICT (digest) WHERE state = '{READY}' DO UPDATE SET
        priority = {{most}}(jobs_job.priority, excluded.priority),
        run_after = {{least}}(jobs_job.run_after, excluded.run_after)
    RETURNING id"""


class UnknownTask(Exception):
    """The job names a function that this version does not have."""


def put(path: str, arguments: dict[str, Any], priority: int, run_after: datetime) -> Job:
    """Enqueue a job. path, arguments: as in `Job`.

    If the same job waits already, that one is returned, locked, so that it does not run before this transaction ends.
    """
    digest = hashlib.sha256(json.dumps([path, arguments], sort_keys=True).encode()).hexdigest()
    row = Job(task=path, arguments=arguments, digest=digest, priority=priority, run_after=run_after)
    times = [connection.ops.adapt_datetimefield_value(each) for each in (row.run_after, row.created)]
    most, least = ("GREATEST", "LEAST") if connection.vendor == "postgresql" else ("MAX", "MIN")
    with connection.cursor() as cursor:
        values = [path, json.dumps(arguments), digest, priority, *times]
        cursor.execute(_PUT.format(most=most, least=least), values)
        (row.pk,) = cursor.fetchone()
    row._state.adding = False
    return row


def task_of(row: Job) -> Task:
    """The function that a job calls. Raises UnknownTask."""
    try:
        found = import_string(row.task)
    except ImportError as error:
        raise UnknownTask(row.task) from error
    if not isinstance(found, Task):  # rows name functions, and not every function may be called
        raise UnknownTask(row.task)
    return found


def claim(worker: str, limit: int) -> list[Job]:
    """Lease up to `limit` jobs that are due, or whose worker has died. Writes nothing when there are none.

    worker: its name, which ends with its token. Leases end by the database's clock: a host whose own clock is fast
    would take over running jobs of other workers.
    """
    due = Q(state=READY, run_after__lte=timezone.now()) | Q(state=RUNNING, lease_until__lt=Now())
    if not Job.objects.filter(due).exists():
        return []
    with transaction.atomic():
        rows = Job.objects.select_for_update(skip_locked=True).filter(due).order_by("-priority", "run_after")
        ids = [row.pk for row in rows[:limit]]
        taken = {"state": RUNNING, "worker": worker, "started": Now(), "lease_until": Now() + LEASE}
        Job.objects.filter(pk__in=ids).update(attempts=F("attempts") + 1, **taken)
    return list(Job.objects.filter(pk__in=ids).order_by("-priority", "run_after"))


def renew(worker: str, ids: list[int]) -> int:
    """Extend the leases of jobs that this worker runs. Returns how many it still holds."""
    return Job.objects.filter(pk__in=ids, worker=worker, state=RUNNING).update(lease_until=Now() + LEASE)


def expire(token: str) -> int:
    """End the leases of a worker that is known to be dead. token: the end of its name. Returns how many."""
    held = Job.objects.filter(state=RUNNING, worker__endswith=f":{token}")
    return held.update(lease_until=Now() - timedelta(seconds=1))


def succeed(job: Job) -> None:
    """Save that it has finished."""
    _end(job, state=SUCCESSFUL, finished=timezone.now(), error="", where="")


def fail(job: Job, error: BaseException) -> bool:
    """Try again later, or give it up. Returns whether it was given up."""
    about = {"error": f"{type(error).__module__}.{type(error).__qualname__}"[:200], "where": _where(error)}
    if isinstance(error, UnknownTask) and timezone.now() - job.created < UNKNOWN_KEPT:
        _wait(job, timezone.now() + UNKNOWN_DELAY, attempts=job.attempts - 1, **about)
        return False
    if job.attempts >= MAX_ATTEMPTS or isinstance(error, UnknownTask):
        _end(job, state=FAILED, finished=timezone.now(), **about)
        return True
    _wait(job, timezone.now() + delay_after(job.attempts), **about)
    return False


def delay_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts."""
    return timedelta(seconds=min(MAX_DELAY, FIRST_DELAY * DELAY_FACTOR ** (attempts - 1)))


def give_back(jobs: list[Job]) -> None:
    """Release the jobs that a stopping worker cannot finish, so that another can begin them at once."""
    for job in jobs:
        _wait(job, timezone.now(), attempts=job.attempts - 1)


def run_again(jobs: list[Job]) -> int:
    """Enqueue the failed ones of these jobs again, with all their attempts. Returns how many."""
    failed = [job for job in jobs if job.state == FAILED]
    for job in failed:
        with transaction.atomic():
            put(job.task, job.arguments, job.priority, timezone.now())
            job.delete()
    return len(failed)


def prune() -> int:
    """Delete at most BATCH_SIZE jobs that ended long ago. Returns how many; 0 when there are no more."""
    now = timezone.now()
    old = Q(state=SUCCESSFUL, finished__lt=now - DONE_KEPT) | Q(state=FAILED, finished__lt=now - FAILED_KEPT)
    ids = list(Job.objects.filter(old).values_list("pk", flat=True)[:BATCH_SIZE])
    return Job.objects.filter(pk__in=ids).delete()[0] if ids else 0


def _end(job: Job, **values: Any) -> None:
    _mine(job).update(lease_until=None, **values)


def _wait(job: Job, until: datetime, **values: Any) -> None:
    with transaction.atomic():
        if Job.objects.select_for_update().filter(digest=job.digest, state=READY).exists():
            _mine(job).delete()  # the same job was enqueued meanwhile, and serves for both
        else:
            _mine(job).update(state=READY, run_after=until, lease_until=None, worker="", **values)


def _mine(job: Job) -> Any:
    """Matches no row when the lease expired and another worker has the job."""
    return Job.objects.filter(pk=job.pk, state=RUNNING, worker=job.worker, attempts=job.attempts)


def _where(error: BaseException) -> str:
    """The lines of code where it failed, without the message and values, which may be private."""
    frames = traceback.extract_tb(error.__traceback__)[-20:]
    return "\n".join(f"{frame.filename.removeprefix(_ROOT)}:{frame.lineno} {frame.name}" for frame in frames)
