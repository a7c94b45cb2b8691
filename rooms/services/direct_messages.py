"""Direct messages: a private room of two users."""

from django.db import IntegrityError, transaction

from accounts.models import User

from ..kernel.errors import ChatError
from ..kernel.slugs import random_name
from ..models import Membership, Room, RoomKind
from ..publishing import events
from . import daily_limits
from .membership import get_user_by_name, user_not_found


def get_or_create_direct_message(user: User, username: str) -> Room:
    """The direct message of two people, created when it does not exist. Its name is random: nothing leads to it.

    Raises rate_limited for somebody who has begun too many today.

    Raises ChatError: direct_with_yourself, no_such_person.
    """
    other = get_user_by_name(username, also_gone=True)
    room = find_direct_message(user, other)
    if room is not None:
        return room
    if not other.is_bot:
        daily_limits.check_new_direct(user)
    pair = _pair_key(user, other)
    try:
        with transaction.atomic():
            title = " & ".join(sorted((user.username, other.username)))
            room = Room.objects.create(
                name=random_name(RoomKind.DIRECT), title=title, kind=RoomKind.DIRECT, pair=pair, created_by=user
            )
            Membership.objects.bulk_create([Membership(room=room, user=user), Membership(room=room, user=other)])
            events.room_list_changed(user.id, other.id)
    except IntegrityError:
        room = Room.objects.get(pair=pair)
    return room


def find_direct_message(user: User, other: User) -> Room | None:
    """Their direct message; None if it does not exist yet. Raises ChatError: direct_with_yourself, no_such_person."""
    if other.id == user.id:
        raise ChatError("direct_with_yourself")
    room = Room.objects.filter(pair=_pair_key(user, other)).first()
    if room is None and not other.is_active:
        raise user_not_found()
    return room


def other_member(room: Room, user_id: int) -> User:
    """The other person of a direct message."""
    other: User = User.objects.exclude(pk=user_id).get(memberships__room=room)
    return other


def _pair_key(user: User, other: User) -> str:
    return ":".join(str(id) for id in sorted((user.id, other.id)))
