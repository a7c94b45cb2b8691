"""Notifies many people of a message: those it calls by one name, and those who want to hear everything in its room.

A few people are notified in the message's own transaction. For more, that transaction enqueues a job, so that the post
does not wait; rights and levels then count as they are when each person is notified. @here always needs the job: only
Redis knows who is here, and it is not asked while a room is locked.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django_tasks import task

from jobs.portions import Pace
from presence import sync_client

from ..models import Level, Message, NotificationKind
from . import notifications
from .calls import HERE, ROOM
from .notification_counts import publish_counts
from .notification_sql import Places, find_places, insert_for_places

FEW = 50  # people who are notified in the transaction of the message
BATCH_SIZE = 100  # people in one transaction of a job, at most


@dataclass(frozen=True, slots=True)
class Audience:
    kind: str  # of the notifications
    groups: Collection[str] = ()  # only people who belong to one of these
    level: str = Level.MENTIONS  # the lowest level of people who are notified
    here: bool = False  # only people who are online now


class PresenceUnknown(Exception):
    """It cannot be known now who is online. The job is tried again."""


def audiences_of(message: Message) -> Iterator[Audience]:
    """The audiences of a message. People who belong to several are notified as part of the first."""
    called = set(message.audience or ())
    if ROOM in called:
        yield Audience(NotificationKind.ROOM.value)
        return
    if groups := called - {HERE, ROOM}:
        yield Audience(NotificationKind.GROUP.value, groups)
    if HERE in called:
        yield Audience(NotificationKind.HERE.value, here=True)
    yield Audience(NotificationKind.MESSAGE.value, level=Level.ALL)


def tell(messages: Iterable[Message]) -> None:
    """Notify the audiences of new messages. No query for messages without any."""
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
    """A job: notifies batches of people, each in a transaction of its own.

    Nothing is locked. When the message is deleted meanwhile, that withdraws its notifications; those that were being
    made at that moment are withdrawn here.
    """
    message, pace = _read(message_id), Pace(BATCH_SIZE)
    for audience in list(audiences_of(message)) if message else ():
        after = 0
        while message and (places := _places(message, audience, after, pace.size)):
            after = places[-1][1]
            there = _here(places) if audience.here else places
            with pace.transaction():
                _tell(message, audience, there)
            pace.rest()
            message = _read(message_id)
            if message and audience.kind not in {each.kind for each in audiences_of(message)}:  # edited
                notifications.withdraw_calls(message)
                break
    if message is None:
        notifications.withdraw_of(message_id)


def _read(message_id: int) -> Message | None:
    return Message.objects.filter(pk=message_id, deleted=False).select_related("room", "reply_to").first()


def _places(message: Message, audience: Audience, after: int, limit: int) -> Places:
    return find_places(message.room_id, audience.groups, audience.level == Level.ALL, after, limit)


def _here(places: Places) -> Places:
    statuses = sync_client.get_status([user_id for _id, user_id in places])
    if statuses is None:
        raise PresenceUnknown
    return [(id, user_id) for id, user_id in places if (status := statuses.get(user_id)) and status.here]


def _tell(message: Message, audience: Audience, places: Places) -> None:
    told = insert_for_places(message, audience.kind, audience.level, [id for id, _user_id in places])
    publish_counts(told)
