"""How somebody wants to be reached while they are away. Rows only."""

from django.conf import settings
from django.db import models


class DeliverySettings(models.Model):
    """Of one person; who has none has the defaults."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="delivery_settings"
    )
    # No push between these two, in the person's time zone; both or none. The second may be on the next day.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    # Whose direct messages come through all the same.
    exceptions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    push_content = models.BooleanField(default=True, db_default=True)  # False: devices show neither who nor what

    def __str__(self):
        return f"of {self.user}"


def delivery_settings_of(user_id: int) -> DeliverySettings:
    """A row that may not be saved yet."""
    return DeliverySettings.objects.filter(pk=user_id).first() or DeliverySettings(user_id=user_id)
