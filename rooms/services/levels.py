"""Which messages notify a person, room by room, and which rooms are muted. Nobody else sees these choices.

Each membership has a level: everything, mentions and replies, or nothing. An empty level means the person's default,
and in direct messages everything. `Membership.hears_all` stores whether the result is "everything". Posting reads
only this column, by an index, so that rooms in which nobody wants every message cost no further query.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User

from ..kernel.errors import ChatError
from ..models import (
    Level,
    Membership,
    Notification,
    NotificationKind,
    NotificationQuerySet,
    NotificationSettings,
    RoomKind,
)
from ..publishing import events
from ..queries.levels import default_level_of, level_of
from . import notifications
from .choices import lock_choices_of
from .membership import get_or_join
from .notification_counts import announce_ended

MAX_CHECKED = 10_000  # unread direct messages, when a level changes


def set_level(user: User, room_name: str, level: str) -> None:
    """level: one of Level, or empty for the person's default. A public room is joined.

    Raises ChatError: unknown_level, no_such_room.
    """
    if level not in ("", *Level.values):
        raise ChatError("unknown_level", levels=", ".join(Level.values))
    room, mine = get_or_join(user, room_name)
    with transaction.atomic():
        lock_choices_of(user)
        mine.level = level
        hears_all = not room.is_direct and level_of(mine, room, default_level_of(user.id)) == Level.ALL
        Membership.objects.filter(pk=mine.pk).update(level=level, hears_all=hears_all)
        _withdraw_unwanted(
            user, Notification.objects.filter(room=room), level_of(mine, room, default_level_of(user.id))
        )
        events.rooms_changed(user.id)


def set_default_level(user: User, level: str) -> None:
    """The level of all rooms without one of their own, now and later. Raises ChatError: unknown_level."""
    if level not in Level.values:
        raise ChatError("unknown_level", levels=", ".join(Level.values))
    with transaction.atomic():
        lock_choices_of(user)
        NotificationSettings.objects.update_or_create(user=user, defaults={"default_level": level})
        rooms = Membership.objects.filter(user=user, level="").exclude(room__kind=RoomKind.DIRECT)
        rooms.update(hears_all=level == Level.ALL)
        usual = Membership.objects.filter(user=user, level="").exclude(room__kind=RoomKind.DIRECT)
        _withdraw_unwanted(user, Notification.objects.filter(room__in=usual.values("room")), level)
        events.rooms_changed(user.id)


def set_reactions(user: User, wanted: bool) -> None:
    """Whether reactions to their messages notify this person from now on. By default they do not."""
    with transaction.atomic():
        NotificationSettings.objects.update_or_create(user=user, defaults={"reactions": wanted})
        if not wanted:
            notifications.withdraw_unread(Notification.objects.filter(user=user, kind=NotificationKind.REACTION))


def mute(user: User, room_name: str, muted: bool, until: datetime | None = None) -> None:
    """Mute or unmute a room for this person.

    A muted room sends no push and no mail and does not count in the tab's title; the inbox still gets what is personal.
    until: when it is unmuted by itself; None: never.

    Raises ChatError: no_such_room.
    """
    room, mine = get_or_join(user, room_name)
    with transaction.atomic():
        Membership.objects.filter(pk=mine.pk).update(muted=muted, muted_until=until if muted else None)
        if muted:
            _withdraw_unwanted(user, Notification.objects.filter(room=room), Level.NOTHING)
        events.rooms_changed(user.id)


def _withdraw_unwanted(user: User, rows: NotificationQuerySet, level: str) -> None:
    """Withdraw the unread notifications that this level would not have made, unless they address the person by name.

    Devices close them as well.
    """
    mine = rows.filter(user=user)
    if level != Level.ALL:
        notifications.withdraw_unread(mine.filter(kind=NotificationKind.MESSAGE))
        unread = mine.filter(kind=NotificationKind.DIRECT).unread()
        if level == Level.MENTIONS:
            told = unread.exclude(message__reply_to__sender=user).values_list("pk", "message__mentions")
            unread = mine.filter(pk__in=[pk for pk, mentions in told[:MAX_CHECKED] if user.pk not in mentions])
        notifications.withdraw_unread(unread)
        announce_ended({user.pk})
