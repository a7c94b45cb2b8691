"""Makes notifications in the transaction of what causes them, and withdraws them when it is taken back.

In a direct message, every message notifies the other person. In a room, every message notifies those who want to hear
everything. Each notification is a row, so that devices can show it; the inbox shows the unread ones of a room as one
line.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from ..models import (
    COLLAPSED,
    INVITATION_VALID_FOR,
    MUTED_NOW,
    WITHOUT_MESSAGE,
    Block,
    Level,
    Membership,
    Message,
    MessageKind,
    Notification,
    NotificationKind,
    NotificationQuerySet,
)
from .calls import HERE, ROOM, members_of
from .notification_counts import announce_ended, publish_counts
from .notification_sql import NotificationCause, insert_notifications

KEPT_DONE = timedelta(days=30)  # … and those of which there are many
KEPT = timedelta(days=180)
CLEANED = 500  # rows in one transaction


def notify_of_posts(messages: Iterable[Message]) -> None:
    """Notify the people whom new messages of locked rooms address: by mention, by reply, or in a direct message.

    The author of what a message replies to must be loaded. No query for rooms in which nobody is addressed.
    """
    _notify([cause for message in messages if message.kind != MessageKind.NOTICE for cause in _causes(message)])


def _causes(message: Message) -> Iterator[NotificationCause]:
    """Mentions of a new message, then its reply. The author whom it answers is left out if it names them."""
    named = set(message.mentions) - {message.sender_id}
    answered = message.reply_to.sender if message.reply_to else None
    replies = {answered.pk} - named - {message.sender_id} if answered and not answered.is_bot else set()
    if message.room.is_direct:
        yield _direct(message, message.first_seq, named | replies)
        return
    if named:
        yield _cause(message, NotificationKind.MENTION, message.sender_id, message.first_seq, named)
    if replies:
        yield _cause(message, NotificationKind.REPLY, message.sender_id, message.first_seq, replies)


def _direct(message: Message, seq: int, addressed: set[int] | None = None) -> NotificationCause:
    """For the other person of a direct message. addressed: whom it names or answers, also bots; None: that person."""
    others = {int(id) for id in (message.room.pair or "").split(":") if id} - {message.sender_id}
    least = Level.MENTIONS if addressed is None or addressed & others else Level.ALL
    kind = NotificationKind.DIRECT.value
    return NotificationCause(message.pk, message.room_id, kind, message.sender_id, seq, others, least, Level.ALL)


def notify_of_reaction(message: Message, user_id: int, seq: int) -> None:
    """Notify the author, if they want to hear of reactions. All reactions to a message are one notification.

    seq: the number that the change will get.
    """
    if message.sender_id != user_id and message.kind == MessageKind.HUMAN:
        _notify([_cause(message, NotificationKind.REACTION, user_id, seq, {message.sender_id})])


def withdraw_reaction(message: Message) -> None:
    """A reaction was removed. When none of others is left, the notification goes, too."""
    rows = Notification.objects.filter(message=message, kind=NotificationKind.REACTION)
    blocked = Block.objects.filter(user=message.sender_id).values("blocked")
    others = message.reactions.exclude(user=message.sender_id).exclude(user__in=blocked)
    if last := others.order_by("-pk").first():
        rows.update(actor=last.user_id)
    else:
        _delete(rows)


def withdraw_unread(rows: NotificationQuerySet) -> None:
    """Withdraw these where they are unread: their owners do not want them any more. Read ones stay in the inbox."""
    _delete(rows.unread())


def notify_of_answer(message: Message) -> None:
    """Notify whoever asked that a bot has finished its reply. The room is locked, and the question loaded."""
    question = message.reply_to
    if message.room.is_direct:
        _notify([_direct(message, message.seq)])
    elif question and question.room_id == message.room_id:
        _notify([_cause(message, NotificationKind.ANSWER, message.sender_id, message.seq, {question.sender_id})])


def withdraw_mentions(message: Message, user_ids: Collection[int]) -> None:
    """An edit removed these people's names. In direct messages this matters to people who only hear of mentions."""
    if user_ids and message.room.is_direct:
        answered = message.reply_to and message.reply_to.sender_id
        low = Membership.objects.filter(room=message.room_id, user__in=set(user_ids) - {answered}, level=Level.MENTIONS)
        _delete(Notification.objects.filter(message=message, user__in=low.values("user"), kind=NotificationKind.DIRECT))
    elif user_ids:
        _lower(message, Notification.objects.filter(kind=NotificationKind.MENTION, user__in=user_ids))


