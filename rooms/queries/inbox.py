"""Reads of notifications: what the inbox shows, and how many are unread."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Prefetch

from common.sql import placeholders

from ..models import Block, Notification, NotificationKind, NotificationQuerySet, Reaction
from .serializers import excerpt_of

PAGE = 50
MAX_COUNTED = 1_000  # unread notifications of a person; the page shows "99+" long before
_UNREAD = f"""
    SELECT person.id, (SELECT count(*) FROM (
        SELECT 1 FROM rooms_notification n
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
    "mentions": (NotificationKind.MENTION,),
    "replies": (NotificationKind.REPLY, NotificationKind.ANSWER),
    "reactions": (NotificationKind.REACTION,),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A notification as it is shown, with the room, the message and the actor loaded."""

    row: Notification
    unread: bool
    excerpt: str
    reactions: list[Reaction]  # of others, the first one first; for a reaction

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
    last = rows.filter(pk=before).first() if before else None
    if last:
        rows = rows.filter(created__lte=last.created).exclude(created=last.created, pk__gte=last.pk)
    blocked = Block.objects.filter(user=user_id).values("blocked")
    others = Reaction.objects.exclude(user=user_id).exclude(user__in=blocked).select_related("user")
    rows = rows.select_related("room", "actor", "message__sender").prefetch_related(
        Prefetch("message__reactions", others, to_attr="reacted")
    )
    found = list(rows.order_by("-created", "-pk")[: PAGE + 1])
    unread = set(Notification.objects.unread().filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True))
    return InboxPage([_entry(each, each.pk in unread) for each in found[:PAGE]], len(found) > PAGE)


def unread_counts(user_ids: Collection[int]) -> dict[int, int]:
    """How many notifications each of these people has not seen, up to MAX_COUNTED.

    As `NotificationQuerySet.unread`, by hand: a limit for each person has no words in the ORM. Whoever comes back to
    thousands of mentions would otherwise have each new one count them all.
    """
    if not user_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD.format(people=placeholders(user_ids)), [*user_ids])
        return dict.fromkeys(user_ids, 0) | dict(cursor.fetchall())


def _done_of(user_id: int, kind: str) -> NotificationQuerySet:
    return Notification.objects.visible().filter(user=user_id, done__isnull=False, kind__in=FILTERS[kind])


def _entry(row: Notification, unread: bool) -> Entry:
    reactions = row.message.reacted if row.kind == NotificationKind.REACTION else []
    return Entry(row, unread, excerpt_of(row.message), reactions)
