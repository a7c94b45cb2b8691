"""What staff do so that the server keeps running. Each act is in the audit log, in the same transaction."""

from django.db import transaction

from accounts.mail import check_job
from accounts.models import RefusedAddress, User
from accounts.rights import ServerAction, may_on_server
from audit.recording import record
from backups import lease, regular
from jobs import queue
from jobs.models import FAILED, Job
from rooms.kernel.errors import ChatError

MAX_AGAIN = 200  # jobs that are run again at once
_FAILED = Job.objects.filter(state=FAILED).order_by("-finished")


def run_jobs_again(actor: User, job_id: int | None) -> int:
    """Run a failed job again, or with None the newest MAX_AGAIN failed jobs. Returns how many.

    Raises ChatError: not_staff.
    """
    _check(actor)
    with transaction.atomic():
        failed = _FAILED.select_for_update()
        rows = list(failed.filter(pk=job_id) if job_id is not None else failed[:MAX_AGAIN])
        if rows:
            record("server.jobs_run_again", actor=actor.pk, count=len(rows))
        return queue.run_again(rows)


def remove_job(actor: User, job_id: int) -> bool:
    """Delete a failed job. False: there is none. Raises ChatError: not_staff."""
    _check(actor)
    with transaction.atomic():
        job = _FAILED.select_for_update().filter(pk=job_id).first()
        if job is None:
            return False
        record("server.job_removed", actor=actor.pk, task=job.task)
        job.delete()
    return True


def begin_backup(actor: User) -> bool:
    """Enqueue a backup. False: one is being made, or was a moment ago. Raises ChatError: not_staff."""
    _check(actor)
    if lease.is_running() or regular.is_fresh():
        return False
    with transaction.atomic():
        record("server.backup_begun", actor=actor.pk)
        regular.back_up_now.enqueue()
    return True


def check_mail(actor: User) -> None:
    """Check the mail server step by step, in a job. Raises ChatError: not_staff."""
    _check(actor)
    with transaction.atomic():
        record("server.mail_checked", actor=actor.pk)
        check_job.start(actor)


def allow_address(actor: User, refused_id: int) -> bool:
    """Allow mails to a refused address again. False: it is not refused. Raises ChatError: not_staff."""
    _check(actor)
    with transaction.atomic():
        count, _rows = RefusedAddress.objects.filter(pk=refused_id).delete()
        if count:
            record("server.address_allowed", actor=actor.pk)
    return bool(count)


def _check(actor: User) -> None:
    if not may_on_server(actor, ServerAction.RUN_SERVER):
        raise ChatError("not_staff")
