"""Reads of notifications: what the inbox shows, and how many are unread."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Count, Max, Prefetch, Q
from django.utils import timezone

from common.sql import placeholders

from ..models import (
    ADDRESSING,
    COLLAPSED,
    WITHOUT_MESSAGE,
    Block,
    Notification,
    NotificationKind,
    NotificationQuerySet,
    Reaction,
)
from .serializers import excerpt_of

PAGE = 50
CALLS = timedelta(minutes=1)
MAX_CALLING = 20
MAX_COUNTED = 10_000  # unread notifications of a person that are looked at; the page shows "99+" long before
_COLLAPSED = ", ".join(f"'{kind.value}'" for kind in COLLAPSED)
_UNREAD = f"""
    SELECT person.id, EXISTS (
        SELECT 1 FROM rooms_notification alone WHERE alone.user_id = person.id
        AND alone.message_id IS NULL AND alone.done IS NULL AND alone.read IS NULL),
    (SELECT count(DISTINCT line) FROM (
        SELECT CASE WHEN n.kind IN ({_COLLAPSED}) THEN -n.room_id ELSE n.id END AS line FROM rooms_notification n
        JOIN rooms_membership place ON place.room_id = n.room_id AND place.user_id = n.user_id
        JOIN rooms_room room ON room.id = n.room_id AND room.deleted IS NULL
        WHERE n.user_id = person.id AND n.done IS NULL AND n.read IS NULL
        AND NOT place.banned AND place.read_seq < n.seq
        AND NOT EXISTS (SELECT 1 FROM rooms_block b WHERE b.user_id = n.user_id AND b.blocked_id = n.actor_id)
        LIMIT {MAX_COUNTED}) found)
    FROM accounts_user person WHERE person.id IN ({{people}})"""
# What `kind` may be, and the kinds of rows that it stands for.
FILTERS: Mapping[str, tuple[str, ...]] = {
    "": tuple(NotificationKind.values),
    "mentions": tuple(ADDRESSING),
    "replies": (NotificationKind.REPLY, NotificationKind.ANSWER),
    "direct": (NotificationKind.DIRECT,),
    "words": (NotificationKind.KEYWORD,),
    "rooms": (NotificationKind.MESSAGE,),
    "reactions": (NotificationKind.REACTION,),
    "more": tuple(WITHOUT_MESSAGE),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the inbox: a notification, with the room, the message and the actor loaded; or the last of those of a
    room that are shown as one."""

    row: Notification
    unread: bool
    excerpt: str  # of its message; else what somebody did
    reactions: list[Reaction]  # of others, the first one first; for a reaction
    count: int = 1  # of how many notifications this is the last

    @property
    def emojis(self) -> list[str]:
        return list(dict.fromkeys(reaction.emoji for reaction in self.reactions))

    @property
    def names(self) -> list[str]:
        """Who caused it."""
        people = [reaction.user.shown_name for reaction in self.reactions] or [self.row.actor.shown_name]
        return list(dict.fromkeys(people))


@dataclass(frozen=True, slots=True)
class InboxPage:
    entries: list[Entry]  # the newest first
    more: bool


def open_of(user_id: int, kind: str = "") -> NotificationQuerySet:
    """What stands in somebody's inbox."""
    return Notification.objects.visible().filter(user=user_id, done=None, kind__in=FILTERS[kind])


def page(user_id: int, kind: str = "", done: bool = False, before: int | None = None) -> InboxPage:
    """A page of what is to be done, or of what is done. before: the id of the last row of the page before."""
    rows = open_of(user_id, kind) if not done else _done_of(user_id, kind)
    lines = _last_of_rooms(rows if done else rows & Notification.objects.unread())
    rows = rows.filter(~Q(kind__in=COLLAPSED) | Q(pk__in=lines))
    last = rows.filter(pk=before).first() if before else None
    if last:
        rows = rows.filter(created__lte=last.created).exclude(created=last.created, pk__gte=last.pk)
    found = list(_loaded(rows, user_id).order_by("-created", "-pk")[: PAGE + 1])
    unread = set(Notification.objects.unread().filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True))
    entries = [_entry(each, each.pk in unread, lines.get(each.pk, 1)) for each in found[:PAGE]]
    return InboxPage(entries, len(found) > PAGE)


def calling(user_id: int) -> list[Entry]:
    """What has begun to call for somebody in the last minute, is unread and may ring, the newest first."""
    rows = Notification.objects.calling().filter(user=user_id, created__gt=timezone.now() - CALLS)
    return [_entry(each, True, 1) for each in _loaded(rows, user_id).order_by("-created", "-pk")[:MAX_CALLING]]


def _loaded(rows: NotificationQuerySet, user_id: int) -> NotificationQuerySet:
    blocked = Block.objects.filter(user=user_id).values("blocked")
    others = Reaction.objects.exclude(user=user_id).exclude(user__in=blocked).select_related("user")
    return rows.select_related("room", "actor", "message__sender").prefetch_related(
        Prefetch("message__reactions", others, to_attr="reacted")
    )


def unread_counts(user_ids: Collection[int]) -> dict[int, int]:
    """How many lines of their inboxes these people have not seen, up to MAX_COUNTED.

    As `NotificationQuerySet.unread`, by hand: a limit for each person has no words in the ORM. Whoever comes back to
    thousands of mentions would otherwise have each new one count them all.
    """
    if not user_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD.format(people=placeholders(user_ids)), [*user_ids])
        found = cursor.fetchall()
    counts = dict.fromkeys(user_ids, 0) | {user_id: count for user_id, _alone, count in found}
    # Few people have some without a message, and the conditions of those are long.
    some = [user_id for user_id, alone, _count in found if alone]
    rows = Notification.objects.unread().filter(user__in=some, message=None) if some else Notification.objects.none()
    for user_id in rows.values_list("user_id", flat=True):
        counts[user_id] += 1
    return counts


def _done_of(user_id: int, kind: str) -> NotificationQuerySet:
    return Notification.objects.visible().filter(user=user_id, done__isnull=False, kind__in=FILTERS[kind])


def same_line(row: Notification) -> NotificationQuerySet:
    """The notifications that are shown as one line with this, the last of them."""
    if row.kind not in COLLAPSED:
        return Notification.objects.filter(pk=row.pk)
    return Notification.objects.filter(user=row.user_id, room=row.room_id, kind=row.kind, pk__lte=row.pk)


def _last_of_rooms(rows: NotificationQuerySet) -> dict[int, int]:
    """Of those that are shown as one line a room: the last one's id, and how many they are."""
    found = rows.filter(kind__in=COLLAPSED).order_by().values("room").annotate(last=Max("pk"), count=Count("pk"))
    return dict(found.values_list("last", "count"))


def _entry(row: Notification, unread: bool, count: int) -> Entry:
    if row.message is None:
        return Entry(row, unread, row.sentence, [])
    reactions = row.message.reacted if row.kind == NotificationKind.REACTION else []
    return Entry(row, unread, excerpt_of(row.message), reactions, count)
