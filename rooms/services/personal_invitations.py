"""Inviting people into a room. Whom the inviter knows is added at once; everybody else accepts or declines first.

An inviter sees neither that they were declined nor that they are blocked: for as long as an invitation is valid, both
look like no answer yet. Until then, inviting the same person again changes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from accounts.models import User
from audit.recording import record
from common.prepared import Prepared

from ..kernel.errors import ChatError
from ..kernel.notices import notice
from ..kernel.protocol import person, timestamp
from ..kernel.rights import Action
from ..models import (
    BAN_HAS_ENDED,
    INVITATION_VALID_FOR,
    AskBeforeAdding,
    Block,
    InvitationState,
    Membership,
    PersonalInvitation,
    Room,
)
from ..publishing import events
from . import daily_limits
from .contact_permissions import may_add
from .membership import (
    add_member,
    get_or_join,
    get_user_by_name,
    get_visible_room,
    get_visible_room_and_membership,
)
from .moderation import lift_ban
from .notices import try_to_post_notice
from .rights import check, may
from .room_locks import lock_room
from .room_notifications import follow_invitations, notify_of_invitation

VALID_FOR = INVITATION_VALID_FOR
MAX_UNANSWERED = 200  # of one inviter
MAX_SHOWN = 50  # that one person can have pending; further ones are stored and not shown
MAX_TOLD = 200  # people who are told at once that a room was renamed
UNANSWERED = (InvitationState.PENDING, InvitationState.DECLINED)


@dataclass(frozen=True, slots=True)
class Invited:
    user: User
    is_member: bool  # they are in the room now; False: they were invited


def invite(actor: User, room_name: str, username: str) -> Invited:
    """Add somebody to a room, or invite them.

    Any member may, unless the room leaves it to its moderators. Only these may invite somebody banned, which lifts the
    ban.

    Raises ChatError: cannot_invite, direct_is_for_two, person_banned, too_many_invited, no_such_person, no_such_room.
    """
    room, mine = get_visible_room_and_membership(actor.id, room_name)
    check(Action.INVITE, actor, room)
    if mine is None:
        room = get_or_join(actor, room_name)[0]
    guest = get_user_by_name(username)
    place = Membership.objects.exclude(BAN_HAS_ENDED).filter(room=room, user=guest).first()
    if place and not place.banned:
        return Invited(guest, True)
    if place and not may(Action.BAN, actor, room):
        raise ChatError("person_banned")
    with transaction.atomic():
        if place:
            lift_ban(actor, room.name, guest.id)
        return Invited(guest, _add_or_ask(actor, guest, room))


def pending_for(user_id: int) -> list[PersonalInvitation]:
    """Invitations that a person can answer, newest first: one for each room, whoever invited them there."""
    return list({each.room_id: each for each in _PENDING(user_id, timezone.now() - VALID_FOR)}.values())


def _answerable(user_id: int, since: datetime) -> QuerySet[PersonalInvitation]:
    there = Membership.objects.exclude(BAN_HAS_ENDED).filter(room=OuterRef("room"), user_id=user_id)
    mine = _standing(since).filter(~Exists(there), user_id=user_id, state=InvitationState.PENDING)
    return mine.select_related("room", "inviter").order_by("-pk")[:MAX_SHOWN]


_PENDING = Prepared(_answerable, int, datetime)  # each page asks for it


def users_with_pending(user_ids: Collection[int]) -> set[int]:
    """Those of these people who may have invitations to answer."""
    return set(_pending(user_id__in=user_ids).values_list("user_id", flat=True))


def asked_into(room: Room) -> list[PersonalInvitation]:
    """Who was invited into a room and is not there, by name. Members do not learn whether they have declined."""
    return list({each.user_id: each for each in _ASKED(room.pk, timezone.now() - VALID_FOR)}.values())


def _asked_into(room_id: int, since: datetime) -> QuerySet[PersonalInvitation]:
    there = Membership.objects.exclude(BAN_HAS_ENDED).filter(room_id=room_id, user=OuterRef("user"))
    asked = _standing(since).filter(~Exists(there), room_id=room_id, state__in=UNANSWERED)
    return asked.select_related("user", "inviter").order_by("user__username", "-pk")


_ASKED = Prepared(_asked_into, int, datetime)  # each page of a room with few messages asks for it


def accept(user: User, invitation_id: int) -> Room:
    """Accept an invitation and join the room. Raises ChatError: invitation_gone, no_such_room."""
    room = _get_pending(user, invitation_id).room
    add_member(room, user)
    return get_visible_room(user.id, room.name)


def decline(user: User, invitation_id: int) -> None:
    """Decline; whoever invited is not told. From now on nobody adds this person to the room without asking.

    Raises ChatError: invitation_gone.
    """
    room = _get_pending(user, invitation_id).room
    with transaction.atomic():
        _pending(room=room, user=user).update(state=InvitationState.DECLINED)
        AskBeforeAdding.objects.get_or_create(room=room, user=user)
        publish_pending(user.id)


def withdraw(actor: User, room_name: str, username: str) -> User:
    """Withdraw an invitation: one's own, or as a moderator anybody's. Returns who was invited.

    Raises ChatError: not_invited, no_such_person, no_such_room.
    """
    room = get_visible_room(actor.id, room_name)
    guest = get_user_by_name(username, also_gone=True)
    asked = _standing().filter(room=room, user=guest, state__in=UNANSWERED)
    asked = asked if may(Action.WITHDRAW_OTHERS, actor, room) else asked.filter(inviter=actor)
    with transaction.atomic():
        found = list(asked.values_list("pk", "inviter"))
        mine = all(inviter == actor.pk for _pk, inviter in found)
        if not PersonalInvitation.objects.filter(pk__in=[pk for pk, _inviter in found]).update(withdrawn=True):
            raise ChatError("not_invited")
        if not mine:
            record("room.invitation_withdrawn", actor=actor.pk, person=guest.pk, room=room.pk)
        publish_pending(guest.id)
    return guest


def decline_all_of(user_id: int, inviter_id: int) -> None:
    """Decline all invitations by somebody whom the person has just blocked."""
    if _pending(user_id=user_id, inviter_id=inviter_id).update(state=InvitationState.DECLINED):
        publish_pending(user_id)


def serialize_invitation(invitation: PersonalInvitation) -> dict:
    """An invitation on the wire, as the invited person sees it."""
    room = invitation.room
    return {
        "id": invitation.id,
        "room": {"title": room.title, "kind": room.kind},
        "by": person(invitation.inviter),
        "created": timestamp(invitation.created),
    }


def publish_pending(user_id: int) -> None:
    """After the commit, send the person's sockets their pending invitations."""
    pending = pending_for(user_id)
    events.invitations_changed(user_id, [serialize_invitation(each) for each in pending])
    follow_invitations(user_id, {each.room_id: each.inviter_id for each in pending})


