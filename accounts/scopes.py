"""What a token allows. Each scope includes the ones before it; a session allows everything."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """What each adds: READ hears and reads. WRITE writes, edits, reacts, marks as read. MANAGE makes rooms, invites
    people, moderates, changes what a room is and how it is shown to its owner. FULL changes the account and whom it
    blocks, sees where somebody has signed in, and does what staff may do."""

    READ = "read", _("Only read")
    WRITE = "write", _("Read and write messages")
    MANAGE = "manage", _("Read and write, create, moderate and set up rooms")
    FULL = "full", _("Everything, also the account and, for staff, the server")

    def includes(self, needed: "Scope") -> bool:
        """Whether a token of this scope may do what needs that one."""
        return _ORDER.index(self) >= _ORDER.index(needed)


_ORDER = list(Scope)
