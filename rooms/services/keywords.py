"""Keywords: a person is notified of messages in their rooms that contain one of their words.

Words are compared in a job after the commit: that takes longer the more people have chosen some, and posts need not
wait for it. Posting enqueues the job only for rooms in which somebody has keywords (`Membership.hears_words`).
"""

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django_tasks import task

from accounts.models import User
from jobs.portions import Pace

from ..kernel.errors import ChatError
from ..models import Level, Membership, Message, MessageKind, Notification, NotificationKind, NotificationSettings
from ..text.key_words import contains, fold, tidy
from . import notifications
from .audiences import BATCH_SIZE
from .choices import lock_choices_of
from .notification_counts import publish_counts
from .notification_sql import insert_for_places

MAX_KEYWORDS = 20  # of one person
MAX_LENGTH = 40  # characters of one


def set_keywords(user: User, words: Sequence[str]) -> None:
    """Replace the person's keywords. Their order is kept, and each is stored once. Raises ChatError: bad_keywords."""
    if len(words) > 5 * MAX_KEYWORDS or any(len(word) > 5 * MAX_LENGTH for word in words):
        raise _bad()
    found = {fold(word): tidied for word in words if (tidied := tidy(word))}
    if len(found) > MAX_KEYWORDS or any(len(word) > MAX_LENGTH for word in found.values()):
        raise _bad()
    with transaction.atomic():
        lock_choices_of(user)
        NotificationSettings.objects.update_or_create(user=user, defaults={"keywords": list(found.values())})
        Membership.objects.filter(user=user).exclude(hears_words=bool(found)).update(hears_words=bool(found))


def look_for(messages: Iterable[Message]) -> None:
    """Enqueue one job that looks for keywords in these new messages of locked rooms."""
    ids = [each.pk for each in messages if each.room.calls_words and _may_call(each)]
    if ids:
        tell_of_words.enqueue(*ids)


def look_again(message: Message) -> None:
    """The same for an edited message: words may be gone, or may be why it still concerns somebody whom it no longer
    names. New words in it notify nobody."""
    if _may_call(message) and Membership.objects.filter(room=message.room_id, hears_words=True).exists():
        withdraw_unsaid.enqueue(message.pk)


@task
def tell_of_words(*message_ids: int) -> None:
    """A job: notifies people in batches, with a pause after each, as in audiences.py.

    Running it twice notifies nobody twice.
    """
    pace = Pace(BATCH_SIZE)
    for message_id in message_ids:
        message, after = _read(message_id), 0
        while message and (places := _places(message.room_id, after, pace.size)):
            after = places[-1][0]
            said = fold(message.text)
            if called := {user_id: id for id, user_id, words in places if _says(said, words)}:
                with pace.transaction():
                    _tell(message, called)
                pace.rest()
                message = _read(message_id)
                if message is None:  # deleted meanwhile
                    notifications.withdraw_of(message_id)


@task
def withdraw_unsaid(message_id: int) -> None:
    """A job: withdraws notifications of keywords that do not stand in the message after an edit."""
    if message := _read(message_id):
        said, told = fold(message.text), Notification.objects.filter(message=message, kind=NotificationKind.KEYWORD)
        chosen = NotificationSettings.objects.filter(user__in=told.values("user")).values_list("user_id", "keywords")
        notifications.withdraw_words(message, {user_id for user_id, words in chosen if not _says(said, words)})


def _bad() -> ChatError:
    return ChatError("bad_keywords", count=MAX_KEYWORDS, limit=MAX_LENGTH)


def _may_call(message: Message) -> bool:
    return message.kind != MessageKind.NOTICE and not message.room.is_direct


def _says(said: str, words: Iterable[str]) -> bool:
    return any(contains(said, fold(word)) for word in words)


def _tell(message: Message, called: dict[int, int]) -> None:
    """called: people, and their memberships. Of whom everything of the room is told, it is told by what it says."""
    kind = NotificationKind.KEYWORD
    told = insert_for_places(message, kind.value, Level.MENTIONS.value, called.values())
    publish_counts(told)
    notifications.raise_to(kind, message, called.keys() - told)


def _read(message_id: int) -> Message | None:
    return Message.objects.filter(pk=message_id, deleted=False).select_related("room", "reply_to").first()


def _places(room_id: int, after: int, limit: int) -> list[tuple[int, int, Collection[str]]]:
    """(id of a membership, its person, their words)"""
    found = Membership.objects.filter(room=room_id, hears_words=True, banned=False, pk__gt=after)
    places = list(found.order_by("pk").values_list("pk", "user_id")[:limit])
    chosen = NotificationSettings.objects.filter(user__in=[user_id for _id, user_id in places])
    words = dict(chosen.values_list("user_id", "keywords"))
    return [(id, user_id, words.get(user_id, ())) for id, user_id in places]
