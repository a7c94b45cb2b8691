"""Which sessions somebody began by an issuer, so that it can end them."""

from django.conf import settings
from django.db import models


class IssuerSession(models.Model):
    """Deleted with its session (security/access_revocation.py). issuer: its address. sid: its name for its own session,
    or ""."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    issuer = models.CharField(max_length=200, editable=False)
    sid = models.CharField(max_length=255, blank=True, editable=False)
    session_key = models.CharField(max_length=40, unique=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["issuer", "sid"], name="issuer_sessions_by_sid")]

    def __str__(self):
        return f"session of {self.user_id} by {self.issuer}"
