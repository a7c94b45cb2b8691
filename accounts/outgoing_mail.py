"""Rows of mails on their way, and of addresses that the mail server does not take."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    FAILED = "failed", _("failed")


class Reason(models.TextChoices):
    """Why a mail was not taken."""

    SERVER = "server", _("the mail server does not answer, or takes nothing from us")
    LATER = "later", _("the mail server takes it later")
    ADDRESS = "address", _("there is no such address")
    MAIL = "mail", _("the mail server refuses it")
    TOO_OLD = "old", _("it waited for too long")


class OutgoingMail(models.Model):
    """A mail that a job sends. What it says stands here, because a link that opens an account can be made only where
    somebody asks for it; so the row goes when the mail has, and its content after a day in any case."""

    kind = models.CharField(_("kind"), max_length=40)  # the name of its template
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    address = models.EmailField(_("e-mail address"))
    content = models.JSONField(default=dict, editable=False)  # see sending.py; empty when it has failed
    # Somebody waits for it: it is tried although the address was refused before.
    asked_for = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=8, choices=MailState, default=MailState.WAITING)
    reason = models.CharField(_("reason"), max_length=8, choices=Reason, blank=True)  # of the last attempt
    code = models.CharField(_("code"), max_length=20, blank=True)  # of the server's answer: "550 5.1.1"
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        indexes = [
            models.Index(fields=["state", "created"], name="mail_in_order"),
            models.Index(
                fields=["id"], condition=Q(state=MailState.WAITING, reason=Reason.SERVER), name="mail_server_fails"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"


class RefusedAddress(models.Model):
    """An address that the mail server said does not exist. No mail goes there unless its owner asks for one."""

    email = models.EmailField(_("e-mail address"), unique=True)
    code = models.CharField(_("code"), max_length=20, blank=True)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("refused e-mail address")
        verbose_name_plural = _("refused e-mail addresses")

    def __str__(self):
        return self.email
