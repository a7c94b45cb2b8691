"""Sends mails by jobs: no page waits for the mail server, and what it does not accept is tried again for a day."""

import logging
from datetime import timedelta
from email.utils import make_msgid

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from common.circuit_breaker import CircuitBreaker
from jobs.queue import delay_after
from site_settings import current

from ..models import User
from ..outgoing_mail import MailState, OutgoingMail, Reason, RefusedAddress
from .delivery import NotDelivered, deliver
from .links import site_host

logger = logging.getLogger(__name__)

MAX_WAITING = 10_000  # mails
KEPT = timedelta(days=1)  # after that, the links in most mails have expired
FAILED_KEPT = timedelta(days=30)
BATCH_SIZE = 500
PAUSE = 30.0  # seconds without attempts after the server failed, because each may wait until its timeout
MAX_SERVER_DELAY = timedelta(minutes=5)
AGAIN = {Reason.SERVER, Reason.LATER}

_server = CircuitBreaker(PAUSE)


class MailNotSent(Exception):
    """The mail server accepts no mail now, so that nobody should wait for one."""


def subject_prefix() -> str:
    """The subjects of all mails begin with it."""
    return f"[{current.text('SERVER_NAME')}] "


def queue(mail: EmailMessage, kind: str, user: User | None = None, asked_for=False, told=False) -> None:
    """Enqueue a mail to its one recipient. kind: a short name, for staff.

    asked_for: somebody is waiting for it, so it goes first, and even to an address that was refused before. told: the
    caller tells the person when the mail server accepts no mail; then MailNotSent is raised.
    """
    if told and is_failing():
        raise MailNotSent
    if OutgoingMail.objects.filter(state=MailState.WAITING)[:MAX_WAITING].count() >= MAX_WAITING:
        logger.warning("too many mails wait to be sent; one was dropped")
        if told:
            raise MailNotSent
        return
    # The same at each attempt: a mail that is sent twice, after a crash in between, is shown once.
    name = make_msgid("roundtable", site_host().partition(":")[0])
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": name} | dict(mail.extra_headers)
    html = next((str(text) for text, mime in getattr(mail, "alternatives", []) if mime == "text/html"), "")
    content = {"subject": str(mail.subject), "text": str(mail.body), "html": html, "headers": headers}
    with transaction.atomic():
        row = OutgoingMail.objects.create(
            kind=kind[:40], user=user, address=mail.to[0], content=content, asked_for=asked_for
        )
        send_queued.using(priority=10 if asked_for else 0).enqueue(row.pk)


@task
def send_queued(mail_id: int) -> None:
    """A job. It deletes the row once the mail server has accepted the mail."""
    row = OutgoingMail.objects.filter(pk=mail_id, state=MailState.WAITING).first()
    if row is None:
        return
    if not row.asked_for and is_refused(row.address):
        row.delete()
        return
    try:
        hand_over(_mail_of(row))
    except NotDelivered as error:
        _note(row, error)
    else:
        row.delete()


def hand_over(mail: EmailMessage) -> None:
    """Send a mail now, in a job. Remembers when the server fails or refuses the address. Raises NotDelivered."""
    address = mail.to[0]
    if is_resting():
        raise NotDelivered(Reason.SERVER)
    try:
        deliver(mail)
    except NotDelivered as error:
        logger.warning("the mail server did not take a mail: %s", error)
        if error.reason == Reason.SERVER:
            _server.trip()
        if error.reason == Reason.ADDRESS:
            RefusedAddress.objects.update_or_create(email=address, defaults={"code": error.code})
        raise
    RefusedAddress.objects.filter(email=address).delete()


def is_resting() -> bool:
    """Whether the server failed a moment ago, so that it is not asked now."""
    return _server.open


def delay_after_failure(error: NotDelivered, attempts: int) -> timedelta:
    """How long to wait before the next attempt: less while the server is away, because people are told that it is."""
    return min(delay_after(attempts), MAX_SERVER_DELAY if error.reason == Reason.SERVER else KEPT)


def is_failing() -> bool:
    """Whether mails wait because the mail server does not answer or accepts nothing from this server."""
    return OutgoingMail.objects.filter(state=MailState.WAITING, reason=Reason.SERVER).exists()


def is_refused(address: str) -> bool:
    """Whether mails are not sent there any more, because the address does not exist."""
    return refusal_of(address) is not None


def refusal_of(address: str) -> RefusedAddress | None:
    """The refusal of this address by a mail server, if there is one."""
    return RefusedAddress.objects.filter(email=address).first() if address else None


def counts() -> dict[str, int]:
    """For staff: how many mails wait, how many failed in the last 30 days, how many addresses were refused."""
    rows = OutgoingMail.objects
    return {
        "waiting": rows.filter(state=MailState.WAITING).count(),
        "failed": rows.filter(state=MailState.FAILED).count(),
        "refused_addresses": RefusedAddress.objects.count(),
    }


@task(priority=-10)
def tidy_mail() -> None:
    """A regular job: gives up mails that wait for longer than a day, and deletes failed ones after a month."""
    now = timezone.now()
    late = OutgoingMail.objects.filter(state=MailState.WAITING, created__lt=now - KEPT)
    late.update(state=MailState.FAILED, reason=Reason.TOO_OLD, content={})
    OutgoingMail.objects.filter(state=MailState.FAILED, created__lt=now - FAILED_KEPT).delete()


def note_failure(user: User, kind: str, error: NotDelivered) -> None:
    """Record the failure of a mail that has no row here, so that staff see it beside the others."""
    OutgoingMail.objects.create(
        kind=kind, user=user, address=user.email, state=MailState.FAILED, reason=error.reason, code=error.code
    )


def _note(row: OutgoingMail, error: NotDelivered) -> None:
    row.attempts, row.reason, row.code = row.attempts + 1, error.reason, error.code
    with transaction.atomic():
        if error.reason in AGAIN and timezone.now() - row.created < KEPT:
            row.save(update_fields=["attempts", "reason", "code"])
            send_queued.using(run_after=timezone.now() + delay_after_failure(error, row.attempts)).enqueue(row.pk)
        else:
            row.state, row.content = MailState.FAILED, {}
            row.save(update_fields=["attempts", "reason", "code", "state", "content"])


def _mail_of(row: OutgoingMail) -> EmailMultiAlternatives:
    content = row.content
    mail = EmailMultiAlternatives(content["subject"], content["text"], to=[row.address], headers=content["headers"])
    if content["html"]:
        mail.attach_alternative(content["html"], "text/html")
    return mail
