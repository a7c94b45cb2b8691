"""Who keeps order in a room: whom they take out, let come again and appoint."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.recording import record

from ..kernel.errors import ChatError
from ..kernel.notices import notice
from ..kernel.rights import Action
from ..models import BANNED_NOW, Membership, ModerationNote, Removal, Role, Room
from ..publishing import events
from .bans import Terms, set_ban
from .membership import get_visible_room
from .notices import try_to_post_notice
from .notification_counts import announce_ended
from .readers import remember_reader
from .rights import check, may
from .room_locks import lock_room
from .room_notifications import notify_of_moderation

NO_TERMS = Terms()
MAX_BANS = 500  # of a room that are shown


def remove(actor: User, room_name: str, user_id: int, ban: bool = False, terms: Terms = NO_TERMS) -> None:
    """Take somebody out of a room; with `ban` they cannot come back. Moderators only, and never the owner.

    Banned can be whoever is not in the room as well: who has left, or was never there. Banning twice is once: see
    `change_ban` for other terms (from `bans.check_terms`).

    Raises ChatError: cannot_remove, no_such_room, not_a_member.
    """
    room = get_visible_room(actor.id, room_name)
    if not ban:
        _get_member(user_id, room)
    check(Action.BAN if ban else Action.REMOVE, actor, room)
    remove_from(actor, room, user_id, ban, terms)


def remove_from(actor: User, room: Room, user_id: int, ban: bool = False, terms: Terms = NO_TERMS) -> None:
    """The same for a caller who has checked that the actor may, such as for a report.

    Raises ChatError: cannot_remove, no_such_room, not_a_member.
    """
    found = Membership.objects.filter(room=room, user_id=user_id).select_related("user")
    theirs = found.first() if ban else _get_member(user_id, room)
    if theirs and theirs.role == Role.OWNER:
        raise ChatError("cannot_remove")
    with transaction.atomic():
        room = lock_room(room.pk)
        member = None if theirs is None or theirs.banned else theirs.user
        if not (ban and theirs and theirs.is_banned):
            act = "room.person_banned" if ban else "room.person_removed"
            record(act, actor=actor.pk, person=user_id, room=room.pk)
            if theirs:
                remember_reader(theirs)
            if ban:
                set_ban(room, user_id, actor.pk, terms)
        if not ban and theirs:  # as _get_member found it
            theirs.delete()
        announce_ended({user_id})
        events.removed(room.name, user_id)
        if member:
            Removal.objects.update_or_create(
                room=room, user=member, defaults={"banned": ban, "created": timezone.now()}
            )
            # Told after the removal, so that who is out hears nothing more. An archived room takes no notices.
            note = ModerationNote.BANNED if ban else ModerationNote.REMOVED
            notify_of_moderation(member.pk, room, actor, note)
            what = "person_banned" if ban else "person_removed"
            try_to_post_notice(actor, room.id, notice(what, name=member.username))


def change_ban(actor: User, room_name: str, user_id: int, terms: Terms) -> None:
    """Let a ban end at another time, or for another reason. Whoever changes it answers for it from then on.

    Raises ChatError: cannot_remove, not_banned, no_such_room.
    """
    room = _get_moderated_room(actor, room_name)
    with transaction.atomic():
        room = lock_room(room.pk)
        place = Membership.objects.filter(BANNED_NOW, room=room, user_id=user_id).first()
        if place is None:
            raise ChatError("not_banned")
        set_ban(room, user_id, actor.pk, terms)
        record("room.ban_changed", actor=actor.pk, person=user_id, room=room.pk)


def bans_of(actor: User, room_name: str) -> list[Membership]:
    """Whom a room keeps out, the last first: places with their `user` and, if it is known who banned them, `ban`.

    Raises ChatError: cannot_remove, no_such_room.
    """
    places = Membership.objects.filter(BANNED_NOW, room=_get_moderated_room(actor, room_name))
    return list(places.select_related("user", "ban__by").order_by("-ban__created", "-pk")[:MAX_BANS])


def _get_moderated_room(actor: User, room_name: str) -> Room:
    room = get_visible_room(actor.id, room_name)
    check(Action.BAN, actor, room)
    return room


def lift_ban(actor: User, room_name: str, user_id: int) -> None:
    """Let somebody come again. It makes them no member: perhaps they never were one, or do not want to be.

    Raises ChatError: person_banned, no_such_room.
    """
    room = get_visible_room(actor.id, room_name)
    if not may(Action.BAN, actor, room):
        raise ChatError("person_banned")
    with transaction.atomic():
        if Membership.objects.filter(room=room, user_id=user_id, banned=True).delete()[0]:
            record("room.ban_lifted", actor=actor.pk, person=user_id, room=room.pk)
        # Who never belonged to the room was not told that they were banned.
        if Removal.objects.filter(room=room, user_id=user_id, banned=True).update(banned=False):
            notify_of_moderation(user_id, room, actor, ModerationNote.UNBANNED)


def appoint(actor: User, room_name: str, user_id: int, role: str) -> None:
    """Give a member another role: reader, member or moderator. The owner of the room may, and staff.

    Moderators may make members read-only, and lift that.

    Raises ChatError: cannot_appoint, not_a_member, role_not_assignable, no_such_room.
    """
    room = get_visible_room(actor.id, room_name)
    theirs = _get_member(user_id, room)
    if role not in (Role.READER, Role.MEMBER, Role.MODERATOR) or theirs.role == Role.OWNER:
        raise ChatError("role_not_assignable")
    among_members = Role.MODERATOR not in (role, theirs.role)
    check(Action.SET_READER if among_members else Action.APPOINT, actor, room)
    act, made = _APPOINTED[role]
    with transaction.atomic():
        # Not if it has changed meanwhile: a moderator may not dismiss another one.
        if role != theirs.role and Membership.objects.filter(pk=theirs.pk, role=theirs.role).update(role=role):
            record(act, actor=actor.pk, person=user_id, room=room.pk)
            notify_of_moderation(user_id, room, actor, made)
            events.rights_changed(user_id, room.name)


_APPOINTED: dict[str, tuple[str, ModerationNote]] = {
    Role.READER: ("room.person_made_reader", ModerationNote.MADE_READER),
    Role.MEMBER: ("room.moderator_dismissed", ModerationNote.MADE_MEMBER),
    Role.MODERATOR: ("room.moderator_appointed", ModerationNote.MADE_MODERATOR),
}


def _get_member(user_id: int, room: Room) -> Membership:
    place = Membership.objects.filter(room=room, user_id=user_id, banned=False).first()
    if place is None:
        raise ChatError("not_a_member")
    return place
