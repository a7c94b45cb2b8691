"""Renames rooms: the title changes everywhere at once. The name, which is part of the URL, stays."""

from django.db import transaction

from accounts.models import User
from audit.recording import record

from ..kernel.notices import notice
from ..kernel.rights import Action
from ..kernel.slugs import check_title
from ..models import FormerRoomKey, Room, RoomKind
from ..queries.room_names import check_title_free
from ..text.name_keys import name_keys
from . import block_lists, personal_invitations
from .membership import get_visible_room
from .notices import post_notice
from .rights import check, check_open
from .room_locks import lock_room

MAX_FORMER_KEYS = 100  # of a room: those of its last titles


def rename(actor: User, room_name: str, title: str) -> Room:
    """Change a room's title and post a notice. For its moderators and staff. The same title again does nothing.

    On PostgreSQL two rooms that take one title at the same moment may both get it.

    Raises ChatError: cannot_rename, direct_has_no_title, no_such_room, room_archived, and those of `check_title`,
    `check_title_free` and `block_lists.check_words`.
    """
    found = get_visible_room(actor.id, room_name)
    check(Action.RENAME, actor, found)
    title = check_title(title)
    block_lists.check_words(found.pk, (title, ""))
    with transaction.atomic():
        room = lock_room(found.pk)
        check_open(Action.RENAME, room)
        changed = room.title != title
        if changed:
            _set_title(actor, room, title)
    if changed:
        # After the lock: many people may be invited to the room.
        personal_invitations.publish_pending_into(room)
    room.refresh_from_db()
    return room


def _set_title(actor: User, room: Room, title: str) -> None:
    if room.kind == RoomKind.PUBLIC:
        check_title_free(title, room)
    what = notice("room_renamed", before=room.title, title=title)
    _index_former_title(room, room.title, title)
    room.title = title
    room.save(update_fields=["title"])  # `save` indexes the title, `QuerySet.update` would not
    post_notice(actor, room.id, what)
    record("room.renamed", actor=actor.pk, room=room.pk)


def _index_former_title(room: Room, before: str, title: str) -> None:
    """A room that was called `before` is called `title` from now on."""
    former = FormerRoomKey.objects.filter(room=room)
    former.filter(made_of__in=[before, title]).delete()
    keys = enumerate(name_keys(before))
    FormerRoomKey.objects.bulk_create(
        FormerRoomKey(room=room, key=key, position=position, made_of=before) for position, key in keys
    )
    oldest = former.order_by("-pk").values_list("pk", flat=True)[MAX_FORMER_KEYS:]
    former.filter(pk__in=list(oldest)).delete()
