"""Settings that staff have changed while the server runs: one row for each setting that was ever changed."""

from django.db import models
from django.utils import timezone


class StoredSetting(models.Model):
    """A row is never deleted, so that two people who change a setting at once lock the same row."""

    name = models.CharField(max_length=60, unique=True)  # of the catalogue; a later version may know more
    value = models.JSONField(null=True)  # None: the default counts again; a secret is encrypted (secrets.py)
    version = models.PositiveIntegerField(default=0)  # how often it was changed
    changed = models.DateTimeField(default=timezone.now)
    changed_by = models.BigIntegerField(null=True)  # the id of an account, which may be gone

    def __str__(self):
        return self.name
