"""Blocking and inviting people over HTTP; see docs/protocol.md."""

from ..kernel.protocol import person, timestamp
from ..services import blocks, membership, personal_invitations
from .framework import ApiRequest


def list_blocks(request: ApiRequest) -> dict:
    """`{"blocked": [<person>, …]}`."""
    return {"blocked": [person(user) for user in blocks.blocked_by(request.user.id)]}


def block(request: ApiRequest) -> dict:
    """Takes `{"username"}`. Returns `{"blocked": <person>}`."""
    return {"blocked": person(blocks.block(request.user, request.text_fields("username")["username"]))}


def unblock(request: ApiRequest) -> dict:
    """Takes `{"username"}`. Returns `{"unblocked": <person>}`."""
    return {"unblocked": person(blocks.unblock(request.user, request.text_fields("username")["username"]))}


def invite(request: ApiRequest, name: str) -> dict:
    """Takes `{"username"}`. Returns `{"invited": <person>, "member": bool}`: false until they accept."""
    membership.get_visible_room(request.user.id, name)  # check access before people
    invited = personal_invitations.invite(request.user, name, request.text_fields("username")["username"])
    return {"invited": person(invited.user), "member": invited.is_member}


def withdraw(request: ApiRequest, name: str) -> dict:
    """Takes `{"username"}`. Returns `{"withdrawn": <person>}`."""
    membership.get_visible_room(request.user.id, name)
    return {
        "withdrawn": person(
            personal_invitations.withdraw(request.user, name, request.text_fields("username")["username"])
        )
    }


def list_invited(request: ApiRequest, name: str) -> dict:
    """The people who were invited to a room and are not in it."""
    asked = personal_invitations.asked_into(membership.get_visible_room(request.user.id, name))
    rows = [(person(each.user), person(each.inviter), timestamp(each.created)) for each in asked]
    return {"invited": [{"person": who, "by": by, "created": created} for who, by, created in rows]}


def list_invitations(request: ApiRequest) -> dict:
    """The invitations that the caller can answer."""
    found = personal_invitations.pending_for(request.user.id)
    return {"invitations": [personal_invitations.serialize_invitation(each) for each in found]}


def accept(request: ApiRequest, invitation_id: int) -> dict:
    """`{"accepted": <id>, "room": <name>}`."""
    request.text_fields()
    return {"accepted": invitation_id, "room": personal_invitations.accept(request.user, invitation_id).name}


def decline(request: ApiRequest, invitation_id: int) -> dict:
    """`{"declined": <id>}`."""
    request.text_fields()
    personal_invitations.decline(request.user, invitation_id)
    return {"declined": invitation_id}
