"""Prepares requests to push services: whether each push is still to be sent is decided when it is sent."""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from accounts.preferences import preferences_of
from rooms.models import Notification
from rooms.queries import inbox, unread_counts
from site_settings import current

from ..models import DeliverySettings, DeliveryState, PushDelivery
from ..wanted import still_wanted
from . import closing, keys, payloads
from .encryption import CODING, encrypt
from .hosts import Service, service_of
from .transport import PushRequest

TTL = 24 * 3600  # seconds that a push service keeps a push for a device that is off
CLOSE_TTL = 4 * 3600
TOPIC = 24  # bytes, which become the 32 characters that a push service accepts
TEST = 0  # stands for the id of the notification in a test


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request, the rows that it is for, and the state they get once the push service has accepted it."""

    request: PushRequest
    row: PushDelivery
    ids: list[int]
    state: str

    @property
    def host(self) -> str:
        return self.request.service.host


@dataclass(slots=True)
class Prepared:
    """kept: rows of devices that rightly show something. Rows in neither need nothing sent any more."""

    outgoing: list[Outgoing] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)

    @property
    def rows(self) -> set[int]:
        """The ids of all rows that are sent or rightly shown."""
        return self.kept.union(*(each.ids for each in self.outgoing))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is true now, read once for all rows."""

    wanted: Mapping[int, Notification]  # by id
    unread: Mapping[tuple[int, int], int]  # (user, room) → messages
    badges: Mapping[int, int]  # user → notifications
    silent: set[int]  # users whose devices must not show who wrote what
    shown: set[int]  # rows that devices rightly show


def prepare(rows: Sequence[PushDelivery]) -> Prepared:
    """rows: with their subscription, user and room loaded."""
    found, facts = Prepared(), _look(rows)
    to_close: dict[tuple[int, str], list[PushDelivery]] = defaultdict(list)
    for row in rows:
        service = service_of(row.subscription.endpoint)
        if service is None or row.subscription.ends <= timezone.now() or not row.user.is_active:
            continue
        if row.state == DeliveryState.TOLD:
            if row.pk in facts.shown:
                found.kept.add(row.pk)
            elif not service.shows_everything:
                to_close[row.subscription_id, payloads.tag_of(row.room, row.notification)].append(row)
        elif row.notification == TEST:
            payload = payloads.test_message(preferences_of(row.user).language or row.subscription.language)
            found.outgoing.append(_outgoing([row], service, payload, "test", DeliveryState.CLOSED))
        elif (notification := facts.wanted.get(row.notification)) and notification.seq == row.seq:
            found.outgoing.append(_show(row, notification, service, facts))
    for (_subscription, tag), told in to_close.items():
        found.outgoing.append(_close(told, tag, facts))
    return found


def _look(rows: Sequence[PushDelivery]) -> _Facts:
    wanted = {each.pk: each for each in still_wanted([row.notification for row in rows])}
    users = {row.user_id for row in rows}
    rooms = {row.room_id for row in rows if row.room_id}
    counted = unread_counts.unread_of({each.user_id for each in wanted.values()}, rooms)
    silent = set(DeliverySettings.objects.filter(pk__in=users, push_content=False).values_list("pk", flat=True))
    return _Facts(
        wanted,
        {(each["user_id"], each["room_id"]): each["unread"] for each in counted},
        inbox.unread_counts(users),
        silent if current.flag("PUSH_CONTENT") else users,
        closing.rightly_shown([row for row in rows if row.state == DeliveryState.TOLD]),
    )


def _show(row: PushDelivery, notification: Notification, service: Service, facts: _Facts) -> Outgoing:
    count = facts.unread.get((row.user_id, notification.room_id), 0)
    payload = payloads.show(row, notification, count, facts.badges[row.user_id], row.user_id not in facts.silent)
    tag = payloads.tag_of(notification.room, notification.pk)
    return _outgoing([row], service, payload, tag, DeliveryState.TOLD)


def _close(told: list[PushDelivery], tag: str, facts: _Facts) -> Outgoing:
    service = service_of(told[0].subscription.endpoint)
    assert service  # checked by `prepare`
    payload = payloads.close([tag], facts.badges[told[0].user_id])
    return _outgoing(told, service, payload, tag, DeliveryState.CLOSED)


def _outgoing(rows: list[PushDelivery], service: Service, payload: bytes, tag: str, state: str) -> Outgoing:
    subscription, closes = rows[0].subscription, state == DeliveryState.CLOSED and tag != "test"
    headers = {
        "Authorization": keys.authorization(service.origin),
        "Content-Encoding": CODING,
        "Content-Type": "application/octet-stream",
        "TTL": str(CLOSE_TTL if closes else TTL),
        "Urgency": "normal" if closes else "high",  # somebody waits for an answer, or the person wants to hear of this
        "Topic": topic_of(tag),
    }
    body = encrypt(payload, subscription.p256dh, subscription.auth)
    request = PushRequest(rows[0].pk, subscription.endpoint, service, headers, body)
    return Outgoing(request, rows[0], [row.pk for row in rows], state)


def topic_of(tag: str) -> str:
    """A push replaces an unfetched one with the same topic. It is a digest, so that the service learns no names."""
    return base64.urlsafe_b64encode(hashlib.sha256(tag.encode()).digest()[:TOPIC]).decode()
