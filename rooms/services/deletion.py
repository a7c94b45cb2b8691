"""Deletes rooms: at once for everybody, and for good after ROOM_DELETION_DAYS. Until then whoever may delete a room may
restore it. Its name stays taken, so no other room gets its address."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from audit.recording import record
from site_settings import current

from ..kernel.errors import ChatError, not_found
from ..kernel.notices import notice
from ..kernel.rights import Action, roles_that_may
from ..kernel.signals import messages_deleted, stop_requested
from ..kernel.slugs import MAX_TITLE, NAME_PATTERN, title_to_slug
from ..models import Attachment, Membership, Message, ModerationNote, Room, RoomKind, RoomQuerySet
from ..publishing import events
from ..queries.room_names import MAX_SAME_SLUG, check_title_free
from . import attachments, lobby, personal_invitations
from .membership import get_visible_room
from .notices import try_to_post_notice
from .notification_counts import announce_ended_in_room
from .rights import check, may_as_staff
from .room_locks import lock_room, lock_room_or_none
from .room_notifications import notify_members, withdraw_note

BATCH_SIZE = 100  # messages that one transaction deletes for good
MAX_TOLD = 1000  # members whose lists of rooms change at once; those of others do within a minute


def delete(actor: User, room_name: str) -> Room:
    """Delete a room. For its owner and staff. Its sockets close, and replies that bots write there end.

    Raises ChatError: cannot_delete_room, direct_stays, no_such_room, or lobby_stays for the room that a server comes
    with.
    """
    found = get_visible_room(actor.id, room_name)
    check(Action.DELETE_ROOM, actor, found)
    if found.name == title_to_slug(lobby.TITLE):
        raise ChatError("lobby_stays")
    with transaction.atomic():
        room = lock_room(found.pk)
        for reply in Message.objects.unfinished().filter(room=room):
            stop_requested.send(Message, message=reply, user=actor)
        try_to_post_notice(actor, room.id, notice("room_deleted"))  # an archived room takes none
        if not room.deleted:  # by somebody else, meanwhile
            record("room.deleted", actor=actor.pk, room=room.pk)
        _set_deleted(room, now := timezone.now())
        notify_members.enqueue(room.pk, actor.pk, ModerationNote.ROOM_DELETED.value, now.isoformat())
        events.readers_changed(room.name, "room_deleted")
    personal_invitations.publish_pending_into(room)
    return room


def restore(actor: User, room_name: str) -> Room:
    """Restore a deleted room, with its members and messages. A public one whose title is taken gets a number.

    Raises ChatError: no_such_room, too_many_same_titles.
    """
    found = find_deleted(actor).filter(name=room_name).first() if NAME_PATTERN.match(room_name) else None
    if found is None:
        raise not_found()
    with transaction.atomic():
        room = lock_room_or_none(found.pk)
        if room and room.deleted:
            _set_deleted(room, None)
            record("room.restored", actor=actor.pk, room=room.pk)
            withdraw_note.enqueue(room.pk, ModerationNote.ROOM_DELETED.value)
            if (title := _free_title(room)) != room.title:
                room.title = title
                room.save(update_fields=["title"])  # `save` indexes the title
            try_to_post_notice(actor, room.id, notice("room_restored"))
    return get_visible_room(actor.id, room_name)


def find_deleted(user: User) -> RoomQuerySet:
    """The deleted rooms that this person may restore, the last one first."""
    mine = Membership.objects.filter(room=OuterRef("pk"), user_id=user.id, banned=False)
    owned = Q(Exists(mine.filter(role__in=roles_that_may(Action.DELETE_ROOM))))
    seen = Q(Exists(mine)) | Q(kind=RoomKind.PUBLIC)
    may = seen if may_as_staff(Action.DELETE_ROOM, user) else owned
    return Room.objects.filter(may, deleted__isnull=False).order_by("-deleted")


def gone_at(room: Room) -> datetime:
    """When a deleted room is deleted for good, or somewhat later."""
    return (room.deleted or timezone.now()) + timedelta(days=current.number("ROOM_DELETION_DAYS"))


def delete_for_good_batch() -> bool:
    """Delete some messages of a room whose time is over, or the room when none is left. Whether there may be more."""
    over = timezone.now() - timedelta(days=current.number("ROOM_DELETION_DAYS"))
    found = Room.objects.filter(deleted__lt=over).order_by("deleted").values_list("pk", flat=True).first()
    if found is None:
        return False
    with transaction.atomic():
        room = lock_room_or_none(found)
        if room and room.deleted and room.deleted < over:  # it may have been restored
            delete_some(room, BATCH_SIZE)
    return True


def delete_some(room: Room, count: int) -> None:
    """Delete so many messages of a locked room, or the room when none is left."""
    messages = list(Message.objects.filter(room=room).order_by("pk")[:count])
    if messages:
        attachments.discard_of(messages)
        messages_deleted.send(Message, messages=messages, room=room)  # bots stop their replies
        Message.objects.filter(pk__in=[message.pk for message in messages]).delete()
    else:
        attachments.discard(Attachment.objects.filter(room=room))
        room.delete()


def _set_deleted(room: Room, deleted: datetime | None) -> None:
    room.deleted = deleted
    Room.objects.filter(pk=room.pk).update(deleted=deleted)
    members = Membership.objects.filter(room=room, banned=False).order_by("pk").values_list("user_id", flat=True)
    for user_id in members[:MAX_TOLD]:
        events.rooms_changed(user_id)
        events.room_list_changed(user_id)
    announce_ended_in_room.enqueue(room.pk)


def _free_title(room: Room) -> str:
    if room.kind != RoomKind.PUBLIC:
        return room.title
    for number in range(1, MAX_SAME_SLUG):
        title = room.title if number == 1 else f"{room.title[: MAX_TITLE - 5]} ({number})"
        try:
            check_title_free(title, room)
            return title
        except ChatError as error:
            if error.reason != "room_title_taken":
                raise
    raise ChatError("too_many_same_titles")
