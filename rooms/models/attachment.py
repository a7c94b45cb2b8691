"""Files in rooms: who sent them, where, and with which message."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from files.models import Blob

from .chat import Message, Room


def random_key() -> str:
    """What nobody guesses: 128 bits, for an address."""
    return secrets.token_urlsafe(16)


class Attachment(models.Model):
    """A file of a room. Until it is sent with a message, it is there for its uploader alone."""

    key = models.CharField(max_length=32, unique=True, default=random_key)  # what the wire calls its id
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="attachments")
    uploader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField(default=0)  # in the message
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    alt = models.CharField(max_length=1000, blank=True)  # what a picture shows, for who cannot see it
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            # Few rows at any time: those that wait to be sent, or never will be.
            models.Index(fields=["created"], condition=models.Q(message=None), name="attachment_unsent"),
        ]

    def __str__(self):
        return f"{self.name} in {self.room_id}"
