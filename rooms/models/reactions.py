"""What people answer a message with, without words. Rows only."""

from django.conf import settings
from django.db import models


class Reaction(models.Model):
    message = models.ForeignKey("rooms.Message", on_delete=models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    emoji = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "emoji", "user"], name="one_reaction_an_emoji")]
        ordering = ["id"]

    def __str__(self):
        return f"{self.emoji} by {self.user_id}"
