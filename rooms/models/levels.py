"""What a person wants to hear of. Rows only."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Of a room, for one person. In direct messages ALL counts where nothing is chosen."""

    ALL = "all", _("Everything")
    MENTIONS = "mentions", _("Mentions and replies")
    NOTHING = "nothing", _("Nothing")


# Of memberships, by the clock of the database, so that such a query can be built once.
MUTED_NOW = Q(muted=True) & (Q(muted_until=None) | Q(muted_until__gt=Now()))


class NotificationSettings(models.Model):
    """Who has no row has the defaults."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    # Of rooms for which they have chosen nothing else.
    default_level = models.CharField(
        max_length=8, choices=Level.choices, default=Level.MENTIONS, db_default=Level.MENTIONS.value
    )
    reactions = models.BooleanField(default=False, db_default=False)  # whether those to their messages call for them
    # Words and phrases that call for them, as they wrote them.
    keywords = models.JSONField(default=list, db_default=[], blank=True)

    def __str__(self):
        return f"of {self.user_id}"
