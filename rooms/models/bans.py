"""Who may not come into a room, and why. Rows only; that somebody is banned is in their membership."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

# Of memberships, by the clock of the database, so that such a query can be built once. One whose ban has ended counts
# for nothing, as if it were not there; services/bans.py deletes it.
BANNED_NOW = Q(banned=True) & (Q(banned_until=None) | Q(banned_until__gt=Now()))
BAN_HAS_ENDED = Q(banned=True, banned_until__lte=Now())
MAX_BAN_REASON = 200


class Ban(models.Model):
    """Who banned somebody, and why. Bans that were made before there were reasons have no row."""

    place = models.OneToOneField("rooms.Membership", on_delete=models.CASCADE, primary_key=True, related_name="ban")
    # None: the account is gone
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=MAX_BAN_REASON, blank=True)
    created = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"of {self.place_id} by {self.by_id}"
