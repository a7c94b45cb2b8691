"""What a token allows. Each scope includes the ones before it; a session allows everything."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    READ = "read", _("Only read")
    WRITE = "write", _("Read and write messages")
    FULL = "full", _("Everything, also create and moderate rooms")

    def includes(self, needed: "Scope") -> bool:
        """Whether a token of this scope may do what needs that one."""
        return _ORDER.index(self) >= _ORDER.index(needed)


_ORDER = list(Scope)
