"""Invitations to the server over HTTP, for staff; see docs/protocol.md."""

from accounts.mail.links import absolute_url
from accounts.models import ServerInvitation

from ..kernel.protocol import person, timestamp
from ..services import invitation_mails, server_invitations
from .framework import ApiRequest


def list_server_invitations(request: ApiRequest) -> dict:
    """`{"invitations": [<server invitation>, …]}`, the newest first."""
    return {"invitations": [_serialize(each) for each in server_invitations.invitations_for(request.user)]}


def create_server_invitation(request: ApiRequest) -> tuple[dict, int]:
    """Takes `{"role"?, "rooms"?, "uses"?, "days"?, "domain"?, "note"?}`; without `uses` it is for one person, and with
    0 for any number. Returns it with its `link`."""
    fields = request.optional_fields(role=str, rooms=list, uses=int, days=int, domain=str, note=str)
    fields["uses"] = fields.get("uses", 1) or None
    made = server_invitations.create(request.user, **fields)
    return _with_link(request, server_invitations.get_invitation(request.user, made.pk)), 201


def mail_server_invitations(request: ApiRequest) -> tuple[dict, int]:
    """Takes the same without `uses`, and `{"addresses", "language"?}`. Returns `{"mailed": <count>}`."""
    types = {"role": str, "rooms": list, "days": int, "domain": str, "note": str}
    fields = request.optional_fields(addresses=list, language=str, **types)
    made = invitation_mails.mail_invitations(
        request.user, fields.pop("addresses", []), fields.pop("language", ""), **fields
    )
    return {"mailed": len(made)}, 202


def show_server_invitation(request: ApiRequest, number: int) -> dict:
    """One invitation, with the people who used it, and its `link` for its creator. Read-only tokens are refused: the
    link lets people in."""
    found = server_invitations.get_invitation(request.user, number)
    came = [
        {"person": person(each.user), "at": timestamp(each.at), "new_account": each.new_account}
        for each in server_invitations.people_of(found)
    ]
    return _with_link(request, found) | {"came": came}


def revoke_server_invitation(request: ApiRequest, number: int) -> dict:
    """`{"revoked": <id>}`."""
    request.text_fields()
    server_invitations.revoke(request.user, number)
    return {"revoked": number}


def _with_link(request: ApiRequest, invitation: ServerInvitation) -> dict:
    secret = server_invitations.secret_for(request.user, invitation)
    rooms = [room.name for room in server_invitations.rooms_for(request.user, invitation)]
    return _serialize(invitation) | {"rooms": rooms} | ({"link": absolute_url(f"/join/{secret}/")} if secret else {})


def _serialize(invitation: ServerInvitation) -> dict:
    return {
        "id": invitation.pk,
        "by": person(invitation.created_by),
        "role": invitation.role,
        "domain": invitation.domain,
        "note": invitation.note,
        "created": timestamp(invitation.created),
        "expires": timestamp(invitation.expires),
        "uses": invitation.uses,
        "max_uses": invitation.max_uses,
        "works": invitation.works,
    }
