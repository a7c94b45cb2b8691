"""Blocking: whose messages and invitations a person does not want. Blocked people cannot tell that they are."""

from django.db import transaction

from accounts.models import User

from ..kernel.errors import ChatError
from ..models import Block, Membership, RoomKind
from ..publishing import events
from . import mentions, notifications, personal_invitations
from .membership import get_user_by_name

MAX_BLOCKS = 1000  # of one person: the whole list goes into their pages


def block(user: User, username: str) -> User:
    """Block a person or bot; returns who. Blocking twice is once.

    Raises ChatError: block_yourself, too_many_blocked, no_such_person.
    """
    other = get_user_by_name(username, also_gone=True)
    if other.id == user.id:
        raise ChatError("block_yourself")
    with transaction.atomic():
        if Block.objects.filter(user=user).count() >= MAX_BLOCKS:
            raise ChatError("too_many_blocked", count=MAX_BLOCKS)
        if Block.objects.get_or_create(user=user, blocked=other)[1]:
            mentions.unmark_from_sender(user.id, other.id)
            notifications.forget_actor(user.id, other.id)
            personal_invitations.decline_all_of(user.id, other.id)
            _tell(user.id)
    return other


def unblock(user: User, username: str) -> User:
    """The reverse; returns who. What they wrote to this person alone in the meantime does not count as unread.

    Raises ChatError: no_such_person.
    """
    other = get_user_by_name(username, also_gone=True)
    with transaction.atomic():
        if Block.objects.filter(user=user, blocked=other).delete()[0]:
            direct = Membership.objects.filter(user=user, room__kind=RoomKind.DIRECT, room__memberships__user=other)
            for mine in direct.select_related("room"):
                Membership.objects.filter(pk=mine.pk).update(read_seq=mine.room.seq)
            _tell(user.id)
    return other


def blocked_by(user_id: int) -> list[User]:
    """Whom this person has blocked, by name."""
    ids = Block.objects.filter(user_id=user_id).values("blocked")
    return list(User.objects.filter(pk__in=ids).order_by("username"))


def _tell(user_id: int) -> None:
    events.blocks_changed(user_id, sorted(Block.objects.ids(user_id)))
