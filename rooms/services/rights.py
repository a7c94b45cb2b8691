"""Whether somebody may do something in a room that they see: asks the table of rights (kernel/rights.py)."""

from accounts.models import User
from common.prepared import Prepared

from ..kernel.errors import ChatError, archived
from ..kernel.rights import EVERYBODY, RIGHTS, Action, Who, refusal, who_may
from ..models import Membership, Room

_PLACE = Prepared(
    lambda room_id, user_id: Membership.objects.filter(room_id=room_id, user_id=user_id, banned=False), int, int
)


def who_is(user: User, role: str | None) -> frozenset[Who]:
    """All that somebody is in front of a room. role: theirs in it; None: they have not joined."""
    standing = Who(role) if role else Who.VISITOR
    return frozenset({standing, Who.STAFF} if user.is_staff else {standing})


def may(action: Action, user: User, room: Room) -> bool:
    """The caller has checked that they see the room, and whether it is archived. At most one query."""
    return _refusal(action, user, room) is None


def may_as(action: Action, user: User, room: Room, role: str | None) -> bool:
    """The same, without a query. role: theirs in the room; None: they have not joined."""
    return refusal(action, room.kind, who_is(user, role), _chosen(action, room)) is None


def may_as_staff(action: Action, user: User) -> bool:
    """Whether somebody need not belong to a room for this, other than a direct message."""
    return user.is_staff and Who.STAFF in RIGHTS[action].who


def is_free(user: User, room: Room, role: str | None) -> bool:
    """Whether nothing of what keeps people from writing keeps them: announcement rooms, slow mode, timeouts in the
    room."""
    return user.is_staff or may_as(Action.ANNOUNCE, user, room, role)


def held(user: User, room: Room, role: str | None) -> dict[str, bool]:
    """All actions, by their names in small letters, for pages: whether they may. As `may_as`."""
    return {action.name.lower(): may_as(action, user, room, role) for action in Action}


def check(action: Action, user: User, room: Room) -> None:
    """The same. Raises ChatError with the reasons of the action in the table."""
    if (reason := _refusal(action, user, room)) is not None:
        raise ChatError(reason)


def check_open(action: Action, room: Room) -> None:
    """Under the room's lock where something is written. Raises ChatError: room_archived."""
    if room.archived and not RIGHTS[action].archived:
        raise archived()


def _refusal(action: Action, user: User, room: Room) -> str | None:
    chosen = _chosen(action, room)
    by_role = room.kind in RIGHTS[action].kinds and not room.is_direct and who_may(action, chosen) != EVERYBODY
    if by_role and not may_as_staff(action, user):
        mine = _PLACE.first(room.id, user.id)
        return refusal(action, room.kind, who_is(user, mine.role if mine else None), chosen)
    return refusal(action, room.kind, who_is(user, None), chosen)


def _chosen(action: Action, room: Room) -> str:
    field = RIGHTS[action].chosen_by
    return getattr(room, field) if field else ""
