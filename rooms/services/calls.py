"""Names that call many people: @here, @room, and groups of people. Who may use them, and how often.

@room works for moderators, or for all members where the room says so; from others it is plain text. In large rooms
@here and @room are limited for everyone, so that a stolen session cannot wake ten thousand people every minute.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from common.prepared import Prepared

from ..kernel.errors import ChatError
from ..models import GroupMember, Membership, Message, PeopleGroup, Room

HERE, ROOM = "here", "room"
# The names that other products use, too. Nobody can be called by one of these.
_NAMES = {HERE: HERE, ROOM: ROOM, "everyone": ROOM, "all": ROOM, "channel": ROOM}
LARGE = 50  # a room with more people is large
CALLS_AN_HOUR = 5  # of a large room
HOUR = timedelta(hours=1)


def _last_call(room_id: int, after: datetime) -> QuerySet[Message]:
    """The call of @here or @room since then that used up the room's limit, if there is one."""
    rows = Message.objects.filter(room=room_id, audience__isnull=False, created__gt=after)
    rows = rows.annotate(called=Cast("audience", TextField()))
    rows = rows.filter(Q(called__contains=f'"{HERE}"') | Q(called__contains=f'"{ROOM}"'))
    return rows.order_by("-created").only("created")[CALLS_AN_HOUR - 1 : CALLS_AN_HOUR]


_find_last_call = Prepared(_last_call, int, datetime)


def is_call(name: str) -> bool:
    """Whether a lower-case name calls those who are in a room."""
    return name in _NAMES


def resolve_calls(wanted: Sequence[tuple[Room, Collection[str], bool]]) -> list[dict[str, str]]:
    """What names call. wanted: for each message its room, lower-case names that belong to no person, and whether its
    author may call the whole room.

    Returns for each of them name → what it calls: HERE, ROOM, or the name of a group. One query for all, none without
    such names. In direct messages, names call nobody.
    """
    unknown = {name for room, names, _may_call_room in wanted if not room.is_direct for name in names} - _NAMES.keys()
    groups = set(PeopleGroup.objects.filter(name__in=unknown).values_list("name", flat=True)) if unknown else set()

    def calls(name: str, may_call_room: bool) -> str:
        what = _NAMES.get(name) or (name if name in groups else "")
        return "" if what == ROOM and not may_call_room else what

    return [
        {} if room.is_direct else {name: what for name in names if (what := calls(name, may_call_room))}
        for room, names, may_call_room in wanted
    ]


def check_calls(room: Room, called: Iterable[str]) -> ChatError | None:
    """Whether these may be called once more in a locked room. Returns too_many_calls if not.

    One prepared look at an index: posts wait for it.
    """
    if not {HERE, ROOM} & set(called):
        return None
    now = timezone.now()
    last = _find_last_call.first(room.pk, now - HOUR)
    if last is None or not is_large(room):
        return None
    wait = (last.created + HOUR - now).total_seconds()
    return ChatError("too_many_calls", max(1, wait), limit=CALLS_AN_HOUR)


def members_of(groups: Collection[str]) -> QuerySet:
    """The ids of the people in groups with these names, for a subquery."""
    return GroupMember.objects.filter(group__name__in=groups).values("user")


def is_large(room: Room) -> bool:
    """Whether more than LARGE people belong to the room. Counts no further."""
    return len(Membership.objects.filter(room=room, banned=False).values_list("pk")[: LARGE + 1]) > LARGE
