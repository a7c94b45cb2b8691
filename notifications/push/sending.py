"""Sends the pushes that wait. Each is a row with the time at which it is due, so that another job can continue.

One job sends many: each push waits for a distant server, and a worker runs only two jobs at once. A job leases its rows
for LEASE, and writes each outcome as soon as it is known. A push is sent twice only when the process is killed between
the service's answer and that write; it then has the same id and topic, so the device shows it once.
"""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from common.outages import Outages
from jobs.portions import run_portions

from ..models import DeliveryState, PushDelivery, PushSubscription
from . import closing, devices, keys, preparation, transport
from .backlog import ANOTHER_KEY

logger = logging.getLogger(__name__)
_outages = Outages(__name__)

ROUND = 100  # rows that a job leases at once
LEASE = timedelta(seconds=90)  # longer than a round lasts: five turns of ten seconds
MAX_ATTEMPTS = 7  # the last is an hour after the first, when it is no longer news
FIRST_DELAY, DELAY_FACTOR, MAX_DELAY = 10.0, 3, 3600.0  # seconds
TAKEN = range(200, 300)
GONE = (404, 410)  # the subscription has ended
BUSY = (0, 429)  # no answer, too many requests; also 500 to 599


def is_any_due() -> bool:
    """Whether `send_waiting` has anything to do; one look at an index."""
    return PushDelivery.objects.filter(due__lte=timezone.now()).exists()


@task(priority=10)
def send_waiting() -> None:
    """A job. It ends when nothing waits, or when other jobs should have a turn."""
    run_portions(_send_round, 0)


def _send_round() -> bool:
    """Returns whether there was anything."""
    rows = _claim()
    if not rows:
        return False
    prepared = preparation.prepare(rows)
    _settle({row.pk for row in rows} - prepared.rows, DeliveryState.DROPPED)
    _settle(prepared.kept, DeliveryState.TOLD)
    outgoing = {each.request.number: each for each in prepared.outgoing}
    for request, answer in transport.send([each.request for each in prepared.outgoing]):
        _record(outgoing[request.number], answer)
    closing.look_again([row.pk for row in rows])
    return True


def _claim() -> list[PushDelivery]:
    now = timezone.now()
    with transaction.atomic():
        due = PushDelivery.objects.select_for_update(skip_locked=True).filter(due__lte=now).order_by("due")
        ids = list(due.values_list("pk", flat=True)[:ROUND])
        PushDelivery.objects.filter(pk__in=ids).update(due=now + LEASE, attempts=F("attempts") + 1)
    return list(PushDelivery.objects.filter(pk__in=ids).select_related("subscription", "user", "room").order_by("pk"))


def _settle(ids: Iterable[int], state: str) -> None:
    if ids := list(ids):
        PushDelivery.objects.filter(pk__in=ids).update(state=state, due=None)


def _record(sent: preparation.Outgoing, answer: transport.Answer) -> None:
    """Save the outcome, or when to try again."""
    row, now = sent.row, timezone.now()
    mine = PushDelivery.objects.filter(pk__in=sent.ids)
    other_key = keys.is_of_another(answer.status, answer.body)  # about this device alone
    _outages.note({sent.host: "" if answer.status in TAKEN or other_key else answer.code})
    if answer.status in TAKEN:
        mine.update(state=sent.state, due=None, attempts=0, answer=answer.code)
        PushSubscription.objects.filter(pk=row.subscription_id).update(last_used=now)
    elif answer.status in GONE:
        devices.forget(PushSubscription.objects.filter(pk=row.subscription_id))
    elif other_key:
        logger.warning("device %d subscribed with another key than this server's: it is ended", row.subscription_id)
        PushSubscription.objects.filter(pk=row.subscription_id).update(ends=now)
        mine.update(state=DeliveryState.DROPPED, due=None, answer=ANOTHER_KEY)
    elif row.attempts < MAX_ATTEMPTS and (answer.status in BUSY or answer.status >= 500):
        again = now + timedelta(seconds=max(delay_after(row.attempts), min(answer.again_after or 0, MAX_DELAY)))
        mine.update(answer=answer.code, due=again)
        PushDelivery.objects.filter(subscription=row.subscription_id, due__lt=again).update(due=again)
    else:
        mine.update(state=DeliveryState.DROPPED, due=None, answer=answer.code)


def delay_after(attempts: int) -> float:
    """Seconds."""
    return float(min(MAX_DELAY, FIRST_DELAY * DELAY_FACTOR ** (attempts - 1)))
