"""Names that call many: @here, @room, and groups of people. Who may use them, and how often.

@room is for moderators; for others it is a word. In large rooms both that call a whole room are limited, whoever calls:
a moderator's stolen session must not wake ten thousand people every minute.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from ..kernel.errors import ChatError
from ..models import GroupMember, Membership, Message, PeopleGroup, Room

HERE, ROOM = "here", "room"
# What people are used to from elsewhere. None of these, nor the two above, can become somebody's name.
_NAMES = {HERE: HERE, ROOM: ROOM, "everyone": ROOM, "all": ROOM, "channel": ROOM}
LARGE = 50  # people in a room
CALLS_AN_HOUR = 5  # of a large room
HOUR = timedelta(hours=1)


def is_call(name: str) -> bool:
    """Whether a lower-case name calls those who are in a room."""
    return name in _NAMES


def resolve_calls(wanted: Sequence[tuple[Room, Collection[str], bool]]) -> list[dict[str, str]]:
    """Takes rooms with lower-case names that are nobody's, and whether the author moderates there. Returns for each of
    them name → whom it calls: HERE, ROOM, or a group by its name. One query for all, none without such names.

    In direct messages there is nobody else to call.
    """
    unknown = {name for room, names, _moderates in wanted if not room.is_direct for name in names} - _NAMES.keys()
    groups = set(PeopleGroup.objects.filter(name__in=unknown).values_list("name", flat=True)) if unknown else set()

    def calls(name: str, moderates: bool) -> str:
        what = _NAMES.get(name) or (name if name in groups else "")
        return "" if what == ROOM and not moderates else what

    return [
        {} if room.is_direct else {name: what for name in names if (what := calls(name, moderates))}
        for room, names, moderates in wanted
    ]


def check_calls(room: Room, called: Iterable[str]) -> ChatError | None:
    """Whether these may be called in a locked room once more."""
    if not {HERE, ROOM} & set(called) or not is_large(room):
        return None
    now = timezone.now()
    before = Message.objects.filter(room=room, audience__isnull=False, created__gt=now - HOUR).order_by("-created")
    times = [at for at, audience in before.values_list("created", "audience") if {HERE, ROOM} & set(audience or ())]
    if len(times) < CALLS_AN_HOUR:
        return None
    wait = (times[CALLS_AN_HOUR - 1] + HOUR - now).total_seconds()
    return ChatError("too_many_calls", max(1, wait), limit=CALLS_AN_HOUR)


def members_of(groups: Collection[str]) -> QuerySet:
    return GroupMember.objects.filter(group__name__in=groups).values("user")


def is_large(room: Room) -> bool:
    return len(Membership.objects.filter(room=room, banned=False).values_list("pk")[: LARGE + 1]) > LARGE
