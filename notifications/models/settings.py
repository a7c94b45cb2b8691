"""When and how people want to be notified while they are away. Rows only."""

from django.conf import settings
from django.db import models


class DeliverySettings(models.Model):
    """The choices of one person. People without a row have the defaults."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="delivery_settings"
    )
    # No push between these two, in the person's time zone; both or none. The second may be on the next day.
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    # People whose direct messages are pushed at any time.
    exceptions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    push_content = models.BooleanField(default=True, db_default=True)  # False: pushes do not say who wrote what

    def __str__(self):
        return f"of {self.user}"


def delivery_settings_of(user_id: int) -> DeliverySettings:
    """Their row, or an unsaved one with the defaults."""
    return DeliverySettings.objects.filter(pk=user_id).first() or DeliverySettings(user_id=user_id)
