"""Accounts that are being erased. Rows only."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Erasure(models.Model):
    """An account that is being erased, until nothing is left to do. See erasure.py."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    name = models.CharField(max_length=150)  # what the person was called, for steps that look for it; goes with the row
    keep_messages = models.BooleanField(default=False)
    step = models.CharField(max_length=40, blank=True)  # the name of the one that is next; "": the first
    after = models.CharField(max_length=40, blank=True)  # how far it has come: the key of the last row that is done
    due = models.DateTimeField(default=timezone.now, db_index=True)  # nothing is done before
    created = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"of {self.user_id}"
