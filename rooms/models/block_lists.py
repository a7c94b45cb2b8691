"""Words and links that nobody may write, in one room or on the whole server."""

from django.db import models


class BlockList(models.Model):
    """What is blocked in a room, or everywhere. A row is not deleted before its room is."""

    room = models.OneToOneField("rooms.Room", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    server = models.BooleanField(null=True, unique=True)  # True: that of the whole server, without a room
    phrases = models.JSONField(default=list)  # as they were entered, in their order
    hosts = models.JSONField(default=list)  # in lower case and in ASCII, in their order
    version = models.PositiveIntegerField(default=0)  # how often it was changed; the room has the same number

    def __str__(self):
        return f"{self.room_id or 'server'}, version {self.version}"
