"""The devices of a person. A browser registers itself while its owner is signed in, and is removed with its session."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation

from accounts.models import User
from accounts.plain_text import clean_line
from rooms.kernel.errors import ChatError

from ..models import PushDelivery, PushSubscription
from ..models.push import MAX_ENDPOINT, MAX_NAME
from .encryption import BadKeys, read_keys
from .hosts import service_of
from .preparation import TEST

REMEMBERED = timedelta(hours=1)  # how long an ended device is kept: its failed pushes are still counted
MOST = 20  # devices of a person: a new one replaces the one that was used longest ago


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser sends when it subscribes. session: the digest of its session, which expires at `ends`."""

    endpoint: str
    p256dh: str
    auth: str
    name: str
    session: str
    ends: datetime


def devices_of(user_id: int) -> QuerySet[PushSubscription]:
    """The one that was used last comes first."""
    mine = PushSubscription.objects.filter(user=user_id, ends__gt=timezone.now())
    return mine.order_by(F("last_used").desc(nulls_last=True), "-created")


def register(user: User, browser: Browser) -> PushSubscription:
    """Add a device, or update it when the browser is known. It then belongs to whoever is signed in there.

    Raises ChatError: push_service_unknown, push_keys_invalid.
    """
    if len(browser.endpoint) > MAX_ENDPOINT or service_of(browser.endpoint) is None:
        raise ChatError("push_service_unknown")
    try:
        read_keys(browser.p256dh, browser.auth)
    except BadKeys:
        raise ChatError("push_keys_invalid") from None
    digest = hashlib.sha256(browser.endpoint.encode()).hexdigest()
    values: dict[str, Any] = {
        "user": user,
        "endpoint": browser.endpoint,
        "p256dh": browser.p256dh,
        "auth": browser.auth,
        "name": clean_line(browser.name)[:MAX_NAME],
        "language": translation.get_language() or "",
        "session": browser.session,
        "ends": browser.ends,
    }
    known = PushSubscription.objects.filter(digest=digest, user=user).exists()
    with transaction.atomic():
        device = _save(digest, values if known else {**values, "created": timezone.now(), "last_used": None})
        PushDelivery.objects.filter(subscription=device).exclude(user=user).delete()  # sent to who had it before
        surplus = devices_of(user.pk).exclude(pk=device.pk)[MOST - 1 :]
        forget(PushSubscription.objects.filter(pk__in=[each.pk for each in surplus]))
    return device


def _save(digest: str, values: dict[str, Any]) -> PushSubscription:
    """By one statement: two tabs of a browser register at the same moment. Then the row is locked."""
    row = PushSubscription(digest=digest, **values)
    PushSubscription.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["digest"], update_fields=list(values)
    )
    return PushSubscription.objects.get(digest=digest)


def remove(user: User, device_id: int) -> None:
    """Raises ChatError: no_such_device."""
    if not forget(PushSubscription.objects.filter(user=user, pk=device_id)):
        raise ChatError("no_such_device")


def forget(devices: QuerySet[PushSubscription]) -> int:
    """Delete these, with what is sent to them: nothing is added to it meanwhile. Returns how many there were."""
    with transaction.atomic():
        ids = list(devices.order_by("pk").select_for_update().values_list("pk", flat=True))
        PushSubscription.objects.filter(pk__in=ids).delete()
    return len(ids)


def send_test(user: User, device_id: int) -> None:
    """Show a test notification, sent by a job. Raises ChatError: no_such_device."""
    with transaction.atomic():
        device = devices_of(user.pk).select_for_update(no_key=True).filter(pk=device_id).first()
        if device is None:
            raise ChatError("no_such_device")
        now = timezone.now()
        PushDelivery.objects.filter(subscription=device, notification=TEST).delete()
        about = {"notification": TEST, "seq": int(now.timestamp() * 1000), "created": now, "due": now}
        PushDelivery.objects.create(subscription=device, user=user, **about)


def access_ended(sender: Any, user_id: int, digest: str | None, **_signal: Any) -> None:
    """Remove the device of one session, or all of a person. Browsers that stay signed in register again."""
    mine = PushSubscription.objects.filter(user=user_id)
    forget(mine if digest is None else mine.filter(session=digest))


def push_sessions(sender: Any, user: User, **_signal: Any) -> set[str]:
    """The sessions of a person whose browsers show pushes."""
    return set(devices_of(user.pk).values_list("session", flat=True))


def remove_ended() -> None:
    """Remove devices that ended a while ago: their sessions expired, or they were bound to another key."""
    forget(PushSubscription.objects.filter(ends__lt=timezone.now() - REMEMBERED))
