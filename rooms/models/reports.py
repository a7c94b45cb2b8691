"""What people report to moderators, and what is kept of it as evidence. Rows only."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAX_REPORT_WORDS = 500


class ReportReason(models.TextChoices):
    SPAM = "spam", _("Spam or advertising")
    HARASSMENT = "harassment", _("Insults or harassment")
    HATE = "hate", _("Hate against a group of people")
    THREAT = "threat", _("Threats or violence")
    SEXUAL = "sexual", _("Sexual content")
    PRIVATE = "private", _("Private information about somebody")
    OTHER = "other", _("Something else")


class Decision(models.TextChoices):
    """What came of a report. Empty while it is open."""

    DISMISSED = "dismiss", _("No measure was taken")
    MESSAGE_DELETED = "delete", _("The message was deleted")
    PERSON_REMOVED = "remove", _("The person was removed from the room")
    PERSON_BANNED = "ban", _("The person was banned from the room")
    DONE_ELSEWHERE = "done", _("Moderators have dealt with it")


class Report(models.Model):
    """Of a message, or, without one, of a person. Rooms and messages may be gone; `evidence` is what was said."""

    # Of whoever reports nothing is shown once their account is erased.
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    room = models.ForeignKey("rooms.Room", null=True, on_delete=models.SET_NULL, related_name="+")
    message = models.ForeignKey("rooms.Message", null=True, on_delete=models.SET_NULL, related_name="+")
    # Whether only moderators of the server may see it: it is about a person, or from direct messages.
    of_server = models.BooleanField()
    of_person = models.BooleanField(default=False)  # not of a message, whose room may be gone meanwhile
    reason = models.CharField(max_length=10, choices=ReportReason.choices)
    words = models.CharField(max_length=MAX_REPORT_WORDS, blank=True)
    created = models.DateTimeField(default=timezone.now)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True, default="")
    decided = models.DateTimeField(null=True)  # None: it is open
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=MAX_REPORT_WORDS, blank=True, default="")  # of whoever decided, for moderators

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "message"],
                condition=Q(decided=None, message__isnull=False),
                name="one_open_report_a_message",
            ),
            models.UniqueConstraint(
                fields=["reporter", "person"],
                condition=Q(decided=None, of_person=True),
                name="one_open_report_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["room", "created"], condition=Q(decided=None), name="report_open"),
            models.Index(fields=["decided"], name="report_decided"),
        ]

    def __str__(self):
        return f"#{self.pk}"


class Evidence(models.Model):
    """A message as it was when it, or one beside it, was reported."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="evidence")
    number = models.BigIntegerField()  # of the message, which may be gone
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    files = models.JSONField(default=list)  # names
    created = models.DateTimeField()
    is_reported = models.BooleanField(default=False)  # False: it stood beside the one that was

    class Meta:
        ordering = ["number"]

    def __str__(self):
        return f"message {self.number} of report {self.report_id}"
