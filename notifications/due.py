"""What is to be told by push has become due: for whom, and to which devices?

Whoever reads in time has read it by now: a page that shows the room marks it read, on whichever device, so there is no
push to a device at which somebody looks. What is due for the same room is one push, of the newest.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min
from django.utils import timezone
from django_tasks import task

from jobs.portions import run_portions
from rooms.models import Notification, RoomKind

from .models import DeliverySettings, PushDelivery, PushSubscription
from .quiet import FOREVER, quiet_until
from .wanted import still_wanted

BATCH, PAUSE = 100, 0.03  # rows in one transaction, and seconds after it
WINDOW = timedelta(hours=1)  # in which a person gets settings.PUSH_PER_HOUR


def is_any_due() -> bool:
    return Notification.objects.filter(push_after__lte=timezone.now()).exists()


@task(priority=10)
def take_due() -> None:
    """A storm goes out in portions, each of which posts need not wait for."""
    run_portions(_take_some, PAUSE)


def _take_some() -> bool:
    """Returns whether there may be more."""
    now = timezone.now()
    with transaction.atomic():
        rows = Notification.objects.select_for_update(skip_locked=True).filter(push_after__lte=now)
        ids = list(rows.order_by("push_after").values_list("pk", flat=True)[:BATCH])
        Notification.objects.filter(pk__in=ids).update(push_after=None)
        for until, put_off in _decide(ids, now).items():
            Notification.objects.filter(pk__in=put_off).update(push_after=until)
    return len(ids) == BATCH


def _decide(ids: Collection[int], now: datetime) -> dict[datetime, list[int]]:
    """Make rows of what is to be sent. Returns what is to be looked at again, and when."""
    wanted = still_wanted(ids)
    devices = _devices_of({row.user_id for row in wanted}, now)
    wanted = [row for row in wanted if row.user_id in devices]
    wanted, later = _disturbing(wanted, now)
    full = _full({row.user_id for row in wanted}, now)
    for row in wanted:
        if row.user_id in full:
            later[full[row.user_id]].append(row.pk)
    newest = _collapsed(row for row in wanted if row.user_id not in full)
    PushDelivery.objects.bulk_create(
        [_delivery(row, device, now) for row in newest for device in devices[row.user_id]], ignore_conflicts=True
    )
    return later


def _devices_of(user_ids: Collection[int], now: datetime) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = PushSubscription.objects.filter(user__in=user_ids, ends__gt=now)
    for user_id, device in rows.values_list("user_id", "pk"):
        found[user_id].append(device)
    return found


def _disturbing(rows: Sequence[Notification], now: datetime) -> tuple[list[Notification], dict[datetime, list[int]]]:
    """Those that may disturb now, and the others by when they may. While there is no end of it, they stay unsent."""
    people = {row.user_id for row in rows}
    chosen = DeliverySettings.objects.prefetch_related("exceptions").in_bulk(people)
    excepted = {pk: {each.pk for each in settings.exceptions.all()} for pk, settings in chosen.items()}
    may, later = [], defaultdict(list)
    for row in rows:
        until = quiet_until(row.user, chosen.get(row.user_id), now)
        direct = row.room and row.room.kind == RoomKind.DIRECT
        if until is None or (direct and row.actor_id in excepted.get(row.user_id, ())):
            may.append(row)
        elif until < FOREVER:
            later[until].append(row.pk)
    return may, later


def _full(user_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Who has had as many as a person gets, and when they get another."""
    sent = PushDelivery.objects.filter(user__in=user_ids, created__gt=now - WINDOW, notification__gt=0)
    counts = (
        sent.order_by().values("user_id").annotate(count=Count("notification", distinct=True), first=Min("created"))
    )
    return {each["user_id"]: each["first"] + WINDOW for each in counts if each["count"] >= settings.PUSH_PER_HOUR}


def _collapsed(rows: Iterable[Notification]) -> list[Notification]:
    """The newest of each person and room."""
    found: dict[tuple[int, int | None], Notification] = {}
    for row in sorted(rows, key=lambda row: (row.created, row.pk)):
        found[row.user_id, row.room_id or -row.pk] = row
    return list(found.values())


def _delivery(row: Notification, device: int, now: datetime) -> PushDelivery:
    about = {"user_id": row.user_id, "room_id": row.room_id, "notification": row.pk, "seq": row.seq}
    return PushDelivery(subscription_id=device, created=now, due=now, **about)
