"""What somebody wants to hear of their rooms, and for how long of one nothing is to ring. Nobody else sees either.

Each room has a level: everything, mentions and replies, or nothing. Where none is chosen, the person's own default
counts, and in direct messages everything. `Membership.hears_all` says whether that comes to everything: posting asks
for it alone, and that most rooms have nobody costs it nothing.
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
from .membership import get_or_join
from .notification_counts import announce_ended

MAX_LET_GO = 10_000  # unread direct messages of one room that are looked at


def set_level(user: User, room_name: str, level: str) -> None:
    """level: one of Level, or empty for the person's default. A public room is joined.

    Raises ChatError: unknown_level, no_such_room.
    """
    if level not in ("", *Level.values):
        raise ChatError("unknown_level", levels=", ".join(Level.values))
    room, mine = get_or_join(user, room_name)
    with transaction.atomic():
        _one_at_a_time(user)
        mine.level = level
        hears_all = not room.is_direct and level_of(mine, room, default_level_of(user.id)) == Level.ALL
        Membership.objects.filter(pk=mine.pk).update(level=level, hears_all=hears_all)
        _let_go(user, Notification.objects.filter(room=room), level_of(mine, room, default_level_of(user.id)))
        events.rooms_changed(user.id)


def set_default_level(user: User, level: str) -> None:
    """For all rooms for which they have chosen nothing, now and later. Raises ChatError: unknown_level."""
    if level not in Level.values:
        raise ChatError("unknown_level", levels=", ".join(Level.values))
    with transaction.atomic():
        _one_at_a_time(user)
        NotificationSettings.objects.update_or_create(user=user, defaults={"default_level": level})
        rooms = Membership.objects.filter(user=user, level="").exclude(room__kind=RoomKind.DIRECT)
        rooms.update(hears_all=level == Level.ALL)
        usual = Membership.objects.filter(user=user, level="").exclude(room__kind=RoomKind.DIRECT)
        _let_go(user, Notification.objects.filter(room__in=usual.values("room")), level)
        events.rooms_changed(user.id)


def set_reactions(user: User, wanted: bool) -> None:
    """Whether reactions to their messages call, from now on. Nobody is asked who never said so."""
    with transaction.atomic():
        NotificationSettings.objects.update_or_create(user=user, defaults={"reactions": wanted})
        if not wanted:
            notifications.withdraw_unread(Notification.objects.filter(user=user, kind=NotificationKind.REACTION))


def _one_at_a_time(user: User) -> None:
    """Until the transaction ends: whether somebody hears everything follows from two choices."""
    User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk").first()


def mute(user: User, room_name: str, muted: bool, until: datetime | None = None) -> None:
    """Whether the room is quiet for this person: it neither counts in the tab's title nor rings, and only what is
    personal is in the inbox. until: when that ends; None: when they say so.

    Raises ChatError: no_such_room.
    """
    room, mine = get_or_join(user, room_name)
    with transaction.atomic():
        Membership.objects.filter(pk=mine.pk).update(muted=muted, muted_until=until if muted else None)
        if muted:
            _let_go(user, Notification.objects.filter(room=room), Level.NOTHING)
        events.rooms_changed(user.id)


def _let_go(user: User, rows: NotificationQuerySet, level: str) -> None:
    """Withdraw what of rooms would not be there if this had been the level before: unread messages that call for
    nobody by name. Devices close what may not ring any more; the inbox keeps what was for this person."""
    mine = rows.filter(user=user)
    if level != Level.ALL:
        notifications.withdraw_unread(mine.filter(kind=NotificationKind.MESSAGE))
        unread = mine.filter(kind=NotificationKind.DIRECT).unread()
        if level == Level.MENTIONS:
            told = unread.exclude(message__reply_to__sender=user).values_list("pk", "message__mentions")
            unread = mine.filter(pk__in=[pk for pk, mentions in told[:MAX_LET_GO] if user.pk not in mentions])
        notifications.withdraw_unread(unread)
        announce_ended({user.pk})