def publish_pending_into(room: Room) -> None:
    """After the commit, tell people with a pending invitation what the room is called now.

    At most MAX_TOLD are told at once. The others read it when they open their invitations.
    """
    asked = _pending(room=room).order_by("user_id").values_list("user_id", flat=True).distinct()
    for user_id in asked[:MAX_TOLD]:
        publish_pending(user_id)


def _add_or_ask(actor: User, guest: User, room: Room) -> bool:
    """Returns whether they are in the room now. Asks and writes the same whether or not they block the actor."""
    asked = PersonalInvitation.objects.filter(room=room, user=guest, inviter=actor)
    waits = asked.filter(state__in=UNANSWERED, created__gt=timezone.now() - VALID_FOR)
    is_new = not waits.exists()
    if is_new:
        daily_limits.check_invitations(actor)
        _check_unanswered(actor)
    added = may_add(actor, guest, room)
    blocked = Block.objects.filter(user=guest, blocked=actor).exists()
    if added:
        lock_room(room.pk)  # before their membership, as in `moderation.remove`
        add_member(room, guest)
        _write(actor, guest, room, InvitationState.ADDED)
        # The first message that is unread for them, and says how they came here. An archived room takes no notices.
        try_to_post_notice(actor, room.id, notice("person_added", name=guest.username))
    elif is_new:
        _write(actor, guest, room, InvitationState.DECLINED if blocked else InvitationState.PENDING)
        notify_of_invitation(guest.id, room, actor.id, heard=not blocked)
    else:
        waits.update(withdrawn=False)
    if not added and not blocked:
        publish_pending(guest.id)
    return added


def _write(actor: User, guest: User, room: Room, state: str) -> None:
    fields = {"state": state, "withdrawn": False, "created": timezone.now()}
    PersonalInvitation.objects.update_or_create(room=room, user=guest, inviter=actor, defaults=fields)


def _check_unanswered(actor: User) -> None:
    if not actor.is_staff and _standing().filter(inviter=actor, state__in=UNANSWERED).count() >= MAX_UNANSWERED:
        raise ChatError("too_many_invited", count=MAX_UNANSWERED)


def _standing(since: datetime | None = None) -> QuerySet[PersonalInvitation]:
    """Invitations that are neither withdrawn nor expired, by people who are still in the room."""
    there = Membership.objects.filter(room=OuterRef("room"), user=OuterRef("inviter"))
    member = there.filter(banned=False, room__deleted=None)
    recent = PersonalInvitation.objects.filter(withdrawn=False, created__gt=since or timezone.now() - VALID_FOR)
    return recent.filter(Exists(member), inviter__is_active=True)


def _pending(**whose: Any) -> QuerySet[PersonalInvitation]:
    return PersonalInvitation.objects.filter(state=InvitationState.PENDING, **whose)


def _get_pending(user: User, invitation_id: int) -> PersonalInvitation:
    found = next((each for each in pending_for(user.id) if each.id == invitation_id), None)
    if found is None:
        raise ChatError("invitation_gone")
    return found
