"""The model of erasures."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Erasure(models.Model):
    """An account that is being erased; deleted when it is done. See rooms/privacy/erasure.py."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    name = models.CharField(max_length=150)  # the former name, for steps that search for it
    keep_messages = models.BooleanField(default=False)
    step = models.CharField(max_length=40, blank=True)  # a key of erasure_steps.STEPS: the next step; "": the first
    after = models.CharField(max_length=40, blank=True)  # progress within the step, such as the last row handled
    due = models.DateTimeField(default=timezone.now, db_index=True)  # when the next batch may run
    created = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"of {self.user_id}"
