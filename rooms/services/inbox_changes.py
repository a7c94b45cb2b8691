"""What people do with the notifications in their inbox: open them, mark them as done, and bring them back."""

from datetime import datetime

from django.utils import timezone

from accounts.models import User

from ..kernel.errors import ChatError
from ..models import Notification, NotificationQuerySet
from ..queries import inbox
from .notification_counts import announce_ended, publish_counts


def mark_opened(user: User, notification_id: int) -> None:
    """Mark a notification as read, because its owner followed it to the message.

    Raises ChatError: no_such_notification.
    """
    mine = _get(user, notification_id)
    inbox.same_line(mine).filter(read=None).update(read=timezone.now())
    announce_ended({user.pk})


def mark_done(user: User, notification_id: int) -> datetime:
    """Take a notification out of the inbox, unless that was done before.

    Returns when it was done, which `restore` needs.

    Raises ChatError: no_such_notification.
    """
    mine = _get(user, notification_id)
    return mine.done or _finish(user, inbox.same_line(mine))


def mark_all_done(user: User, kind: str = "") -> datetime:
    """Take out everything that the inbox shows. kind: only what this filter of `inbox.FILTERS` shows."""
    return _finish(user, inbox.open_of(user.pk, kind))


def restore(user: User, done: datetime) -> None:
    """Put back what was taken out of the inbox at this time."""
    Notification.objects.filter(user=user, done=done).update(done=None)
    publish_counts({user.pk})


def _get(user: User, notification_id: int) -> Notification:
    mine = Notification.objects.visible().filter(user=user, pk=notification_id).first()
    if mine is None:
        raise ChatError("no_such_notification")
    return mine


def _finish(user: User, rows: NotificationQuerySet) -> datetime:
    now = timezone.now()
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)  # as it goes over the wire
    rows.filter(done=None).update(done=now)
    announce_ended({user.pk})
    return now