def withdraw_calls(message: Message) -> None:
    """An edit removed @here, @room or names of groups."""
    called = set(message.audience or ())
    if ROOM in called:
        return
    lost = Q(kind=NotificationKind.ROOM)
    lost |= Q(kind=NotificationKind.GROUP) & ~Q(user__in=members_of(called - {HERE}))
    lost |= Q() if HERE in called else Q(kind=NotificationKind.HERE)
    _lower(message, Notification.objects.filter(lost))


def withdraw_words(message: Message, user_ids: Collection[int]) -> None:
    """An edit removed keywords of these people."""
    if user_ids:
        _lower(message, Notification.objects.filter(kind=NotificationKind.KEYWORD, user__in=user_ids), words=False)


def raise_to(kind: NotificationKind, message: Message, user_ids: Collection[int]) -> None:
    """Give the notifications of people who are notified of every message a more personal kind."""
    rows = Notification.objects.filter(message=message, kind=NotificationKind.MESSAGE, user__in=user_ids)
    if user_ids and rows.update(kind=kind):
        publish_counts(user_ids)


def _lower(message: Message, lost: NotificationQuerySet, words: bool = True) -> None:
    """A message no longer concerns these people in that way. Give them the kind that is left, or withdraw.

    words: whether a keyword may be left. Looking for one takes long, so it is assumed until a job has looked
    (keywords.look_again).
    """
    lost, called = lost.filter(message=message), set(message.audience or ())
    if message.reply_to:
        lost.filter(user=message.reply_to.sender_id).update(kind=NotificationKind.REPLY)
    heard = Membership.objects.filter(room=message.room_id).exclude(MUTED_NOW)
    left = lost.filter(user__in=heard.values("user"))
    if ROOM in called:
        left.update(kind=NotificationKind.ROOM)
    left.filter(user__in=members_of(called - {HERE, ROOM})).update(kind=NotificationKind.GROUP)
    if HERE in called:
        left.filter(kind=NotificationKind.ROOM).update(kind=NotificationKind.HERE)
    if words:
        left.filter(user__in=heard.filter(hears_words=True).values("user")).update(kind=NotificationKind.KEYWORD)
    left.filter(user__in=heard.filter(hears_all=True).values("user")).update(kind=NotificationKind.MESSAGE)
    _delete(lost)


def withdraw_all(messages: Collection[Message]) -> None:
    """Withdraw the notifications of messages that are being deleted."""
    withdraw_of(*(message.pk for message in messages))


def withdraw_of(*message_ids: int) -> None:
    """Withdraw a few at once. Where many people were notified, a job does it, so that nobody waits."""
    rows = Notification.objects.filter(message__in=message_ids)
    if len(rows.values_list("pk")[: CLEANED + 1]) <= CLEANED:
        _delete(rows)
    else:
        for message_id in message_ids:
            withdraw_in_batches.enqueue(message_id)


@task
def withdraw_in_batches(message_id: int) -> None:
    """A job: deletes the notifications of a message, CLEANED at a time, each batch in a transaction of its own."""
    while some := Notification.objects.filter(message=message_id).values_list("pk", flat=True)[:CLEANED]:
        with transaction.atomic():
            _delete(Notification.objects.filter(pk__in=list(some)))


def forget_actor(user_id: int, actor_id: int) -> None:
    """Withdraw what a person was notified of by somebody whom they have just blocked."""
    _delete(Notification.objects.filter(user=user_id, actor=actor_id).exclude(kind__in=WITHOUT_MESSAGE))


def delete_old_batch() -> bool:
    """Delete some of what is long done, or very old. Returns whether there may be more."""
    now = timezone.now()
    many = Q(kind__in=COLLAPSED, created__lt=now - KEPT_DONE)
    many |= Q(kind=NotificationKind.INVITATION, created__lt=now - INVITATION_VALID_FOR)
    old = Notification.objects.filter(Q(done__lt=now - KEPT_DONE) | Q(created__lt=now - KEPT) | many)
    ids = list(old.values_list("pk", flat=True)[:CLEANED])
    return bool(ids) and bool(Notification.objects.filter(pk__in=ids).delete()[0])


def _cause(message: Message, kind: str, actor_id: int, seq: int, user_ids: Collection[int]) -> NotificationCause:
    return NotificationCause(message.pk, message.room_id, kind, actor_id, seq, user_ids)


def _notify(causes: Sequence[NotificationCause]) -> None:
    if causes:
        publish_counts(insert_notifications(causes))


def _delete(rows: NotificationQuerySet) -> None:
    user_ids = list(rows.values_list("user_id", flat=True).distinct())
    if user_ids:
        rows.delete()
        announce_ended(user_ids)
