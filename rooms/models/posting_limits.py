"""Who may write where, and how often. Rows only; services/post_rights.py and services/slow_mode.py go by them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_TIMEOUT_REASON = 200  # characters


class Posting(models.TextChoices):
    EVERYONE = "everyone", _("everyone in the room")
    MODERATORS = "moderators", _("only moderators")


class PostingLimits(models.Model):
    """What a room's moderators decide about its messages."""

    posting = models.CharField(
        _("who may write"), max_length=10, choices=Posting.choices, default=Posting.EVERYONE, db_default="everyone"
    )
    # Seconds between two messages of one member; 0: off.
    slow_mode = models.PositiveIntegerField(_("slow mode"), default=0, db_default=0)

    class Meta:
        abstract = True


class TimeoutQuerySet(models.QuerySet["Timeout"]):
    def running(self) -> "TimeoutQuerySet":
        return self.filter(until__gt=timezone.now())

    def in_room(self, room_id: int) -> "TimeoutQuerySet":
        """Those that count there: of the room, and of the whole server."""
        return self.filter(Q(room=room_id) | Q(room=None))


class Timeout(models.Model):
    """Somebody may not write until a time: in one room or, without a room, anywhere on the server.

    It is no part of a membership, so leaving the room does not end it.
    """

    room = models.ForeignKey("rooms.Room", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()
    reason = models.CharField(max_length=MAX_TIMEOUT_REASON)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(default=timezone.now)

    objects = TimeoutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "room"], name="one_timeout_a_room"),
            models.UniqueConstraint(fields=["user"], condition=Q(room=None), name="one_timeout_on_the_server"),
        ]

    def __str__(self):
        return f"{self.user_id} in {self.room_id} until {self.until:%Y-%m-%d %H:%M}"

    @property
    def is_running(self) -> bool:
        return self.until > timezone.now()


class LastPost(models.Model):
    """When somebody last wrote in a room with slow mode. No part of a membership, as above."""

    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="one_last_post_a_person")]

    def __str__(self):
        return f"{self.user_id} in {self.room_id}"


class FormerReader(models.Model):
    """Somebody was read-only when they left the room or were removed from it; so they are when they come back."""

    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "user"], name="one_former_reader")]

    def __str__(self):
        return f"{self.user_id} in {self.room_id}"
