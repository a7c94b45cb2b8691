"""What bots used, day by day."""

from django.conf import settings
from django.db import models

from .bot import Bot


class Usage(models.Model):
    """How many tokens a bot used in one day (UTC), in a room, for a person. What they cost decides how they count."""

    day = models.DateField()
    bot = models.ForeignKey(Bot, on_delete=models.CASCADE, related_name="usage")
    # What was used stays used when the room or the account is deleted.
    room = models.ForeignKey("rooms.Room", null=True, on_delete=models.SET_NULL, related_name="+")
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    tokens = models.BigIntegerField(default=0)  # as quotas count them, see Bot.weight
    tokens_in = models.BigIntegerField(default=0, db_default=0)
    tokens_cached = models.BigIntegerField(default=0, db_default=0)  # of tokens_in
    tokens_out = models.BigIntegerField(default=0, db_default=0)
    cost = models.FloatField(null=True)  # None: no price was set

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "bot", "room", "asker"], name="one_usage_a_day")]

    def __str__(self):
        return f"{self.bot} on {self.day}: {self.tokens}"
