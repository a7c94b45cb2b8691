"""What somebody is on this server, apart from what they are in a room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServerRole(models.TextChoices):
    """From the most to the least. GUEST is reserved: nobody can be made one before guests have rights of their own."""

    OWNER = "owner", _("Owner")
    ADMIN = "admin", _("Administrator")
    MODERATOR = "moderator", _("Moderator")
    MEMBER = "member", _("Member")
    GUEST = "guest", _("Guest")

    @property
    def is_staff(self) -> bool:
        """Whether they may use the admin, and manage invitations and settings."""
        return self in (ServerRole.OWNER, ServerRole.ADMIN)

    @classmethod
    def in_step(cls, stored: str, is_staff: bool, is_superuser: bool) -> "ServerRole":
        """The role of somebody with these flags of Django, which `createsuperuser` and the like set alone.

        The flags win: they are what every check has asked since before there were roles.
        """
        if is_superuser:
            return cls.OWNER
        if is_staff:
            return cls.ADMIN
        role = cls(stored)
        return cls.MEMBER if role.is_staff else role


# Whom somebody may make what: nobody may give or take a role that is not below their own, but owners.
GRANTED_BY = {
    ServerRole.OWNER: (ServerRole.OWNER, ServerRole.ADMIN, ServerRole.MODERATOR, ServerRole.MEMBER),
    ServerRole.ADMIN: (ServerRole.MODERATOR, ServerRole.MEMBER),
}
