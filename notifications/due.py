"""Decides which notifications that have become due are pushed, and to which devices.

A notification is due some seconds after it was made. A page that shows the room has marked it read by then, so that
nobody gets a push about what is in front of them. Of several that are due for one room, the newest is pushed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone
from django_tasks import task

from jobs.portions import Pace
from rooms.models import Notification, RoomKind
from site_settings import current

from .models import DeliverySettings, PushDelivery, PushSubscription
from .quiet import FOREVER, quiet_until
from .wanted import still_wanted

BATCH = 100  # rows in one transaction, at most
WINDOW = timedelta(hours=1)  # a person gets at most PUSH_PER_HOUR pushes in it


def is_any_due() -> bool:
    """Whether `take_due` has anything to do; one look at an index."""
    return Notification.objects.filter(push_after__lte=timezone.now()).exists()


@task(priority=10)
def take_due() -> None:
    """A job. It works in small transactions, so that posts do not wait while thousands are due."""
    Pace(BATCH).run(_take_some)


def _take_some(pace: Pace) -> bool:
    """Decide, and then write what was decided of rows that are still due: another worker may have taken some.

    What changes in between is seen when it is sent. Returns whether there may be more.
    """
    now, size = timezone.now(), pace.size
    rows = Notification.objects.filter(push_after__lte=now).order_by("push_after")
    users = dict(rows.values_list("pk", "user_id")[:size])
    devices = _devices_of(set(users.values()), now)
    newest, later = _decide([pk for pk, user_id in users.items() if user_id in devices], now)
    deliveries = [_delivery(row, device, now) for row in newest for device in devices[row.user_id]]
    with pace.transaction():
        mine = _take(users, now)
        for until, put_off in later.items():
            Notification.objects.filter(pk__in=mine.intersection(put_off)).update(push_after=until)
        _write([each for each in deliveries if each.notification in mine], now)
    return len(users) == size


def _take(ids: Collection[int], now: datetime) -> set[int]:
    """Those that no other worker takes, or has taken."""
    rows = Notification.objects.select_for_update(skip_locked=True).filter(pk__in=ids, push_after__lte=now)
    mine = set(rows.values_list("pk", flat=True))
    Notification.objects.filter(pk__in=mine).update(push_after=None)
    return mine


def _write(deliveries: Collection[PushDelivery], now: datetime) -> None:
    if deliveries:
        devices = PushSubscription.objects.filter(pk__in={each.subscription_id for each in deliveries}, ends__gt=now)
        devices = devices.order_by("pk").select_for_update(no_key=True)  # none goes before what is for it is written
        there = set(devices.values_list("pk", flat=True))
        some = [each for each in deliveries if each.subscription_id in there]
        PushDelivery.objects.bulk_create(some, ignore_conflicts=True)


def _decide(ids: Collection[int], now: datetime) -> tuple[list[Notification], dict[datetime, list[int]]]:
    """Those to push, and the ids of those to decide on again, by when."""
    wanted, later = _disturbing(still_wanted(ids), now)
    full = _full({row.user_id for row in wanted}, now)
    for row in wanted:
        if row.user_id in full:
            later[full[row.user_id]].append(row.pk)
    return _collapsed(row for row in wanted if row.user_id not in full), later


def _devices_of(user_ids: Collection[int], now: datetime) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    rows = PushSubscription.objects.filter(user__in=user_ids, ends__gt=now).order_by("pk")
    for user_id, device in rows.values_list("user_id", "pk"):
        found[user_id].append(device)
    return found


def _disturbing(rows: Sequence[Notification], now: datetime) -> tuple[list[Notification], dict[datetime, list[int]]]:
    """Those that may disturb their owner now, and the ids of the others by when they may.

    Those whose owner has set no end are in neither: they are not pushed.
    """
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
    """The people who have had PUSH_PER_HOUR pushes within WINDOW, each with when they may get another."""
    sent = PushDelivery.objects.filter(user__in=user_ids, created__gt=now - WINDOW, notification__gt=0)
    counts = (
        sent.order_by().values("user_id").annotate(count=Count("notification", distinct=True), first=Min("created"))
    )
    return {
        each["user_id"]: each["first"] + WINDOW for each in counts if each["count"] >= current.number("PUSH_PER_HOUR")
    }


def _collapsed(rows: Iterable[Notification]) -> list[Notification]:
    """The newest of each person and room; those without a room are kept as they are."""
    found: dict[tuple[int, int | None], Notification] = {}
    for row in sorted(rows, key=lambda row: (row.created, row.pk)):
        found[row.user_id, row.room_id or -row.pk] = row
    return list(found.values())


def _delivery(row: Notification, device: int, now: datetime) -> PushDelivery:
    about = {"user_id": row.user_id, "room_id": row.room_id, "notification": row.pk, "seq": row.seq}
    return PushDelivery(subscription_id=device, created=now, due=now, **about)
