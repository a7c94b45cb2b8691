"""Puts notifications that have been unread for long enough into the next digest of their owner."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone
from django_tasks import task

from accounts.models import User
from jobs.portions import Pace
from rooms.models import Notification

from ..models import Digest, DigestItem, DigestState
from .digests import recipients, send_digest

BATCH_SIZE = 20  # people in one transaction, at most
MOST = 2000  # notifications in one transaction


def is_any_mail_due() -> bool:
    """Whether `take_due_mails` has anything to do; one look at an index."""
    return Notification.objects.filter(mail_after__lte=timezone.now()).exists()


@task
def take_due_mails() -> None:
    """A regular job. Portion by portion, with a pause between them, so that posts come in between."""
    Pace(BATCH_SIZE, least=5).run(_take_batch)


def _take_batch(pace: Pace) -> bool:
    """Of people who have one that is due, all that wait are taken: one mail instead of another a minute later.

    No other worker takes any of theirs meanwhile, or it would make another mail of them.
    """
    due = Notification.objects.filter(mail_after__lte=timezone.now()).order_by("mail_after")
    people = set(due.values_list("user_id", flat=True)[: pace.size])
    with pace.transaction():
        mine = User.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=people).order_by("pk")
        waiting = Notification.objects.filter(
            user__in=list(mine.values_list("pk", flat=True)), mail_after__isnull=False
        )
        rows = list(waiting.select_for_update(skip_locked=True).values_list("pk", "user_id")[:MOST])
        Notification.objects.filter(pk__in=[pk for pk, _user in rows]).update(mail_after=None)
        theirs: dict[int, list[int]] = defaultdict(list)
        for pk, user_id in rows:
            theirs[user_id].append(pk)
        for user in recipients(theirs.keys()):
            _add(user.pk, theirs[user.pk])
    return bool(rows)


def _add(user_id: int, notification_ids: Iterable[int]) -> None:
    """To the digest that waits already, if there is one whose sending has not begun."""
    open_one = Digest.objects.select_for_update().filter(user=user_id, state=DigestState.WAITING, attempts=0).first()
    digest = open_one or Digest.objects.create(user_id=user_id)
    items = [DigestItem(notification_id=pk, digest=digest) for pk in notification_ids]
    DigestItem.objects.bulk_create(items, ignore_conflicts=True)
    if open_one is None:
        send_digest.enqueue(digest.pk)
