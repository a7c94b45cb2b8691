"""Who belongs to a room or is asked into it, and invitations that become older."""

from datetime import timedelta

from rooms.models import Membership, PersonalInvitation
from rooms.services.personal_invitations import pending_for


def belongs(user, room) -> bool:
    return Membership.objects.filter(room=room, user=user, banned=False).exists()


def titles(user) -> list[str]:
    return [invitation.room.title for invitation in pending_for(user.id)]


def age(days: float) -> None:
    """All invitations become older."""
    for each in PersonalInvitation.objects.all():
        PersonalInvitation.objects.filter(pk=each.pk).update(created=each.created - timedelta(days=days))
