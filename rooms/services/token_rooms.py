"""Tokens that are for some rooms only: whatever is not about one of these is refused, unless it is known to be fit.

Direct messages are never among the rooms: a bot asked there may tell of others.
"""

from accounts.models import User
from accounts.token_places import TokenRoom

from ..kernel.errors import ChatError, not_found
from ..models import Room, RoomKind


def allows(user: User, room_id: int) -> bool:
    """Whether the token or session of this user is for that room, too."""
    return user.only_rooms is None or room_id in user.only_rooms


def check_room(user: User, name: str) -> None:
    """Raises ChatError for a room that the token is not for, as for one that does not exist: no_such_room."""
    if user.only_rooms is None:
        return
    if name not in set(Room.objects.filter(pk__in=user.only_rooms).values_list("name", flat=True)):
        raise not_found()


def check_all_rooms(user: User) -> None:
    """For what is about no room, or about all of them. Raises ChatError: token_of_some_rooms."""
    if user.only_rooms is not None:
        raise ChatError("token_of_some_rooms")


def check(user: User, room_name: str | None) -> None:
    """For what is about this room; None: about none. Raises ChatError: no_such_room, token_of_some_rooms."""
    if room_name is None:
        check_all_rooms(user)
    else:
        check_room(user, room_name)


def choices_of(user: User) -> list[TokenRoom]:
    """The rooms to which a token of this person may be limited."""
    rooms = Room.objects.listed_for(user.pk).exclude(kind=RoomKind.DIRECT).order_by("title", "pk")
    return [TokenRoom(*row) for row in rooms.values_list("pk", "name", "title")]
