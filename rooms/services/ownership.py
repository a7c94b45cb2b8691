"""Who owns a room when its owner leaves, or when it has none."""

from django.db import transaction

from accounts.models import User
from audit.recording import record

from ..models import Membership, Role, Room
from .room_locks import lock_room


def transfer_ownership(room: Room, leaving: User | None = None) -> User | None:
    """Make somebody the owner of a room that has none: its oldest moderator, else the oldest member; people only, who
    can sign in. Returns who. None: there is nobody, and the next who comes in owns it.

    An owner whose account is deactivated stays the owner; until they are back, moderators and staff keep order.
    """
    people = Membership.objects.filter(room=room, banned=False, user__is_bot=False, user__is_active=True)
    people = people.exclude(user=leaving).select_related("user").order_by("joined", "pk")
    heir = people.filter(role=Role.MODERATOR).first() or people.first()
    if heir is None:
        return None
    Membership.objects.filter(pk=heir.pk).update(role=Role.OWNER)
    record("room.owner_changed", actor=leaving.pk if leaving else None, person=heir.user_id, room=room.pk)
    return heir.user


def own_again(room: Room) -> None:
    """Give a room without an owner to one of its members, if there is somebody. Direct messages have none.

    Raises ChatError: no_such_room.
    """
    with transaction.atomic():
        lock_room(room.pk)  # of two who come together, one owns it
        if not room.is_direct and not Membership.objects.filter(room=room, role=Role.OWNER).exists():
            transfer_ownership(room)
