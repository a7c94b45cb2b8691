"""What a room decides for itself: who may invite people, and who may call everybody with @room."""

from django.db import transaction

from accounts.models import User
from audit.recording import record

from ..kernel.errors import ChatError
from ..kernel.notices import notice
from ..kernel.rights import Action
from ..models import Permitted, Room
from .membership import get_visible_room
from .notices import try_to_post_notice
from .rights import check
from .room_locks import lock_room

FIELDS = ("inviters", "callers")


def set_permissions(actor: User, room_name: str, inviters: str | None = None, callers: str | None = None) -> Room:
    """Set them, and post a notice of each that changes. For the room's owner and staff. None: as it is.

    Raises ChatError: cannot_set_permissions, permission_unknown, no_such_room.
    """
    found = get_visible_room(actor.id, room_name)
    check(Action.SET_PERMISSIONS, actor, found)
    wanted = {name: value for name, value in zip(FIELDS, (inviters, callers), strict=True) if value is not None}
    if not set(wanted.values()) <= set(Permitted.values):
        raise ChatError("permission_unknown", choices=", ".join(Permitted.values))
    with transaction.atomic():
        room = lock_room(found.pk)
        changes = {name: value for name, value in wanted.items() if getattr(room, name) != value}
        if changes:
            Room.objects.filter(pk=room.pk).update(**changes)
            for name, value in changes.items():
                try_to_post_notice(actor, room.pk, notice(f"{name}_{value}"))  # an archived room takes none
                record(f"room.{name}_changed", actor=actor.pk, room=room.pk, who=value)
    room.refresh_from_db()
    return room
