"""Devices that show notifications while no page is open, and the pushes sent to them. Rows only."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_ENDPOINT = 1000  # characters of an address
MAX_NAME = 60


class PushSubscription(models.Model):
    """A browser that somebody has allowed to show notifications. It ends with the session that registered it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=MAX_ENDPOINT, editable=False)  # a secret: who knows it can send to it
    digest = models.CharField(max_length=64, unique=True, editable=False)  # of the endpoint
    p256dh = models.CharField(max_length=120, editable=False)  # the browser's public key
    auth = models.CharField(max_length=40, editable=False)  # a secret that the browser shares with this server
    name = models.CharField(_("device"), max_length=MAX_NAME)
    language = models.CharField(max_length=10, blank=True)  # of its page, for people who have chosen none
    session = models.CharField(max_length=64, db_index=True, editable=False)  # authentication.session_digest
    ends = models.DateTimeField()  # when that session expires
    created = models.DateTimeField(_("created"), default=timezone.now)
    last_used = models.DateTimeField(_("last used"), null=True, blank=True)  # when something was last sent to it

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")

    def __str__(self):
        return f"{self.name} of {self.user}"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    TOLD = "told", _("taken")
    CLOSED = "closed", _("closed")  # it was read or withdrawn, and the device has been told
    DROPPED = "dropped", _("dropped")  # it was read or withdrawn before it was sent, or no attempt succeeded


class PushDelivery(models.Model):
    """One notification for one device. It is sent once for each `seq`: a reaction that comes again is new."""

    subscription = models.ForeignKey(PushSubscription, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("person"), related_name="+", db_index=False
    )
    room = models.ForeignKey("rooms.Room", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    notification = models.BigIntegerField()  # its id; no foreign key, because devices still show what was withdrawn
    seq = models.BigIntegerField()  # of the notification
    state = models.CharField(_("state"), max_length=7, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    created = models.DateTimeField(_("created"), default=timezone.now)
    due = models.DateTimeField(_("not before"), null=True, blank=True)  # when to send or close it; None: nothing to do
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    answer = models.CharField(_("answer"), max_length=60, blank=True)  # the last one, a code: push/answers.py

    class Meta:
        verbose_name = _("push message")
        verbose_name_plural = _("push messages")
        constraints = [
            models.UniqueConstraint(fields=["subscription", "notification", "seq"], name="one_push_a_device"),
        ]
        indexes = [
            models.Index(fields=["due"], condition=Q(due__isnull=False), name="push_due"),
            models.Index(fields=["user", "created"], name="push_of_person"),
            models.Index(fields=["user"], condition=Q(state=DeliveryState.TOLD), name="push_told"),
            models.Index(fields=["created"], name="push_by_age"),
        ]

    def __str__(self):
        return f"{self.notification} for device {self.subscription_id}: {self.state}"
