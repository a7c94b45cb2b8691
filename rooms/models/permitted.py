"""What a room may choose for what it decides itself, such as who may invite people."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permitted(models.TextChoices):
    MEMBERS = "members", _("All members")
    MODERATORS = "moderators", _("Moderators")
