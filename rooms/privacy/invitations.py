"""Invitations, for the export: into rooms, by one person to another, and those to the server."""

from collections.abc import Iterator

from accounts.models import InvitationUse, ServerInvitation, User

from ..models import PersonalInvitation
from ..services.personal_invitations import pending_for
from .batches import in_batches, with_titles


def export_made(user: User) -> Iterator[dict]:
    for batch in in_batches(ServerInvitation.objects.filter(created_by=user)):
        for made in batch:
            yield {
                "role": made.role,
                "domain": made.domain,
                "note": made.note,
                "mailed_to": made.address,
                "created": made.created,
                "expires": made.expires,
                "revoked": made.revoked,
                "uses": made.uses,
                "max_uses": made.max_uses,
            }


def export_used(user: User) -> Iterator[dict]:
    for used in InvitationUse.objects.filter(user=user).select_related("invitation__created_by").order_by("pk"):
        yield {"from": used.invitation.created_by.username, "at": used.at, "new_account": used.new_account}


def export_sent(user: User) -> Iterator[dict]:
    """Without their outcome, which inviters may not learn."""
    for sent, title in with_titles(user, PersonalInvitation.objects.filter(inviter=user).select_related("user")):
        yield {"person": sent.user.username, "room": title, "created": sent.created}


def export_waiting(user: User) -> Iterator[dict]:
    for waiting in pending_for(user.pk):
        yield {"person": waiting.inviter.username, "room": waiting.room.title, "created": waiting.created}
