"""Blocking and inviting people over HTTP, as docs/protocol.md has it."""

from ..kernel.protocol import person, timestamp
from ..services import blocks, membership, personal_invitations
from .framework import Call


def list_blocks(call: Call) -> dict:
    return {"blocked": [person(user) for user in blocks.blocked_by(call.user.id)]}


def block(call: Call) -> dict:
    return {"blocked": person(blocks.block(call.user, call.texts("username")["username"]))}


def unblock(call: Call) -> dict:
    return {"unblocked": person(blocks.unblock(call.user, call.texts("username")["username"]))}


def invite(call: Call, name: str) -> dict:
    membership.get_visible_room(call.user.id, name)  # before any word about people
    invited = personal_invitations.invite(call.user, name, call.texts("username")["username"])
    return {"invited": person(invited.user), "member": invited.is_member}


def withdraw(call: Call, name: str) -> dict:
    membership.get_visible_room(call.user.id, name)
    return {"withdrawn": person(personal_invitations.withdraw(call.user, name, call.texts("username")["username"]))}


def list_invited(call: Call, name: str) -> dict:
    """Who was asked into a room and has not come."""
    asked = personal_invitations.asked_into(membership.get_visible_room(call.user.id, name))
    rows = [(person(each.user), person(each.inviter), timestamp(each.created)) for each in asked]
    return {"invited": [{"person": who, "by": by, "created": created} for who, by, created in rows]}


def list_invitations(call: Call) -> dict:
    """What waits for my answer."""
    found = personal_invitations.pending_for(call.user.id)
    return {"invitations": [personal_invitations.serialize_invitation(each) for each in found]}


def accept(call: Call, invitation_id: int) -> dict:
    call.texts()
    return {"accepted": invitation_id, "room": personal_invitations.accept(call.user, invitation_id).name}


def decline(call: Call, invitation_id: int) -> dict:
    call.texts()
    personal_invitations.decline(call.user, invitation_id)
    return {"declined": invitation_id}
