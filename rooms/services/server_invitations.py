"""Invitations to the server: who has the link makes an account, also where sign-up is closed, and joins its rooms.

Staff make them. They last no longer than the right of the one who made them.
"""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.mail.confirmation import confirmed_address
from accounts.models import InvitationUse, ServerInvitation, User
from accounts.plain_text import clean_line
from accounts.rights import ServerAction, may_on_server
from accounts.role_changes import change_role
from accounts.roles import ServerRole
from audit.recording import record

from ..kernel.errors import ChatError
from ..models import BANNED_NOW, InvitedRoom, Membership, Room, RoomKind
from .membership import add_member, get_visible_room

MAX_DAYS, MAX_USES, MAX_ROOMS, MAX_NOTE = 90, 1000, 20, 200
MAX_STANDING = 200  # that work, of one person
OFFERED = (ServerRole.MEMBER, ServerRole.MODERATOR, ServerRole.ADMIN)  # guests: when they have rights of their own
_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_SALT = "rooms.server_invitations"


def create(
    actor: User,
    role: str = ServerRole.MEMBER,
    rooms: Iterable[str] = (),
    uses: int | None = None,
    days: int = 7,
    domain: str = "",
    note: str = "",
    address: str = "",
) -> ServerInvitation:
    """rooms: names of public ones, and of private ones that the actor belongs to. uses: None: any number.

    domain: addresses of those who come end with it. note: for staff. address: where it is mailed. Raises ChatError:
    not_staff, not_owner, too_many_server_invitations, no_such_room, too_many_invited_rooms, direct_is_for_two, and
    those of `_check`.
    """
    _check_staff(actor)
    note, domain = clean_line(note), domain.strip().lower().removeprefix("@")
    _check(actor, role, uses, days, domain, note)
    found = _rooms_to_offer(actor, rooms)
    nonce = secrets.token_hex(16)
    fields = {"role": role, "max_uses": uses, "domain": domain, "note": note, "address": address, "nonce": nonce}
    with transaction.atomic():
        if ServerInvitation.objects.working().filter(created_by=actor).count() >= MAX_STANDING:
            raise ChatError("too_many_server_invitations", count=MAX_STANDING)
        made = ServerInvitation.objects.create(
            created_by=actor,
            digest=_digest(_secret(nonce, settings.SECRET_KEY)),
            expires=timezone.now() + timedelta(days=days),
            **fields,
        )
        InvitedRoom.objects.bulk_create([InvitedRoom(invitation=made, room=room) for room in found])
        record("server.invitation_made", actor=actor.pk, invitation=made.pk, role=str(role))
    return made


def _check(actor: User, role: str, uses: int | None, days: int, domain: str, note: str) -> None:
    """Raises ChatError: server_role_unknown, not_owner, server_invitation_limits, admin_invited_once, domain_unusable,
    room_text_too_long."""
    if role not in OFFERED:
        raise ChatError("server_role_unknown")
    if role == ServerRole.ADMIN and not may_on_server(actor, ServerAction.INVITE_ADMINS):
        raise ChatError("not_owner")
    if not 1 <= days <= MAX_DAYS or not (uses is None or 1 <= uses <= MAX_USES):
        raise ChatError("server_invitation_limits")
    if role == ServerRole.ADMIN and uses != 1:
        raise ChatError("admin_invited_once")
    if domain and not _DOMAIN.fullmatch(domain):
        raise ChatError("domain_unusable")
    if len(note) > MAX_NOTE:
        raise ChatError("room_text_too_long", limit=MAX_NOTE)


def _rooms_to_offer(actor: User, names: Iterable[str]) -> list[Room]:
    """Raises ChatError: too_many_invited_rooms, no_such_room, direct_is_for_two."""
    wanted = list(dict.fromkeys(names))
    if len(wanted) > MAX_ROOMS:
        raise ChatError("too_many_invited_rooms", limit=MAX_ROOMS)
    found = [get_visible_room(actor.id, name) for name in wanted]
    if any(room.is_direct for room in found):
        raise ChatError("direct_is_for_two")
    return found


def invitations_for(actor: User, limit: int = 200) -> list[ServerInvitation]:
    """Of everybody, the newest first, each with `works`. Raises ChatError: not_staff."""
    _check_staff(actor)
    found = list(ServerInvitation.objects.select_related("created_by").order_by("-pk")[:limit])
    working = set(
        ServerInvitation.objects.working().filter(pk__in=[each.pk for each in found]).values_list("pk", flat=True)
    )
    for each in found:
        each.works = each.pk in working
    return found


def get_invitation(actor: User, invitation_id: int) -> ServerInvitation:
    """Raises ChatError: not_staff, no_such_server_invitation."""
    _check_staff(actor)
    found = ServerInvitation.objects.select_related("created_by").filter(pk=invitation_id).first()
    if found is None:
        raise ChatError("no_such_server_invitation")
    found.works = ServerInvitation.objects.working().filter(pk=found.pk).exists()
    return found


