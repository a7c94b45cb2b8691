"""What is known of a session besides what Django keeps: whose it is, in which browser, where and when it was used."""

from django.conf import settings
from django.db import models

MAX_AGENT = 200  # characters
MAX_NETWORK = 40


class SignedInSession(models.Model):
    """Written by security/session_use.py. A row without its session means nothing, and is deleted with it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    agent = models.CharField(max_length=MAX_AGENT, blank=True, editable=False)  # as the browser calls itself
    network = models.CharField(max_length=MAX_NETWORK, blank=True, editable=False)  # client_addresses.network_of
    created = models.DateTimeField(null=True, editable=False)  # None: it began before these rows were kept
    last_used = models.DateTimeField(editable=False)  # accurate to 5 minutes

    def __str__(self):
        return f"session {self.pk} of {self.user_id}"
