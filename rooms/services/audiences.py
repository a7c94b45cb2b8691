"""Tells many people of a message: those whom it calls by one name, and all who want to hear everything of its room.

Few are told in the message's own transaction. For more there is a job, enqueued there: a post waits for nobody, and
rights and levels are those of the moment at which each is told. So it is with those who are here, whom only Redis
knows, which nobody asks while a room is locked.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django_tasks import task

from presence import sync_client

from ..models import Level, Membership, Message, NotificationKind
from . import notifications
from .calls import HERE, ROOM, members_of
from .notification_counts import publish_counts
from .notification_sql import insert_for_places

FEW = 50  # people who are told at once
# In one transaction of a job, and seconds after it: SQLite has one writer at a time, and a post waits in steps of up to
# a tenth of a second.
BATCH_SIZE, PAUSE = 100, 0.02


@dataclass(frozen=True, slots=True)
class Audience:
    kind: str  # of their notifications
    places: Q  # whom it may be, of the room's memberships
    level: str = Level.MENTIONS  # from which on they hear of it
    here: bool = False  # only those who are on this server now


class PresenceUnknown(Exception):
    """Who is here cannot be known just now. The job is tried again."""


def audiences_of(message: Message) -> Iterator[Audience]:
    """Whom a message of a room is for. Who belongs to several is told by the first."""
    called = set(message.audience or ())
    if ROOM in called:
        yield Audience(NotificationKind.ROOM.value, Q())
        return
    if groups := called - {HERE, ROOM}:
        yield Audience(NotificationKind.GROUP.value, Q(user__in=members_of(groups)))
    if HERE in called:
        yield Audience(NotificationKind.HERE.value, Q(), here=True)
    yield Audience(NotificationKind.MESSAGE.value, Q(hears_all=True), Level.ALL)


def tell(messages: Iterable[Message]) -> None:
    """Of these new messages. No query for those of which nobody hears in this way."""
    for message in messages:
        if message.room.is_direct or not (message.audience or message.room.calls_all):
            continue
        audiences = list(audiences_of(message))
        found = [(each, _places(message, each, 0, FEW + 1)) for each in audiences if not each.here]
        if any(each.here for each in audiences) or sum(len(places) for _each, places in found) > FEW:
            tell_in_batches.enqueue(message.pk)
            continue
        for audience, places in found:
            _tell(message, audience, places)


@task
def tell_in_batches(message_id: int) -> None:
    """Each batch by itself. Nothing is locked: a message that is deleted meanwhile takes back what was told of it, and
    what is told in the same moment is taken back here."""
    message = _read(message_id)
    for audience in list(audiences_of(message)) if message else ():
        after = 0
        while message and (places := _places(message, audience, after, BATCH_SIZE)):
            after = places[-1][0]
            there = _here(places) if audience.here else places
            with transaction.atomic():
                _tell(message, audience, there)
            time.sleep(PAUSE)
            message = _read(message_id)
            if message and audience.kind not in {each.kind for each in audiences_of(message)}:  # edited
                notifications.withdraw_calls(message)
                break
    if message is None:
        notifications.withdraw_of(message_id)


Places = list[tuple[int, int]]  # ids of memberships, and of their people


def _read(message_id: int) -> Message | None:
    return Message.objects.filter(pk=message_id, deleted=False).select_related("room", "reply_to").first()


def _places(message: Message, audience: Audience, after: int, limit: int) -> Places:
    found = Membership.objects.filter(audience.places, room=message.room_id, banned=False, pk__gt=after)
    return list(found.order_by("pk").values_list("pk", "user_id")[:limit])


def _here(places: Places) -> Places:
    statuses = sync_client.get_status([user_id for _id, user_id in places])
    if statuses is None:
        raise PresenceUnknown
    return [(id, user_id) for id, user_id in places if (status := statuses.get(user_id)) and status.here]


def _tell(message: Message, audience: Audience, places: Places) -> None:
    told = insert_for_places(message, audience.kind, audience.level, [id for id, _user_id in places])
    publish_counts(told)
