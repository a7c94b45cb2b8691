"""What is in the store: one row for each content, however often it was sent."""

from django.db import models
from django.utils import timezone


class Blob(models.Model):
    """Bytes, by their digest. What refers to them says who may see them."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256, in hexadecimal
    size = models.PositiveBigIntegerField()
    type = models.CharField(max_length=100)  # as found in the bytes, never as somebody says
    width = models.PositiveIntegerField(null=True, blank=True)  # of a picture, in pixels, as it is shown
    height = models.PositiveIntegerField(null=True, blank=True)
    # {"animated", "sides", "blur"}: of a picture of which there are small ones; None: there are none.
    preview = models.JSONField(null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.digest[:12]} ({self.type})"
