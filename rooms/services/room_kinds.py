"""Makes rooms private or public. Name (and so URL), members and messages stay."""

from django.db import transaction

from accounts.models import User
from audit.recording import record

from ..kernel.errors import ChatError
from ..kernel.notices import notice
from ..kernel.rights import Action
from ..models import Invitation, Room, RoomKind
from ..publishing import events
from ..queries.room_names import check_title_free
from .membership import get_visible_room
from .notices import try_to_post_notice
from .rights import check
from .room_locks import lock_room


def change_kind(actor: User, room_name: str, kind: str) -> Room:
    """Make a room private or public, and post a notice. For its owner and staff. The same kind again does nothing.

    People who are not members of a room that becomes private lose access at once, also through open sockets.

    Raises ChatError: cannot_change_kind, direct_stays_private, no_such_room, unknown_room_kind, and those of
    `check_title_free`.
    """
    found = get_visible_room(actor.id, room_name)
    check(Action.CHANGE_KIND, actor, found)
    if kind not in (RoomKind.PUBLIC, RoomKind.PRIVATE):
        raise ChatError("unknown_room_kind")
    with transaction.atomic():
        room = lock_room(found.pk)
        if room.kind != kind:
            _set_kind(actor, room, kind)
    room.refresh_from_db()
    return room


def _set_kind(actor: User, room: Room, kind: str) -> None:
    if kind == RoomKind.PUBLIC:
        check_title_free(room.title, room)
        # Nobody needs them now, and whoever has one must not get in when the room is private again.
        Invitation.objects.filter(room=room).delete()
    # While staff who are no members may still post, and readers who lose the room hear why. Archived rooms take none.
    try_to_post_notice(actor, room.id, notice("room_made_private" if kind == RoomKind.PRIVATE else "room_made_public"))
    Room.objects.filter(pk=room.pk).update(kind=kind)
    act = "room.made_private" if kind == RoomKind.PRIVATE else "room.made_public"
    record(act, actor=actor.pk, room=room.pk)
    if kind == RoomKind.PRIVATE:
        events.readers_changed(room.name, "room_private")
