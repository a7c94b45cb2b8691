"""The server's own emoji: small pictures with names."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OwnEmoji(models.Model):
    """`:name:` in messages and reactions is shown as this picture, and as the name once this row is gone."""

    name = models.CharField(_("name"), max_length=30, unique=True)
    # Of the picture: browsers keep what is at an address, and a new picture has a new one.
    digest = models.CharField(max_length=32, db_index=True, editable=False)
    picture = models.BinaryField(editable=False)  # WebP, drawn anew by services/own_emoji.py
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    added = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("emoji")
        verbose_name_plural = _("the server's own emoji")
        ordering = ["name"]

    def __str__(self):
        return f":{self.name}:"

    @property
    def address(self) -> str:
        return f"/emoji/{self.digest}.webp"
