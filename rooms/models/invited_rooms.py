"""The rooms that an invitation to the server leads to."""

from django.db import models

from accounts.models import ServerInvitation

from .chat import Room


class InvitedRoom(models.Model):
    invitation = models.ForeignKey(ServerInvitation, on_delete=models.CASCADE, related_name="invited_rooms")
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invitation", "room"], name="invited_once")]

    def __str__(self):
        return f"{self.room} by {self.invitation}"