def secret_for(actor: User, invitation: ServerInvitation) -> str:
    """What its link ends with, for who made it; "" for others, and after the secret key was changed for good.

    One that was mailed is shown to nobody: who has it has read the mail, which proves that the address is theirs.
    """
    if invitation.created_by_id != actor.pk or invitation.address:
        return ""
    made_of = (_secret(invitation.nonce, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    return next((secret for secret in made_of if _digest(secret) == invitation.digest), "")


def secret_in_mail(invitation: ServerInvitation) -> str:
    """What the link of one that is mailed now ends with."""
    return _secret(invitation.nonce, settings.SECRET_KEY)


def revoke(actor: User, invitation_id: int) -> None:
    """Revoking twice is once. Raises ChatError: not_staff, no_such_server_invitation, not_owner."""
    invitation = get_invitation(actor, invitation_id)
    if invitation.role == ServerRole.ADMIN and not may_on_server(actor, ServerAction.INVITE_ADMINS):
        raise ChatError("not_owner")
    with transaction.atomic():
        if ServerInvitation.objects.filter(pk=invitation.pk, revoked=None).update(revoked=timezone.now()):
            record("server.invitation_revoked", actor=actor.pk, invitation=invitation.pk)


def people_of(invitation: ServerInvitation) -> list[InvitationUse]:
    """Who came by it, the last first."""
    return list(invitation.taken.select_related("user").order_by("-pk")[:MAX_USES])


def rooms_of(invitation: ServerInvitation) -> list[Room]:
    """Where it leads now: public rooms, and private ones that its maker still belongs to."""
    theirs = Membership.objects.filter(user=invitation.created_by_id, banned=False).values("room")
    rooms = Room.objects.standing().filter(pk__in=invitation.invited_rooms.values("room"))
    return list(rooms.filter(Q(kind=RoomKind.PUBLIC) | Q(kind=RoomKind.PRIVATE, pk__in=theirs)).order_by("pk"))


def rooms_for(actor: User, invitation: ServerInvitation) -> list[Room]:
    """`rooms_of`, as far as this member of staff sees them: a private room is its members' affair."""
    mine = set(Membership.objects.filter(user=actor, banned=False).values_list("room_id", flat=True))
    return [room for room in rooms_of(invitation) if room.kind == RoomKind.PUBLIC or room.pk in mine]


def get_working(secret: str) -> ServerInvitation:
    """What a link leads to. Raises ChatError: join_link_unknown, join_link_revoked, join_link_expired,
    join_link_used_up."""
    found = ServerInvitation.objects.select_related("created_by").filter(digest=_digest(secret)).first()
    _check_working(found)
    return found  # type: ignore[return-value]  # checked


def has_used(user: User, secret: str) -> bool:
    return InvitationUse.objects.filter(user=user, invitation__digest=_digest(secret)).exists()


def use(user: User, secret: str, new_account: bool = False) -> list[Room]:
    """Join its rooms, and, with an account made just now, get its role. Only the first time counts.

    Call it in the transaction that makes the account: of two who take the last use, the second's is taken back.
    Raises ChatError: those of `get_working`, address_elsewhere, and no_such_room for a room that is deleted just now.
    """
    with transaction.atomic():
        held = ServerInvitation.objects.select_for_update(of=("self",)).select_related("created_by")
        invitation = held.filter(digest=_digest(secret)).first()
        if invitation is None or not has_used(user, secret):
            _check_working(invitation)
            _count(invitation, user, new_account)  # type: ignore[arg-type]  # checked
        return _join_rooms(invitation, user)  # type: ignore[arg-type]


def _count(invitation: ServerInvitation, user: User, new_account: bool) -> None:
    if invitation.domain:
        confirmed = settings.EMAIL_HOST and not new_account  # who signs up confirms it before they get in
        check_address(invitation, confirmed_address(user) if confirmed else user.email)
    ServerInvitation.objects.filter(pk=invitation.pk).update(uses=F("uses") + 1)
    InvitationUse.objects.create(invitation=invitation, user=user, new_account=new_account)
    if new_account and invitation.role != ServerRole.MEMBER:
        change_role(user, ServerRole(invitation.role), actor=None)


def check_address(invitation: ServerInvitation, address: str) -> None:
    """Raises ChatError: address_elsewhere."""
    if invitation.domain and address.lower().rpartition("@")[2] != invitation.domain:
        raise ChatError("address_elsewhere", domain=invitation.domain)


def _join_rooms(invitation: ServerInvitation, user: User) -> list[Room]:
    rooms = rooms_of(invitation)
    banned = set(Membership.objects.filter(BANNED_NOW, user=user, room__in=rooms).values_list("room_id", flat=True))
    open_to_them = [room for room in rooms if room.pk not in banned]  # a ban is stronger than any link
    for room in open_to_them:
        add_member(room, user)
    return open_to_them


def _check_working(invitation: ServerInvitation | None) -> None:
    """Raises ChatError as `get_working` does."""
    if invitation is None:
        raise ChatError("join_link_unknown")
    if not ServerInvitation.objects.working().filter(pk=invitation.pk).exists():
        if invitation.revoked is None and invitation.expires <= timezone.now():
            raise ChatError("join_link_expired")
        if invitation.revoked is None and invitation.max_uses and invitation.uses >= invitation.max_uses:
            raise ChatError("join_link_used_up")
        raise ChatError("join_link_revoked")  # or who made it may not make it any more


def _check_staff(actor: User) -> None:
    if not (actor.is_active and may_on_server(actor, ServerAction.INVITE_TO_SERVER)):
        raise ChatError("not_staff")


def _secret(nonce: str, key: str) -> str:
    made = salted_hmac(_SALT, nonce, secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def _digest(secret: str) -> str:
    # A plain hash: the secret has 256 bits that nobody can guess.
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
