"""Mails about what people missed. Rows only."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class MailSettings(models.Model):
    """What a person gets by mail. People without a row have the defaults. The first four are the values of MailKind."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="mail_settings"
    )
    direct = models.BooleanField(default=True, db_default=True)
    mentions = models.BooleanField(default=True, db_default=True)
    invitations = models.BooleanField(default=True, db_default=True)
    rooms = models.BooleanField(default=False, db_default=False)
    content = models.BooleanField(default=True, db_default=True)  # False: mails do not say who wrote what

    def __str__(self):
        return f"of {self.user}"


def mail_settings_of(user_id: int) -> MailSettings:
    """Their row, or an unsaved one with the defaults."""
    return MailSettings.objects.filter(pk=user_id).first() or MailSettings(user_id=user_id)


class DigestState(models.TextChoices):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Digest(models.Model):
    """One mail. It is written when it is sent, from those of its notifications that are still unread."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=DigestState, default=DigestState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created = models.DateTimeField(default=timezone.now)
    sending_since = models.DateTimeField(null=True, editable=False)  # of an attempt that has not ended
    ended = models.DateTimeField(null=True)  # sent, or given up

    class Meta:
        indexes = [
            models.Index(fields=["user", "state", "ended"], name="digest_of_person"),
            models.Index(fields=["created"], name="digest_in_order"),
        ]

    def __str__(self):
        return f"{self.state} for {self.user_id}"


class DigestItem(models.Model):
    """A notification that a mail is about. Each is in one mail at most, however often sending is tried."""

    # The database does not check it: an earlier version, which does not know this table, may delete a notification.
    notification = models.OneToOneField(
        "rooms.Notification", on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, related_name="items")

    def __str__(self):
        return f"{self.notification_id} in {self.digest_id}"
