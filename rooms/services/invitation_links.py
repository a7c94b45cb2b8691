"""Invitation links into private rooms. A link works until it expires, is used up, or is revoked.

A link also ends when whoever created it may not create links any more. Links that do not work all look like links that
never existed.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from audit.recording import record

from ..kernel.errors import ChatError
from ..kernel.rights import Action
from ..models import BAN_HAS_ENDED, Invitation, Membership, Room
from .membership import add_member, get_visible_room
from .rights import check, may

MAX_DAYS, MAX_USES = 30, 1000
MAX_LINKS = 20  # that work, in one room


def create_link(actor: User, room_name: str, days: int = 7, uses: int | None = None) -> tuple[Invitation, str]:
    """A new invitation and its secret, which is shown once and cannot be read again.

    uses: how many people it lets in; None: as many as come. Moderators of private rooms only.

    Raises ChatError: cannot_manage_links, link_limits, no_such_room, room_needs_no_link, too_many_links.
    """
    room = _get_moderated_room(actor, room_name)
    if not 1 <= days <= MAX_DAYS or not (uses is None or 1 <= uses <= MAX_USES):
        raise ChatError("link_limits")
    links = Invitation.objects.filter(room=room)
    links.exclude(pk__in=links.working()).delete()
    if links.count() >= MAX_LINKS:
        raise ChatError("too_many_links", count=MAX_LINKS)
    secret = secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(days=days)
    with transaction.atomic():
        made = Invitation.objects.create(
            room=room, created_by=actor, digest=_digest(secret), expires=expires, max_uses=uses
        )
        record("room.link_made", actor=actor.pk, room=room.pk, link=made.pk)
    return made, secret


def links_of(actor: User, room: Room) -> list[Invitation]:
    """Working links, newest first. None for people who may not create any."""
    if not may(Action.MANAGE_LINKS, actor, room):
        return []
    return list(Invitation.objects.working().filter(room=room).select_related("created_by").order_by("-pk"))


def revoke(actor: User, room_name: str, invitation_id: int) -> None:
    """Delete a link. Revoking it twice is the same as once.

    Raises ChatError: cannot_manage_links, room_needs_no_link, no_such_room.
    """
    room = _get_moderated_room(actor, room_name)
    with transaction.atomic():
        if Invitation.objects.filter(room=room, pk=invitation_id).delete()[0]:
            record("room.link_revoked", actor=actor.pk, room=room.pk, link=invitation_id)


def get_visible_link(user: User, secret: str) -> tuple[Invitation, bool]:
    """The link with this secret, and whether this person is in its room already. Raises ChatError: link_invalid."""
    invitation = Invitation.objects.filter(digest=_digest(secret)).select_related("room", "created_by").first()
    places = Membership.objects.exclude(BAN_HAS_ENDED)
    place = invitation and places.filter(room=invitation.room, user=user).first()
    if invitation is None or (place and place.banned):
        raise _link_not_found()
    if not place and not Invitation.objects.working().filter(pk=invitation.pk).exists():
        raise _link_not_found()
    return invitation, bool(place)


def get_working_link(secret: str) -> Invitation:
    """The link with this secret, for somebody who is not signed in. Raises ChatError: link_invalid."""
    found = Invitation.objects.working().filter(digest=_digest(secret)).select_related("room", "created_by").first()
    if found is None:
        raise _link_not_found()
    return found


def accept(user: User, secret: str) -> Room:
    """Join by a link. It counts as used only for people who were not in the room. It never lifts a ban.

    Raises ChatError: link_invalid, no_such_room.
    """
    invitation, belongs = get_visible_link(user, secret)
    if belongs:
        return invitation.room
    with transaction.atomic():
        _place, came = add_member(invitation.room, user)
        # Of two who take the last use together one comes in: the other looks when the first has been counted.
        # Without the lock PostgreSQL looks before: `working` joins, so an update asks it in a subquery, which it does
        # not ask again when it has waited for the row.
        same = Invitation.objects.filter(pk=invitation.pk)
        if came and not (same.select_for_update().first() and same.working().update(uses=F("uses") + 1)):
            raise _link_not_found()
    return get_visible_room(user.id, invitation.room.name)


def _get_moderated_room(actor: User, room_name: str) -> Room:
    """A private room that this person moderates."""
    room = get_visible_room(actor.id, room_name)
    check(Action.MANAGE_LINKS, actor, room)
    return room


def _digest(secret: str) -> str:
    # A plain hash is enough for a secret of 256 random bits: it cannot be guessed.
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _link_not_found() -> ChatError:
    return ChatError("link_invalid")
