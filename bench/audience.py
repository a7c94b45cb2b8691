"""Who hears of messages in large rooms, with the application's own code (see setup_data.py)."""

import time
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from accounts.models import User
from notifications.push.devices import Browser, register
from rooms.models import Membership, Notification, NotificationKind, Room

SECONDS = 120.0


def join(room: str, count: int) -> None:
    """Makes a public room of p0 … alone."""
    place = Room.objects.create(name=room, title=room)
    people = User.objects.filter(username__in=[f"p{number}" for number in range(count)])
    Membership.objects.bulk_create(Membership(room=place, user=user) for user in people)


def devices(first: int, browsers: list[dict]) -> None:
    """Registers one for each person from p<first> on, as its page would. browsers: PushSubscription.toJSON()"""
    ends = timezone.now() + timedelta(days=1)
    people = User.objects.filter(username__in=[f"p{first + number}" for number in range(len(browsers))])
    for user, each in zip(people, browsers, strict=True):
        register(user, Browser(each["endpoint"], **each["keys"], name="", session="bench", ends=ends))


def called(count: int, since: float) -> list[float]:
    """Waits until so many people were told of an @room after `since` (seconds since 1970).
    Returns when the first and the last of them were."""
    rows = Notification.objects.filter(kind=NotificationKind.ROOM, created__gte=datetime.fromtimestamp(since, UTC))
    deadline = time.monotonic() + SECONDS
    while (found := rows.count()) < count:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{found} of {count} were told")
        time.sleep(0.1)
    times = rows.order_by("created").values_list("created", flat=True)
    return [times[0].timestamp(), times[count - 1].timestamp()]
