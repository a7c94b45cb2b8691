"""The one place that changes what somebody is on this server. Django's flags follow the role."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .models import User
from .roles import GRANTED_BY, ServerRole

# Inside the transaction of a change, they are saved together.
FIELDS = ("server_role", "is_staff", "is_superuser")


def has_owner() -> bool:
    """Whether somebody who can sign in owns this server."""
    return User.objects.filter(is_superuser=True, is_active=True).exists()


def is_last_owner(user: User) -> bool:
    """Whether nobody else owns this server. Call it in a transaction: it locks the rows of all owners."""
    owners = User.objects.select_for_update().filter(is_superuser=True, is_active=True).order_by("pk")
    return {owner.pk for owner in owners} == {user.pk}


def change_role(person: User, role: ServerRole, actor: User | None) -> None:
    """Give them this role. What they hold only by their old one (the admin, links they made) ends with it.

    actor: who does it; None: the program, for somebody who has shown that they own the machine. Raises ValidationError
    as `check_change` does.
    """
    with transaction.atomic():
        check_change(person, role, actor)
        locked = User.objects.select_for_update().get(pk=person.pk)
        apply_role(locked, role)
        locked.save(update_fields=FIELDS)
    for name in FIELDS:
        setattr(person, name, getattr(locked, name))


def check_change(person: User, role: ServerRole, actor: User | None) -> None:
    """Raises ValidationError with one of the codes last_owner, not_allowed, bot. Call it in a transaction."""
    current = User.objects.get(pk=person.pk).role
    if role == current:
        return
    if person.is_bot:
        raise ValidationError(_("Bots have no role on the server."), code="bot")
    if actor is not None:
        grants = GRANTED_BY.get(actor.role, ())
        if role not in grants or current not in (*grants, ServerRole.GUEST):
            raise ValidationError(_("Only an owner can give or take this role."), code="not_allowed")
    if current == ServerRole.OWNER and is_last_owner(person):
        raise ValidationError(
            _("They are the only owner of this server. Make somebody else an owner first."), code="last_owner"
        )


def apply_role(user: User, role: ServerRole) -> None:
    """Set the role and the flags, without saving."""
    user.server_role = role
    user.is_staff, user.is_superuser = role.is_staff, role == ServerRole.OWNER
