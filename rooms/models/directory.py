"""By what rooms and people are found: see text/name_keys.py. Rows only."""

from django.conf import settings
from django.db import models


class NameKey(models.Model):
    """One key of a name. Those with `position` 0 are of the whole name.

    made_of: there, what the keys were made of (see name_index). The column `key` is sorted by code points.
    """

    key = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    made_of = models.CharField(max_length=100, blank=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.key


class RoomKey(NameKey):
    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "position"], name="one_room_key_a_position")]
        indexes = [models.Index(fields=["key"], name="room_key")]


class FormerRoomKey(NameKey):
    """Of a title that a room had before. made_of: that title, with each key."""

    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["key"], name="former_room_key")]


class UserKey(NameKey):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "position"], name="one_user_key_a_position")]
        indexes = [models.Index(fields=["key"], name="user_key")]
