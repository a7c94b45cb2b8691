"""Whether a bot may answer, and may still: it listens there, and who hears it may read what is told."""

from collections.abc import Collection
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from rooms.kernel.errors import ChatError
from rooms.models import Membership, Room, RoomKind
from rooms.services.membership import get_visible_room

from ..models import Bot, Run

_A_ROOM, _A_USER = -1, -2  # in a statement that is kept


def available_bots(room: Room) -> QuerySet[Bot]:
    """The bots that answer in a room: switched on, and not kept to other rooms.

    In a direct message, one that is kept to some rooms answers those who belong to one of them.
    """
    bots = Bot.objects.filter(enabled=True, user__is_active=True)
    ours = Q(user__in=direct_message_user_ids(room), rooms__in=_rooms_of_members(room))
    return bots.filter(Q(rooms__isnull=True) | Q(rooms=room) | ours).distinct()


def available_among(room: Room, user_ids: Collection[int]) -> list[Bot]:
    """Those of `available_bots` that sign with these users.

    Every question meets this, and Django takes ten times as long to build the statement as the database to carry it
    out: for rooms it is kept.
    """
    if room.kind == RoomKind.DIRECT:
        return list(available_bots(room).filter(user_id__in=user_ids))
    sql, values = _available_sql(len(user_ids))
    places = {_A_ROOM: room.pk} | {_A_USER - number: user_id for number, user_id in enumerate(user_ids)}
    return list(Bot.objects.raw(sql, [places.get(value, value) for value in values]))


@cache
def _available_sql(users: int) -> tuple[str, tuple[Any, ...]]:
    """With negative numbers where ids come."""
    room = Room(pk=_A_ROOM, kind=RoomKind.PUBLIC)
    bots = available_bots(room).filter(user_id__in=[_A_USER - number for number in range(users)])
    return bots.query.sql_with_params()


def bots_for(user: User) -> QuerySet[Bot]:
    """The bots that answer this person somewhere: switched on, and not kept to rooms that are closed to them."""
    bots = Bot.objects.filter(enabled=True, user__is_active=True)
    return bots.filter(Q(rooms__isnull=True) | Q(rooms__in=Room.objects.of(user.id))).distinct()


def _rooms_of_members(room: Room) -> QuerySet[Any, Any]:
    """The rooms that the people of a direct message belong to; none for any other room."""
    belong = Membership.objects.filter(user__in=direct_message_user_ids(room), user__is_bot=False, banned=False)
    return belong.values("room")


def direct_message_user_ids(room: Room) -> set[int]:
    """The ids of the two users of direct messages; an empty set for a room."""
    return {int(id) for id in room.pair.split(":")} if room.kind == RoomKind.DIRECT and room.pair else set()


def refusal_reason(run: Run) -> str | None:
    """The reason why a run is not to be answered any more; None when it still is.

    With all that belongs to it loaded, only a redirected answer costs queries.
    """
    if run.question.deleted:
        return "question_deleted"
    if not (run.bot.enabled and run.bot.user.is_active):
        return "bot_disabled"
    return None if asker_may_read(run) else "asker_left_room"


def asker_may_read(run: Run) -> bool:
    """Whether who asked may still read the room that is told of, where the answer is for them alone."""
    if not run.is_redirected:
        return True
    try:
        get_visible_room(run.asker_id, run.reading_room.name)
    except ChatError:
        return False
    return True
