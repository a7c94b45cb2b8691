"""Sends digests: mails about what a person missed, written when they are sent from what is still unread."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks import task

from accounts.mail import sending
from accounts.mail.confirmation import reachable
from accounts.mail.delivery import NotDelivered
from accounts.models import User
from accounts.outgoing_mail import Reason
from jobs.portions import run_portions
from site_settings import current

from ..models import Digest, DigestState
from .rendering import as_reader, render_mail
from .summaries import collect_with_summaries

DAY = timedelta(days=1)
KEPT = timedelta(days=30)
LONGEST = timedelta(minutes=15)  # that an attempt lasts: one that is older has ended with its process
LOOK_AGAIN = timedelta(seconds=30)  # after the person was just getting another mail
BATCH_SIZE, PAUSE = 100, 0.03  # digests in one transaction, and seconds after it


def recipients(user_ids: Collection[int]) -> QuerySet[User]:
    """Those of them who can get mail: active people with a confirmed address that no mail server has refused."""
    if not settings.EMAIL_HOST:
        return User.objects.none()
    return reachable(User.objects.filter(pk__in=user_ids, is_active=True, is_bot=False))


@task
def send_digest(digest_id: int) -> None:
    """A job, which may run twice: the second mail then has the same Message-ID, so that programs show it once."""
    digest = Digest.objects.filter(pk=digest_id, state=DigestState.WAITING).first()
    if digest is None:
        return
    user = recipients({digest.user_id}).first()
    if user and sending.is_resting():  # nothing is begun, so what becomes due meanwhile goes into this mail
        _try_again(digest, NotDelivered(Reason.SERVER), _wait_for_server(digest))
        return
    if user and (later := _begin(digest, user)):
        send_digest.using(run_after=later).enqueue(digest.pk)
        return
    mail = _write(user, digest) if user else None
    if mail is None:
        digest.delete()
        return
    try:
        sending.hand_over(mail)
    except NotDelivered as error:
        _try_again(digest, error, sending.delay_after_failure(error, digest.attempts + 1))
    else:
        _end(digest, DigestState.SENT)


@task(priority=-10)
def tidy_digests() -> None:
    """A regular job: deletes digests so old that no notification of theirs is mailed any more."""
    run_portions(_delete_some, PAUSE)


def _delete_some() -> bool:
    old = Digest.objects.filter(created__lt=timezone.now() - KEPT).values_list("pk", flat=True)[:BATCH_SIZE]
    return bool(Digest.objects.filter(pk__in=list(old)).delete()[0])


def _write(user: User, digest: Digest) -> EmailMessage | None:
    """None when nothing in it is unread any more."""
    with as_reader(user):
        parts = collect_with_summaries(user, digest)
        return render_mail(user, digest, parts) if parts else None


def _begin(digest: Digest, user: User) -> datetime | None:
    """Begin to send it, unless this person is just getting another one, or has had enough of them. Then: when to look
    again. Later notifications go into the next digest."""
    now = timezone.now()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()
        if free := _free_again(user):
            return free
        others = Digest.objects.filter(user=user, state=DigestState.WAITING).exclude(pk=digest.pk)
        if others.filter(sending_since__gt=now - LONGEST).exists():
            return now + LOOK_AGAIN
        Digest.objects.filter(pk=digest.pk).update(attempts=F("attempts") + 1, sending_since=now)
    return None


def _free_again(user: User) -> datetime | None:
    """When this person may get another mail; None: now."""
    sent = Digest.objects.filter(user=user, state=DigestState.SENT, ended__gt=timezone.now() - DAY)
    latest = list(sent.order_by("-ended").values_list("ended", flat=True)[: current.number("MAILS_PER_DAY")])
    first = latest[-1] if len(latest) == current.number("MAILS_PER_DAY") else None
    return first and first + DAY


def _wait_for_server(digest: Digest) -> timedelta:
    """Longer the longer the mail has waited, like the time between attempts: there may be thousands."""
    waited = (timezone.now() - digest.created) / 2
    return min(max(waited, timedelta(seconds=sending.PAUSE)), sending.MAX_SERVER_DELAY)


def _try_again(digest: Digest, error: NotDelivered, delay: timedelta) -> None:
    if error.reason in sending.AGAIN and timezone.now() - digest.created < DAY + sending.KEPT:
        Digest.objects.filter(pk=digest.pk).update(sending_since=None)
        send_digest.using(run_after=timezone.now() + delay).enqueue(digest.pk)
    else:
        sending.note_failure(digest.user, "digest", error)
        _end(digest, DigestState.FAILED)


def _end(digest: Digest, state: DigestState) -> None:
    Digest.objects.filter(pk=digest.pk).update(state=state, ended=timezone.now())
