"""Creates a room with everything that belongs to it: name, kind, topic, and the people who are added or invited."""

from collections.abc import Iterable

from accounts.models import User

from ..kernel.errors import ChatError
from ..kernel.slugs import check_title, same_name
from ..models import Room, RoomKind
from ..queries.room_names import find_public_room
from . import membership, personal_invitations
from .messages import check_topic


def create(
    user: User, title: str, kind: str, topic: str = "", usernames: Iterable[str] = ()
) -> tuple[Room, dict[str, ChatError]]:
    """A new room, and why some of these people could not be added or invited. When it raises, nothing was created.

    Unlike `membership.create_room`, it does not enter an existing room, for which topic and people are not meant.

    Raises ChatError: cannot_create_rooms, room_title_taken.
    """
    membership.check_may_create(user)
    title, topic = check_title(title), check_topic(topic)
    found = find_public_room(title) if kind == RoomKind.PUBLIC else None
    if found and same_name(title, found.title):
        raise ChatError("room_title_taken")
    room = membership.create_room(user, title, kind, topic)
    if room.created_by_id != user.id:  # somebody else has just created it: nobody is invited
        raise ChatError("room_title_taken")
    refused = {}
    for username in usernames:
        try:
            personal_invitations.invite(user, room.name, username)
        except ChatError as error:
            refused[username] = error
    return room, refused
