"""The backups of this server. Archives leave their rows out, as these do not describe the server that is restored."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Backup(models.Model):
    started = models.DateTimeField(_("started"), default=timezone.now)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)
    lease_until = models.DateTimeField(editable=False)  # after this time its process counts as dead
    turn = models.PositiveSmallIntegerField(default=1, editable=False)  # always 1: see one_backup_at_a_time
    regular = models.BooleanField(_("by schedule"), default=False)
    file = models.CharField(_("file"), max_length=255, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    files = models.PositiveBigIntegerField(_("files"), default=0)
    missing = models.PositiveBigIntegerField(_("missing files"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        ordering = ["-started"]
        constraints = [
            models.UniqueConstraint(fields=["turn"], condition=Q(finished__isnull=True), name="one_backup_at_a_time"),
        ]
        indexes = [models.Index(fields=["finished"], name="backup_finished")]

    def __str__(self):
        return self.file or f"{self.started:%Y-%m-%d %H:%M}"
