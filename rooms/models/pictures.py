"""Pictures of people and rooms: squares, drawn anew from what was sent (files/square_process.py).

In the database, where they are with a backup and on every host: a picture is about 15 KB, and each browser asks once.
User.picture and Room.picture name the one that is there.
"""

from django.conf import settings
from django.db import models

from .chat import Room


class Picture(models.Model):
    small = models.BinaryField(editable=False)  # WebP, for lists and messages
    large = models.BinaryField(editable=False)

    class Meta:
        abstract = True


class PersonPicture(Picture):
    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    def __str__(self):
        return f"picture of {self.user_id}"


class RoomPicture(Picture):
    room = models.OneToOneField(Room, on_delete=models.CASCADE, related_name="+")

    def __str__(self):
        return f"picture of {self.room_id}"
