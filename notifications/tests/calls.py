"""What calls for somebody, and what sends it."""

from django.utils import timezone

from notifications import due
from notifications.models import PushDelivery
from notifications.push import sending
from rooms.models import Notification
from rooms.services import messages


def mention(sender, room, text="@alice lunch at noon?"):
    return messages.post(sender, room.name, text)


def send() -> None:
    due.take_due.call()
    sending.send_waiting.call()


def come_due() -> None:
    """Time has passed."""
    PushDelivery.objects.filter(due__isnull=False).update(due=timezone.now())
    Notification.objects.filter(push_after__isnull=False).update(push_after=timezone.now())
